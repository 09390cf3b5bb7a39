"""Watchers: with bare stubs and a resume of their own, so that no cleverness of the SDK hides a fault; and with the SDK."""

from __future__ import annotations

import asyncio
import random
from typing import Final

import grpc
from google.protobuf.duration_pb2 import Duration

from fillwire import ApiError, AsyncClient, Building, Event, Receipt, Reconciling, Retrying, Submitted
from fillwire.event import Fired, Progress, Replaced, Resting
from fillwire.order import Failure
from fillwire.v1 import order_service_pb2 as service
from tests.chaos.history import About, Recorder, Type
from tests.chaos.lines import Lines, event_value, outcome

__all__ = ["HEARTBEAT", "PAUSES", "SILENCE_SECONDS", "watch", "watch_with_sdk"]

HEARTBEAT: Final = Duration(seconds=1)
SILENCE_SECONDS: Final = 5.0
"""After which a watcher gives a connection up that says nothing, not even a heartbeat."""
PAUSES: Final = (0.1, 0.7)
"""Seconds until it comes back, at random between the two."""
_LEAVES: Final = 0.3
"""How many connections a watcher gives up by itself, after a frame or two."""


async def watch(
    recorder: Recorder, lines: Lines, proc: str, order_id: str, dice: random.Random, *, after_seq: int = 0
) -> None:
    """Follows an order to its end over as many connections as it takes, each a session of its own."""
    ended = False
    while not ended:
        leave_after = dice.randint(1, 3) if dice.random() < _LEAVES else None
        ended, after_seq = await _session(recorder, lines, proc, order_id, after_seq, leave_after=leave_after)
        if not ended:
            await asyncio.sleep(dice.uniform(*PAUSES))


async def _session(
    recorder: Recorder, lines: Lines, proc: str, order_id: str, after_seq: int, *, leave_after: int | None
) -> tuple[bool, int]:
    """Whether that was the end, and the last seq seen."""
    op = recorder.invoke(proc, About.WATCH, order_id=order_id, after_seq=after_seq)
    request = service.WatchOrderRequest(order_id=order_id, after_seq=after_seq, heartbeat_interval=HEARTBEAT)
    call = lines.next().WatchOrder(request)
    kind, value, seen = Type.INFO, {"code": "UNENDED"}, after_seq
    try:
        while (frame := await asyncio.wait_for(call.read(), SILENCE_SECONDS)) is not grpc.aio.EOF:
            if frame.HasField("event"):
                recorder.note(proc, Type.INFO, About.EVENT, op, **event_value(frame.event))
                # As a client would that skips what it has: a gap is then told by the next session, too.
                seen = max(seen, frame.event.seq)
            if leave_after is not None and (leave_after := leave_after - 1) < 0:
                value = {"code": "LEFT"}
                return False, seen
        kind, value = Type.OK, {}
    except grpc.aio.AioRpcError as error:
        kind, value = outcome(error)
    except TimeoutError:
        value = {"code": "SILENT"}
    finally:
        call.cancel()
        recorder.note(proc, kind, About.WATCH, op, **value)
    return kind is not Type.INFO, seen


async def watch_with_sdk(recorder: Recorder, target: str, token: str, proc: str, order_id: str) -> None:
    """Follows an order with the SDK; all its connections together are one session."""
    op = recorder.invoke(proc, About.WATCH, order_id=order_id, after_seq=0)
    kind, value = Type.INFO, {"code": "UNENDED"}
    try:
        async with AsyncClient(target, token=token, max_retries=100) as client:
            async for event in client.watch(order_id, heartbeat_seconds=1):
                recorder.note(proc, Type.INFO, About.EVENT, op, **_value(event))
        kind, value = Type.OK, {}
    except ApiError as error:
        kind, value = Type.INFO, {"code": str(error.code), "message": str(error)[:200]}
    finally:
        recorder.note(proc, kind, About.WATCH, op, **value)


def _value(event: Event) -> dict[str, object]:
    return {
        "order_id": event.order_id,
        "seq": event.seq,
        "status": str(event.status),
        "at_us": round(event.time.timestamp() * 1e6),
        "attempt": event.attempt,
        "detail": _essence(event),
    }


def _essence(event: Event) -> str:  # noqa: C901 - one table
    match event.detail:
        case Building(floor_amount_out=floor, ceiling_amount_in=ceiling):
            bound = floor or ceiling
            return f"built {bound.raw if bound else ''}"
        case Submitted(signature=signature):
            return f"submitted {signature}"
        case Reconciling(signature=signature):
            return f"reconciling {signature}"
        case Retrying(retry=retry):
            return f"retrying {retry}"
        case Receipt() as receipt:
            return f"receipt {receipt.signature} {receipt.amount_in.raw} {receipt.amount_out.raw}"
        case Failure(reason=reason):
            return f"failure {reason}"
        case Resting():
            return "resting"
        case Replaced(request_id=request_id):
            return f"replaced {request_id}"
        case Fired(condition=condition):
            return f"fired {condition}"
        case Progress(slices_begun=begun, slices_filled=filled):
            return f"progress {begun} {filled}"
        case _:
            return ""
