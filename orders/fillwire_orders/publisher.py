"""The publisher: each event that was committed, to the channel of its order, with the event itself in the message."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final

import msgspec

from fillwire_orders import channels
from fillwire_orders.event import Event

__all__ = ["Publisher"]

_ENCODER: Final = msgspec.json.Encoder()


class Publisher:
    """Publishes committed events in the background, in the order they were handed in.

    Redis being away is nobody's error, because followers ask the journal; what could not be sent is forgotten.
    """

    def __init__(self, redis_url: str) -> None:
        self._client = channels.client(redis_url)
        self._events: list[Event] = []
        self._sending: asyncio.Task[None] | None = None

    def publish(self, event: Event) -> None:
        """Sends an event to its order's channel, soon; returns at once and never raises."""
        self._events.append(event)
        if self._sending is None:
            self._sending = asyncio.create_task(self._send())

    async def close(self) -> None:
        """Sends what is left, and closes the connection."""
        if self._sending is not None:
            await self._sending
        await self._client.aclose()

    async def _send(self) -> None:
        try:
            while self._events:
                events, self._events = self._events, []
                await self._send_once(events)
        finally:
            self._sending = None

    async def _send_once(self, events: Sequence[Event]) -> None:
        pipeline = self._client.pipeline(transaction=False)
        for event in events:
            pipeline.publish(channels.name(event.order_id), _ENCODER.encode(event))
        with contextlib.suppress(*channels.AWAY):
            await pipeline.execute()
