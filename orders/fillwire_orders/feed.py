"""The feed: events as they are committed, over Redis pub/sub, to whoever watches.

A message carries the event itself, so a watcher that is in step never reads the database. Nothing rests on a message:
one that is lost is noticed by its successor's seq, by a reconnect, or within a second by asking the journal.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import Final, Self

import msgspec
import structlog

from fillwire_orders import channels
from fillwire_orders.batch import Batch
from fillwire_orders.errors import StoreUnavailable
from fillwire_orders.event import Event
from fillwire_orders.follower import Follower
from fillwire_orders.order import OrderId
from fillwire_orders.reading import Reader

__all__ = ["Feed"]

_CHECK_SECONDS: Final = 1.0
"""How often all followers of a process together ask the journal whether they missed something."""

_HEAR_SECONDS: Final = 0.5
"""How long a watch waits to be subscribed before it begins without."""

_RECONNECT_SECONDS: Final = 0.25

_DECODER: Final = msgspec.json.Decoder(Event)

log = structlog.get_logger()


class _Channel:
    """An order's followers, and whether Redis has said that we hear its messages."""

    def __init__(self) -> None:
        self.followers: set[Follower] = set()
        self.heard = asyncio.Event()

    def doubt(self) -> None:
        for follower in self.followers:
            follower.doubt()


class Feed:
    """Follows orders for a whole process, over one connection; used as an async context manager."""

    def __init__(self, redis_url: str, reader: Reader) -> None:
        self._client = channels.client(redis_url)
        self._reader = reader
        self._channels: dict[OrderId, _Channel] = {}
        self._pubsub = channels.Subscription(self._client)
        self._subscribed = asyncio.Event()
        self._subscriptions: Batch[OrderId, None] = Batch(self._adjust, lanes=1, shared=channels.AWAY)
        self._tasks: list[asyncio.Task[None]] = []
        self._leaving: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._check())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tasks = [*self._tasks, *self._leaving]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(*channels.AWAY):
            await self._pubsub.aclose()
        await self._client.aclose()

    @property
    def followed(self) -> int:
        """How many orders are followed."""
        return len(self._channels)

    @contextlib.asynccontextmanager
    async def follow(self, order_id: OrderId) -> AsyncIterator[Follower]:
        """Hears what is published of one order, from before the block begins.

        With Redis away the block begins all the same, and the journal is asked once a second.
        The channel is given back when its last follower leaves.
        """
        follower = Follower(order_id)
        channel = self._channels.get(order_id)
        if channel is None:
            channel = self._channels[order_id] = _Channel()
        channel.followers.add(follower)
        try:
            await self._hear(order_id, channel)
            yield follower
        finally:
            channel.followers.discard(follower)
            if not channel.followers and self._channels.get(order_id) is channel:
                del self._channels[order_id]
                leaving = asyncio.create_task(self._leave(order_id))  # nobody waits for it
                self._leaving.add(leaving)
                leaving.add_done_callback(self._leaving.discard)

    async def _leave(self, order_id: OrderId) -> None:
        with contextlib.suppress(*channels.AWAY):
            await self._subscriptions(order_id)

    async def _hear(self, order_id: OrderId, channel: _Channel) -> None:
        if channel.heard.is_set():
            return
        with contextlib.suppress(*channels.AWAY, TimeoutError):
            async with asyncio.timeout(_HEAR_SECONDS):
                await self._subscriptions(order_id)
                await channel.heard.wait()

    async def _adjust(self, order_ids: Sequence[OrderId]) -> Sequence[None]:
        """Subscribes to those of these orders that are followed now, and gives back the others."""
        followed = {order_id for order_id in order_ids if order_id in self._channels}
        if left := set(order_ids) - followed:
            await self._pubsub.unsubscribe(*(channels.name(order_id) for order_id in left))
        if followed:
            await self._pubsub.subscribe(*(channels.name(order_id) for order_id in followed))
            self._subscribed.set()
        return [None] * len(order_ids)

    async def _listen(self) -> None:
        while True:
            try:
                await self._subscribed.wait()
                await self._read()
                continue
            except channels.AWAY as error:
                log.warning("feed_interrupted", error=type(error).__name__)
            except Exception:
                log.exception("feed_broke")
            await self._resubscribe()

    async def _read(self) -> None:
        while self._pubsub.subscribed:
            message = await self._pubsub.get_message(timeout=5.0)
            match message:
                case {"type": "message", "data": data}:
                    self._deliver(_DECODER.decode(data))
                case {"type": "subscribe", "channel": name}:
                    self._heard(channels.order_of(name))
                case _:
                    pass
        self._subscribed.clear()

    def _deliver(self, event: Event) -> None:
        if channel := self._channels.get(OrderId(event.order_id)):
            for follower in channel.followers:
                follower.offer(event)

    def _heard(self, order_id: OrderId) -> None:
        if channel := self._channels.get(order_id):
            if channel.heard.is_set():  # a reconnect, silent but for this: messages may have been lost
                channel.doubt()
            channel.heard.set()

    async def _resubscribe(self) -> None:
        """Hears all that is followed on a new connection, as soon as Redis is there."""
        while True:
            await asyncio.sleep(_RECONNECT_SECONDS)
            with contextlib.suppress(*channels.AWAY):
                await self._pubsub.aclose()
            self._pubsub = channels.Subscription(self._client)
            # Through the batch, like everybody else: two of us must not open the connection at once.
            answers = (self._subscriptions(order_id) for order_id in list(self._channels))
            if not any(await asyncio.gather(*answers, return_exceptions=True)):
                return

    async def _check(self) -> None:
        """Asks once a second, in one query for all, whether there is more than the followers have sent."""
        while True:
            await asyncio.sleep(_CHECK_SECONDS)
            if not self._channels:
                continue
            seen = {
                order_id: min((follower.sent_seq for follower in channel.followers), default=0)
                for order_id, channel in self._channels.items()
            }
            try:
                ahead = await self._reader.ahead(seen)
            except StoreUnavailable:
                continue
            for order_id, last_seq in ahead.items():
                if channel := self._channels.get(order_id):
                    for follower in channel.followers:
                        if follower.sent_seq < last_seq:
                            follower.doubt()
