"""What a request over HTTP is answered that never becomes a call: in the form that REST's errors have."""

from typing import Final

import grpc
from google.rpc import status_pb2  # type: ignore[import-untyped]
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fillwire_bridge import metrics, statuses

__all__ = ["answer", "internal", "not_routed"]

_CODES: Final = {
    400: grpc.StatusCode.INVALID_ARGUMENT,
    404: grpc.StatusCode.NOT_FOUND,
    405: grpc.StatusCode.UNIMPLEMENTED,
}


def answer(code: int, status: status_pb2.Status) -> Response:
    """`{"error": {"code": 403, "status": "PERMISSION_DENIED", "message": ..., "details": [...]}}`."""
    told = statuses.as_json(status)
    named = {"code": code, "status": told["code"]} | {key: value for key, value in told.items() if key != "code"}
    return JSONResponse({"error": named}, code)


def not_routed(request: Request, error: Exception) -> Response:
    """Nothing is at this path, or not for this verb."""
    if not isinstance(error, HTTPException):
        raise error
    metrics.REFUSED.labels("NOT_ROUTED").inc()
    code = _CODES.get(error.status_code, grpc.StatusCode.UNKNOWN)
    message = f"{error.detail}: {request.method} {request.url.path}"
    told = answer(error.status_code, statuses.refused(code, "NOT_ROUTED", message))
    told.headers.update(error.headers or {})
    return told


def internal(request_id: str) -> Response:
    """The fault is ours: where to find it in the log, and nothing else."""
    message = f"internal error; request id {request_id}"
    return answer(500, statuses.refused(grpc.StatusCode.INTERNAL, "INTERNAL", message, request_id=request_id))
