"""Turns what gRPC raises into the SDK's errors: one table, read from the status and its google.rpc details."""

from collections.abc import Sequence
from typing import Final, cast

import grpc
from google.protobuf import any_pb2
from google.protobuf.message import DecodeError

# It brings stubs, and no py.typed that would say so.
from google.rpc import error_details_pb2  # type: ignore[import-untyped]
from grpc_status import rpc_status

from fillwire import errors
from fillwire.errors import ApiError, Violation

__all__ = ["BY_REASON", "BY_STATUS", "translate"]

BY_STATUS: Final[dict[grpc.StatusCode, type[ApiError]]] = {
    grpc.StatusCode.CANCELLED: errors.Cancelled,
    grpc.StatusCode.UNKNOWN: ApiError,
    grpc.StatusCode.INVALID_ARGUMENT: errors.InvalidRequest,
    grpc.StatusCode.DEADLINE_EXCEEDED: errors.DeadlineExceeded,
    grpc.StatusCode.NOT_FOUND: errors.NotFound,
    grpc.StatusCode.ALREADY_EXISTS: errors.AlreadyExists,
    grpc.StatusCode.PERMISSION_DENIED: errors.PermissionDenied,
    grpc.StatusCode.RESOURCE_EXHAUSTED: errors.RateLimited,
    grpc.StatusCode.FAILED_PRECONDITION: errors.FailedPrecondition,
    grpc.StatusCode.ABORTED: errors.Aborted,
    grpc.StatusCode.OUT_OF_RANGE: errors.OutOfRange,
    grpc.StatusCode.UNIMPLEMENTED: errors.Unimplemented,
    grpc.StatusCode.INTERNAL: errors.Internal,
    grpc.StatusCode.UNAVAILABLE: errors.Unavailable,
    grpc.StatusCode.DATA_LOSS: errors.Internal,
    grpc.StatusCode.UNAUTHENTICATED: errors.Unauthenticated,
}

BY_REASON: Final[dict[str, type[ApiError]]] = {
    "REQUEST_ID_REUSED": errors.RequestIdReused,
    "ORDER_NOT_RESTING": errors.OrderNotResting,
    "ORDER_CHANGED": errors.OrderChanged,
    "QUOTE_EXPIRED": errors.QuoteExpired,
    "OPEN_ORDERS": errors.QuotaExhausted,
    "STREAMS": errors.QuotaExhausted,
}
"""Reasons that deserve a class of their own, whatever their status."""


def translate(error: grpc.RpcError) -> ApiError:
    """The SDK's error for that of a call, synchronous or not."""
    call = cast("grpc.Call", error)
    info = error_details_pb2.ErrorInfo()
    bad = error_details_pb2.BadRequest()
    unmet = error_details_pb2.PreconditionFailure()
    quota = error_details_pb2.QuotaFailure()
    retry = error_details_pb2.RetryInfo()
    for detail in _details(call):
        for known in (info, bad, unmet, quota, retry):
            detail.Unpack(known)
    violations = [Violation(entry.field, entry.description) for entry in bad.field_violations]
    violations += [Violation(entry.subject, entry.description) for entry in (*unmet.violations, *quota.violations)]
    kind = BY_REASON.get(info.reason) or BY_STATUS.get(call.code(), ApiError)
    return kind(
        call.details() or call.code().name.lower(),
        reason=info.reason,
        metadata=info.metadata,
        request_id=_request_id(call) or info.metadata.get("request_id", ""),
        violations=tuple(violations),
        retry_after=retry.retry_delay.ToTimedelta().total_seconds() if retry.HasField("retry_delay") else None,
    )


def _details(call: grpc.Call) -> Sequence[any_pb2.Any]:
    """The details of the status; none where it has none or they cannot be read."""
    try:
        status = rpc_status.from_call(call)
    except (ValueError, DecodeError):
        return ()
    return status.details if status else ()


def _request_id(call: grpc.Call) -> str:
    """The engine's name for the call; an answer without messages carries its headers as trailers."""
    for metadata in (call.initial_metadata(), call.trailing_metadata()):
        for key, value in metadata or ():
            if key == "x-request-id":
                return str(value)
    return ""
