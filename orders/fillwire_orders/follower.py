"""The follower: one watcher's place in the stream of its order."""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final

import msgspec

from fillwire_orders.event import Event
from fillwire_orders.order import OrderId

__all__ = ["Follower"]

_BUFFER: Final = 64
"""Events a follower holds; one that falls behind further reads the journal instead."""

_DECODER: Final = msgspec.json.Decoder(Event)


class Follower:
    """What one watcher has been told and not yet taken; `stale` says that there may be more in the journal."""

    def __init__(self, order_id: OrderId) -> None:
        self.order_id = order_id
        self.sent_seq = 0
        self.stale = False
        self._events: deque[Event] = deque()
        self._news = asyncio.Event()

    def hear(self, message: bytes) -> None:
        """Takes a message of its order's channel."""
        self.offer(_DECODER.decode(message))

    def offer(self, event: Event) -> None:
        """Takes an event from the channel; a full buffer is emptied, for the journal has it all."""
        if len(self._events) >= _BUFFER:
            self._events.clear()
            self.stale = True
        else:
            self._events.append(event)
        self._news.set()

    def doubt(self) -> None:
        """Says that messages may have been missed."""
        self.stale = True
        self._news.set()

    def take(self) -> Sequence[Event]:
        """All that was told since the last call."""
        events = list(self._events)
        self._events.clear()
        self._news.clear()
        return events

    async def wait(self, seconds: float) -> bool:
        """Waits for news; False when there was none for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        return True
