"""A client's lines to the servers: bare stubs, and what their errors mean."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from types import TracebackType
from typing import Any, Final, Self

import grpc

from fillwire.v1 import order_pb2, order_service_pb2_grpc
from tests.chaos.history import Type

__all__ = ["TIMEOUT", "Lines", "event_value", "outcome", "status_of", "told"]

TIMEOUT: Final = 3.0
"""Seconds a client waits for an answer."""

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
    """One channel to each server, used in turn, with the key `token`; an async context manager."""

    def __init__(self, targets: Sequence[str], token: str) -> None:
        self._channels = [grpc.aio.insecure_channel(target, options=_OPTIONS) for target in targets]
        self._stubs = [_Bearing(order_service_pb2_grpc.OrderServiceStub(channel), token) for channel in self._channels]
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


class _Bearing:
    """A stub whose calls carry a key."""

    def __init__(self, stub: Any, token: str) -> None:
        self._stub = stub
        self._metadata = (("authorization", f"Bearer {token}"),)

    def __getattr__(self, name: str) -> Any:
        return partial(getattr(self._stub, name), metadata=self._metadata)


def outcome(error: grpc.aio.AioRpcError) -> tuple[Type, dict[str, str]]:
    """What an error says about the request, as it is written down."""
    return told(error.code(), error.details() or "")


def told(code: grpc.StatusCode, message: str) -> tuple[Type, dict[str, str]]:
    """The same of a status, however it came."""
    kind = Type.FAIL if code in _NOTHING_WAS_DONE else Type.INFO
    return kind, {"code": code.name, "message": message[:200]}


def status_of(status: order_pb2.OrderStatus.ValueType) -> str:
    """A status as the store has it."""
    return order_pb2.OrderStatus.Name(status).removeprefix("ORDER_STATUS_")


def event_value(event: order_pb2.OrderEvent) -> dict[str, Any]:
    """An event as it is written down."""
    return {
        "order_id": event.order_id,
        "seq": event.seq,
        "status": status_of(event.status),
        "at_us": event.time.ToMicroseconds(),
        "attempt": event.attempt,
        "detail": _essence(event),
    }


def _essence(event: order_pb2.OrderEvent) -> str:
    """As `truth.essence` tells it of a stored event."""
    match event.WhichOneof("detail"):
        case "building":
            return f"built {event.building.floor_amount_out or event.building.ceiling_amount_in}"
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
        case "replaced":
            return f"replaced {event.replaced.request_id}"
        case "fired":
            return f"fired {order_pb2.OrderType.Name(event.fired.condition).removeprefix('ORDER_TYPE_')}"
        case "progress":
            return f"progress {event.progress.slices_begun} {event.progress.slices_filled}"
        case other:
            return other or ""
