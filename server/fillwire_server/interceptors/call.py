"""A call on its way through the layers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.message import Message

__all__ = ["Call", "Context", "Layer", "Method", "Step"]

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True, slots=True)
class Method:
    """A method as the contract has it; `service` is the full name (`fillwire.v1.OrderService`)."""

    service: str
    name: str
    request: type[Message]
    response: type[Message]
    streams_requests: bool
    streams_responses: bool

    @property
    def path(self) -> str:
        return f"{self.service}/{self.name}"

    @property
    def is_ours(self) -> bool:
        """Whether it belongs to the engine, not to its operators (health, reflection)."""
        return self.service.startswith("fillwire.")


@dataclass(slots=True)
class Call:
    """One call.

    `request` is bytes before it is decoded and a message after, or an asynchronous iterator of them;
    `response` is for methods that answer once, streams write to `context`; `code` is how it ends.
    """

    context: Context
    request: Any
    response: Message | None = None
    code: grpc.StatusCode = grpc.StatusCode.OK
    request_id: str = ""


Step = Callable[[Call], Awaitable[None]]
"""Takes the call the rest of the way."""

Layer = Callable[[Method, Step], Step]
"""Puts one concern around a step; may give the step back as it is where it does not concern the method."""
