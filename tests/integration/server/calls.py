"""What a client makes of a call that fails."""

from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2  # type: ignore[import-untyped]
from grpc_status import rpc_status


@dataclass(frozen=True, slots=True)
class Told:
    """What the client is told: the code, the ErrorInfo, and the other details by name."""

    code: grpc.StatusCode
    text: str
    reason: str
    domain: str
    metadata: dict[str, str]
    details: dict[str, Any]

    @property
    def fields(self) -> list[str]:
        """The bad fields, sorted."""
        return sorted(one.field for one in self.details["BadRequest"].field_violations)


async def refused(call: Any) -> Told:
    """How a call of any shape fails; a call that does not fail fails the test."""
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await _end(call)
    return told(raised.value)


async def _end(call: Any) -> None:
    if not hasattr(call, "__aiter__"):
        await call
        return
    async for _ in call:
        pass


def told(error: grpc.aio.AioRpcError) -> Told:
    """What an error says."""
    status = rpc_status.from_call(error)  # type: ignore[arg-type]
    assert status is not None, error
    details = {}
    for one in status.details:
        name = one.TypeName().removeprefix("google.rpc.")
        details[name] = getattr(error_details_pb2, name)()
        one.Unpack(details[name])
    info = details.pop("ErrorInfo")
    return Told(error.code(), status.message, info.reason, info.domain, dict(info.metadata), details)
