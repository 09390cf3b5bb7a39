"""How a request that fails is answered: with the status of HTTP and the headers that stand for what gRPC says."""

import math
from collections.abc import Mapping
from typing import Any, Final

import grpc
from google.rpc import code_pb2, status_pb2  # type: ignore[import-untyped]
from starlette.responses import Response

from fillwire_bridge import errors, statuses
from fillwire_bridge.rest.answers import NO_STORE, limits

__all__ = ["BY_REASON", "HTTP", "TOLD", "Refused", "Told", "answer", "not_found", "response", "status_of"]

HTTP: Final[Mapping[str, int]] = {
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "UNAUTHENTICATED": 401,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DATA_LOSS": 500,
}
"""The HTTP status of each code, as google/rpc/code.proto says it."""

BY_REASON: Final[Mapping[str, int]] = {
    "METHOD_NOT_ALLOWED": 405,
    "NOT_ACCEPTABLE": 406,
    "BODY_TOO_SLOW": 408,
    # What If-Match and if_last_seq are for, HTTP has a word of its own.
    "ORDER_CHANGED": 412,
    "BODY_TOO_LARGE": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
}
"""Where HTTP says it closer than the code does; by the reason of ErrorInfo."""


class Refused(statuses.Refusal):
    """A request that HTTP has a word for."""

    def __init__(self, code: grpc.StatusCode, reason: str, message: str, **headers: str) -> None:
        """`headers` go with the answer."""
        super().__init__(statuses.refused(code, reason, message))
        self.headers = headers


Told = grpc.aio.AioRpcError | statuses.Refusal
TOLD: Final = (grpc.aio.AioRpcError, statuses.Refusal)
"""What the client is told; everything else is a bug."""


def status_of(error: Told) -> status_pb2.Status:
    """What it says."""
    return statuses.of(error) if isinstance(error, grpc.aio.AioRpcError) else error.status


def answer(error: Told) -> Response:
    """The answer that ends a request with it."""
    told = response(status_of(error))
    if isinstance(error, grpc.aio.AioRpcError):
        told.headers.update(limits(error.trailing_metadata()))
    if isinstance(error, Refused):
        told.headers.update(error.headers)
    return told


def not_found(path: str) -> Refused:
    """There is no such path."""
    return Refused(grpc.StatusCode.NOT_FOUND, "NOT_ROUTED", f"there is nothing at {path[:64]}")


def response(status: status_pb2.Status) -> Response:
    """The status as `{"error": {"code": 404, "status": "NOT_FOUND", "message": ..., "details": [...]}}`."""
    said = statuses.as_json(status)
    told = errors.answer(_http(said), status)
    told.headers.update(NO_STORE)
    if status.code == code_pb2.UNAUTHENTICATED:
        told.headers["www-authenticate"] = 'Bearer realm="fillwire"'
    if seconds := _retry_seconds(said):
        told.headers["retry-after"] = str(seconds)
    return told


def _http(said: Mapping[str, Any]) -> int:
    reason = _detail(said, "ErrorInfo").get("reason", "")
    return BY_REASON.get(reason) or HTTP.get(said["code"], 500)


def _retry_seconds(said: Mapping[str, Any]) -> int:
    """Whole seconds, as the header has them; 0: not said."""
    delay: str = _detail(said, "RetryInfo").get("retryDelay", "0s")
    return math.ceil(float(delay.removesuffix("s")))


def _detail(said: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    details: list[Mapping[str, Any]] = said.get("details", [])
    return next((one for one in details if one["@type"].endswith(f"/google.rpc.{kind}")), {})
