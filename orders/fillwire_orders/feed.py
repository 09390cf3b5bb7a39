"""The feed: events as they are committed, over Redis pub/sub, to whoever watches.

A message carries the event itself, so a watcher that is in step never reads the database. Nothing rests on a message:
one that is lost is noticed by its successor's seq, by a reconnect, or within a second by asking the journal.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import Final, Self

import msgspec
import redis.asyncio
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from fillwire_orders.batch import Batch
from fillwire_orders.errors import StoreUnavailable
from fillwire_orders.event import Event
from fillwire_orders.order import OrderId
from fillwire_orders.reading import Reader

__all__ = ["Feed", "Follower", "Publisher"]

_PREFIX: Final = "fillwire:order:"
_BUFFER: Final = 64
"""Events a follower holds; one that falls behind further reads the journal instead."""

_CHECK_SECONDS: Final = 1.0
"""How often all followers of a process together ask the journal whether they missed something."""

_HEAR_SECONDS: Final = 0.5
"""How long a watch waits to be subscribed before it begins without."""

_RECONNECT_SECONDS: Final = 0.25

_AWAY: Final = (RedisError, OSError)
"""What redis raises when it is away."""

_DECODER: Final = msgspec.json.Decoder(Event)
_ENCODER: Final = msgspec.json.Encoder()

log = structlog.get_logger()


def _client(redis_url: str) -> "redis.asyncio.Redis":
    client: redis.asyncio.Redis = redis.asyncio.Redis.from_url(
        redis_url,
        socket_timeout=2.0,
        socket_connect_timeout=1.0,
        retry=Retry(NoBackoff(), 0),
    )
    return client


class Publisher:
    """Publishes committed events in the background, in the order they were handed in.

    Redis being away is nobody's error, because followers ask the journal; what could not be sent is forgotten.
    """

    def __init__(self, redis_url: str) -> None:
        self._client = _client(redis_url)
        self._events: list[Event] = []
        self._sending: asyncio.Task[None] | None = None
        self.lost = 0

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
            pipeline.publish(_PREFIX + event.order_id, _ENCODER.encode(event))
        try:
            await pipeline.execute()
        except _AWAY:
            self.lost += len(events)


class Follower:
    """What one watcher has been told and not yet taken; `stale` says that there may be more in the journal."""

    def __init__(self, order_id: OrderId) -> None:
        self.order_id = order_id
        self.sent_seq = 0
        self.stale = False
        self._events: deque[Event] = deque()
        self._news = asyncio.Event()

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
        self._client = _client(redis_url)
        self._reader = reader
        self._channels: dict[OrderId, _Channel] = {}
        self._pubsub = self._client.pubsub()
        self._subscribed = asyncio.Event()
        self._subscriptions: Batch[OrderId, None] = Batch(self._adjust, lanes=1, shared=_AWAY)
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
        with contextlib.suppress(*_AWAY):
            await self._pubsub.aclose()  # type: ignore[no-untyped-call]
        await self._client.aclose()

    @property
    def channels(self) -> int:
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
        with contextlib.suppress(*_AWAY):
            await self._subscriptions(order_id)

    async def _hear(self, order_id: OrderId, channel: _Channel) -> None:
        if channel.heard.is_set():
            return
        with contextlib.suppress(*_AWAY, TimeoutError):
            async with asyncio.timeout(_HEAR_SECONDS):
                await self._subscriptions(order_id)
                await channel.heard.wait()

    async def _adjust(self, order_ids: Sequence[OrderId]) -> Sequence[None]:
        """Subscribes to those of these orders that are followed now, and gives back the others."""
        followed = {order_id for order_id in order_ids if order_id in self._channels}
        if left := set(order_ids) - followed:
            await self._pubsub.unsubscribe(*(_PREFIX + order_id for order_id in left))
        if followed:
            await self._pubsub.subscribe(*(_PREFIX + order_id for order_id in followed))
            self._subscribed.set()
        return [None] * len(order_ids)

    async def _listen(self) -> None:
        while True:
            try:
                await self._subscribed.wait()
                await self._read()
            except _AWAY as error:
                log.warning("feed_interrupted", error=type(error).__name__)
                await asyncio.sleep(_RECONNECT_SECONDS)
                await self._resubscribe()

    async def _read(self) -> None:
        while self._pubsub.subscribed:
            message = await self._pubsub.get_message(timeout=5.0)
            match message:
                case {"type": "message", "data": data}:
                    self._deliver(_DECODER.decode(data))
                case {"type": "subscribe", "channel": name}:
                    self._heard(OrderId(name.decode().removeprefix(_PREFIX)))
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
        with contextlib.suppress(*_AWAY):
            await self._pubsub.aclose()  # type: ignore[no-untyped-call]
        self._pubsub = self._client.pubsub()
        if self._channels:
            with contextlib.suppress(*_AWAY):
                await self._adjust(list(self._channels))

    async def _check(self) -> None:
        """Asks once a second, in one query for all, whether there is more than the followers have sent."""
        while True:
            await asyncio.sleep(_CHECK_SECONDS)
            if not self._channels:
                continue
            try:
                heads = await self._reader.heads(list(self._channels))
            except StoreUnavailable:
                continue
            for order_id, last_seq in heads.items():
                if channel := self._channels.get(order_id):
                    for follower in channel.followers:
                        if follower.sent_seq < last_seq:
                            follower.doubt()
