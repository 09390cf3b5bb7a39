"""The feed: events as they are committed, over Redis pub/sub, to whoever watches.

A message carries the event itself, so a watcher that is in step never reads the database. Nothing rests on a message:
one that is lost is noticed by its successor's seq, by a reconnect, or within a second by asking the journal.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Final, Self

from fillwire_orders import channels
from fillwire_orders.errors import StoreUnavailable
from fillwire_orders.follower import Follower
from fillwire_orders.listening import Listening
from fillwire_orders.order import OrderId
from fillwire_orders.reading import Reader
from fillwire_orders.tasks import ended

__all__ = ["Feed"]

_CHECK_SECONDS: Final = 1.0
"""How often all followers of a process together ask the journal whether they missed something."""

_OPENING: Final = 16
"""How many watches read their order at a time. When thousands come at once, who submits waits for these, not for all."""


class Feed:
    """Follows orders for a whole process, over one connection; used as an async context manager.

    `listening` is that connection, for other feeds to share; `opening` is held by who reads an order to follow it.
    """

    def __init__(self, redis_url: str, reader: Reader) -> None:
        self.listening = Listening(redis_url)
        self.opening = asyncio.Semaphore(_OPENING)
        self._reader = reader
        self._followers: dict[OrderId, set[Follower]] = {}

    async def __aenter__(self) -> Self:
        await self.listening.__aenter__()
        self._checking = asyncio.create_task(self._check())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await ended(self._checking)
        await self.listening.__aexit__(kind, error, trace)

    @property
    def followed(self) -> int:
        """How many orders are followed."""
        return len(self._followers)

    @contextlib.asynccontextmanager
    async def follow(self, order_id: OrderId) -> AsyncIterator[Follower]:
        """Hears what is published of one order, from before the block begins.

        With Redis away the block begins all the same, and the journal is asked once a second.
        """
        follower = Follower(order_id)
        self._followers.setdefault(order_id, set()).add(follower)
        try:
            async with self.listening.to(channels.name(order_id), follower):
                yield follower
        finally:
            followers = self._followers[order_id]
            followers.discard(follower)
            if not followers:
                del self._followers[order_id]

    async def _check(self) -> None:
        """Asks once a second, in one query for all, whether there is more than the followers have sent."""
        while True:
            await asyncio.sleep(_CHECK_SECONDS)
            if not self._followers:
                continue
            seen = {
                order_id: min(follower.sent_seq for follower in followers)
                for order_id, followers in self._followers.items()
            }
            try:
                ahead = await self._reader.ahead(seen)
            except StoreUnavailable:
                continue
            for order_id, last_seq in ahead.items():
                for follower in self._followers.get(order_id, ()):
                    if follower.sent_seq < last_seq:
                        follower.doubt()
