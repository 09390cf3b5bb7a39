"""What a call that failed says: `google.rpc.Status`, made from what gRPC raised or by the bridge itself, and as JSON.

Refusal
├── callers.Unauthenticated   give an API key
├── bodies.Unreadable         send a smaller body, sooner
├── ending.Draining           go to another bridge, and resume there
├── Malformed                 correct the fields that it names
├── NotServed                 ask for a method that there is
└── rest.refusals.Refused     correct it as HTTP's own status says
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import grpc
from google.protobuf import any_pb2, duration_pb2, json_format
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2  # type: ignore[import-untyped]
from grpc_status import rpc_status

__all__ = [
    "DOMAIN",
    "Malformed",
    "NotServed",
    "Refusal",
    "Violation",
    "as_json",
    "bad_fields",
    "draining",
    "of",
    "reason",
    "refused",
    "too_many",
]

DOMAIN: Final = "fillwire.dev"
"""Of every ErrorInfo."""

_RESUME_AFTER: Final = duration_pb2.Duration(seconds=1)


class Refusal(Exception):
    """The root of the tree: what the bridge does not even ask the engine."""

    def __init__(self, status: status_pb2.Status) -> None:
        super().__init__(status.message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Violation:
    """A field as the engine names it ("spec.amount_in"), "" for the whole request, and the rule that it breaks."""

    field: str
    rule: str


class Malformed(Refusal):
    """A request breaks rules."""

    def __init__(self, field: str, rule: str, *others: Violation) -> None:
        """A violation, and the others of the same request."""
        self.violations = tuple(map(_sendable, (Violation(field, rule), *others)))
        super().__init__(bad_fields(self.violations))


class NotServed(Refusal):
    """The contract has no such method."""

    def __init__(self, name: str) -> None:
        what = name[:100].encode(errors="replace").decode()
        super().__init__(refused(grpc.StatusCode.UNIMPLEMENTED, "NOT_SERVED", f"no such method: {what}", what=what))


def of(error: grpc.aio.AioRpcError) -> status_pb2.Status:
    """What the engine said, its details whole; or what gRPC says in its place."""
    call: Any = error  # its stubs know the synchronous kind only
    try:
        told = rpc_status.from_call(call)
    except ValueError:  # the details disagree with the code: a proxy between
        told = None
    return told or status_pb2.Status(code=error.code().value[0], message=error.details() or "")


def reason(status: status_pb2.Status) -> str:
    """That of its ErrorInfo; empty where it has none."""
    info = error_details_pb2.ErrorInfo()
    return next((str(info.reason) for detail in status.details if detail.Unpack(info)), "")


def refused(code: grpc.StatusCode, reason: str, message: str, **metadata: str) -> status_pb2.Status:
    """What the bridge itself refuses; `reason` is ErrorInfo's, UPPER_SNAKE."""
    return _with(code, message, error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN, metadata=metadata))


def bad_fields(violations: Sequence[Violation]) -> status_pb2.Status:
    """INVALID_ARGUMENT that names every field and the rule it breaks, and the first three in its text too."""
    info = error_details_pb2.ErrorInfo(reason="INVALID_REQUEST", domain=DOMAIN)
    bad = error_details_pb2.BadRequest()
    for one in violations:
        bad.field_violations.add(field=one.field, description=one.rule)
    said = [f"{one.field}: {one.rule}" if one.field else one.rule for one in violations]
    more = [f"and {len(said) - 3} more"] if len(said) > 3 else []
    return _with(grpc.StatusCode.INVALID_ARGUMENT, "; ".join([*said[:3], *more]), info, bad)


def too_many(reason: str, message: str, *, retry_seconds: float) -> status_pb2.Status:
    """RESOURCE_EXHAUSTED, for as long as `retry_seconds`."""
    delay = duration_pb2.Duration()
    delay.FromMilliseconds(int(retry_seconds * 1e3) + 1)
    info = error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN)
    return _with(grpc.StatusCode.RESOURCE_EXHAUSTED, message, info, error_details_pb2.RetryInfo(retry_delay=delay))


def draining() -> status_pb2.Status:
    """The bridge is about to end: UNAVAILABLE, as the engine says it of itself."""
    info = error_details_pb2.ErrorInfo(reason="SERVER_DRAINING", domain=DOMAIN)
    again = error_details_pb2.RetryInfo(retry_delay=_RESUME_AFTER)
    return _with(grpc.StatusCode.UNAVAILABLE, "this bridge is stopping; resume on another one", info, again)


def as_json(status: status_pb2.Status) -> Mapping[str, Any]:
    """`{"code": "NOT_FOUND", "message": ..., "details": [{"@type": ...}]}`; a code alone where there is no more."""
    told = {"code": code_pb2.Code.Name(status.code), "message": status.message, "details": _details(status)}
    return {name: value for name, value in told.items() if value}


def _sendable(violation: Violation) -> Violation:
    # Of a field that the contract does not know, the name is anybody's: a megabyte, or no Unicode.
    return Violation(violation.field[:200].encode(errors="replace").decode(), violation.rule)


def _details(status: status_pb2.Status) -> list[Any]:
    return [_detail(detail) for detail in status.details]


def _detail(detail: any_pb2.Any) -> Any:
    try:
        return json_format.MessageToDict(detail)
    except TypeError:  # of a kind that nobody here knows
        return {"@type": detail.type_url}


def _with(code: grpc.StatusCode, message: str, *details: Message) -> status_pb2.Status:
    status = status_pb2.Status(code=code.value[0], message=message)
    for detail in details:
        status.details.add().Pack(detail)
    return status
