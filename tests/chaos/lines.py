"""A client's lines to the servers: bare stubs, and what their errors mean."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, Self

import grpc

from fillwire.v1 import order_pb2, order_service_pb2_grpc
from tests.chaos.history import Type

__all__ = ["Lines", "event_value", "outcome"]

_OPTIONS: Final = (
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    # Its 1 s to 120 s would measure gRPC's patience, not the engine's recovery.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1_000),
    # Otherwise all clients of a process share a connection, and its fate.
    ("grpc.use_local_subchannel_pool", 1),
)

_NOTHING_WAS_DONE: Final = {
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.OUT_OF_RANGE,
    grpc.StatusCode.UNIMPLEMENTED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
}


class Lines:
    """One channel to each server, used in turn; an async context manager."""

    def __init__(self, targets: Sequence[str]) -> None:
        self._channels = [grpc.aio.insecure_channel(target, options=_OPTIONS) for target in targets]
        self._stubs: list[Any] = [order_service_pb2_grpc.OrderServiceStub(channel) for channel in self._channels]
        self._turn = 0

    def next(self) -> Any:
        """The stub whose turn it is."""
        self._turn += 1
        return self._stubs[self._turn % len(self._stubs)]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for channel in self._channels:
            await channel.close()


def outcome(error: grpc.aio.AioRpcError) -> tuple[Type, dict[str, str]]:
    """What an error says about the request, as it is written down."""
    code = error.code()
    kind = Type.FAIL if code in _NOTHING_WAS_DONE else Type.INFO
    return kind, {"code": code.name, "message": (error.details() or "")[:200]}


def event_value(event: order_pb2.OrderEvent) -> dict[str, Any]:
    """An event as it is written down."""
    return {
        "order_id": event.order_id,
        "seq": event.seq,
        "status": order_pb2.OrderStatus.Name(event.status).removeprefix("ORDER_STATUS_"),
        "at_us": event.time.ToMicroseconds(),
        "attempt": event.attempt,
        "detail": _essence(event),
    }


def _essence(event: order_pb2.OrderEvent) -> str:
    """As `truth.essence` tells it of a stored event."""
    match event.WhichOneof("detail"):
        case "building":
            return f"built {event.building.floor_amount_out}"
        case "submitted":
            return f"submitted {event.submitted.signature}"
        case "reconciling":
            return f"reconciling {event.reconciling.signature}"
        case "retrying":
            return f"retrying {event.retrying.retry}"
        case "receipt":
            return f"receipt {event.receipt.signature} {event.receipt.amount_in} {event.receipt.amount_out}"
        case "failure":
            reason = order_pb2.FailureReason.Name(event.failure.reason)
            return f"failure {reason.removeprefix('FAILURE_REASON_')}"
        case other:
            return other or ""
