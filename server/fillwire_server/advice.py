"""The standard error details (google.rpc), and the status that carries them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message

# google.rpc comes without types; nothing of it leaves this module but as `Message`.
from google.rpc import error_details_pb2 as details  # type: ignore[import-untyped]
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]
from grpc_status import rpc_status

from fillwire_server.refusals import Violation

__all__ = ["DOMAIN", "bad_request", "precondition_failure", "quota_failure", "request_info", "retry_info", "status"]

DOMAIN: Final = "fillwire.dev"
"""Who defines the reasons."""


def status(
    code: grpc.StatusCode, message: str, *, reason: str, metadata: Mapping[str, str], more: Iterable[Message] = ()
) -> grpc.Status:
    """A status with its ErrorInfo, which every error carries, and whatever else advises the client."""
    info = details.ErrorInfo(reason=reason, domain=DOMAIN, metadata=metadata)
    packed = []
    for one in (info, *more):
        packed.append(Any())
        packed[-1].Pack(one)
    return rpc_status.to_status(Status(code=code.value[0], message=message, details=packed))


def bad_request(violations: Sequence[Violation]) -> Message:
    """Which fields are wrong."""
    fields = [details.BadRequest.FieldViolation(field=one.field, description=one.rule) for one in violations]
    return _message(details.BadRequest(field_violations=fields))


def retry_info(seconds: float) -> Message:
    """When to ask again."""
    whole, nanos = divmod(round(seconds * 1e9), 10**9)
    return _message(details.RetryInfo(retry_delay=Duration(seconds=whole, nanos=nanos)))


def precondition_failure(kind: str, subject: str, description: str) -> Message:
    """What must change before the same request can succeed."""
    violation = details.PreconditionFailure.Violation(type=kind, subject=subject, description=description)
    return _message(details.PreconditionFailure(violations=[violation]))


def quota_failure(subject: str, description: str) -> Message:
    """Which limit was reached."""
    violation = details.QuotaFailure.Violation(subject=subject, description=description)
    return _message(details.QuotaFailure(violations=[violation]))


def request_info(request_id: str) -> Message:
    """What to name when asking the operator."""
    return _message(details.RequestInfo(request_id=request_id))


def _message(untyped: Message) -> Message:
    return untyped
