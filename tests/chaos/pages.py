"""Watchers in pages: through the bridge, over the WebSocket or gRPC-Web, with a resume of their own."""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Final

import grpc

from fillwire.v1 import order_service_pb2 as service
from tests.chaos.history import About, Recorder, Type
from tests.chaos.lines import event_value, told
from tests.chaos.watchers import HEARTBEAT, PAUSES, SILENCE_SECONDS
from tests.e2e.browser_transports import TRANSPORTS, Ended, Lost, Transport

__all__ = ["Page"]

_METHOD: Final = "OrderService/WatchOrder"


@dataclass(frozen=True, slots=True)
class Page:
    """Somebody's page; `token` is the account's key."""

    recorder: Recorder
    bridge_url: str
    token: str

    async def watch(self, proc: str, order_id: str, dice: random.Random) -> None:
        """Follows an order to its end over as many connections as it takes, each a session of its own."""
        is_over, after_seq = False, 0
        while not is_over:
            way = dice.choice(sorted(TRANSPORTS))
            with suppress(Lost, TimeoutError):
                async with AsyncExitStack() as stack:
                    async with asyncio.timeout(SILENCE_SECONDS):
                        transport = await stack.enter_async_context(TRANSPORTS[way](self.bridge_url, self.token))
                    is_over, after_seq = await self._session(transport, f"{proc}-{way}", order_id, after_seq)
            if not is_over:
                await asyncio.sleep(dice.uniform(*PAUSES))

    async def _session(self, transport: Transport, proc: str, order_id: str, after_seq: int) -> tuple[bool, int]:
        """Whether that was the end, and the last seq seen."""
        op = self.recorder.invoke(proc, About.WATCH, order_id=order_id, after_seq=after_seq)
        request = service.WatchOrderRequest(order_id=order_id, after_seq=after_seq, heartbeat_interval=HEARTBEAT)
        frames = transport.messages(_METHOD, request, service.WatchOrderResponse)
        kind, value, seen = Type.INFO, {"code": "UNENDED"}, after_seq
        try:
            while (frame := await asyncio.wait_for(anext(frames, None), SILENCE_SECONDS)) is not None:
                if frame.HasField("event"):
                    self.recorder.note(proc, Type.INFO, About.EVENT, op, **event_value(frame.event))
                    seen = max(seen, frame.event.seq)
            kind, value = Type.OK, {}
        except Ended as error:
            kind, value = told(grpc.StatusCode[error.status["code"]], str(error.status.get("message", "")))
            if kind is Type.FAIL:  # whose order it is may always watch it
                raise
        except Lost:
            value = {"code": "LOST"}
        except TimeoutError:
            value = {"code": "SILENT"}
        finally:
            self.recorder.note(proc, kind, About.WATCH, op, **value)
        return kind is Type.OK, seen
