"""Listening: what is said on channels of Redis, for a whole process, over one connection."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import Final, Protocol, Self

import structlog

from fillwire_orders import channels
from fillwire_orders.batch import Batch
from fillwire_orders.tasks import ended

__all__ = ["Ear", "Listening"]

_HEAR_SECONDS: Final = 0.5
"""How long one waits to be subscribed before one goes on without."""

_RECONNECT_SECONDS: Final = 0.25

log = structlog.get_logger()


class Ear(Protocol):
    """Who listens to a channel."""

    def hear(self, message: bytes) -> None:
        """Takes a message."""
        ...

    def doubt(self) -> None:
        """Learns that messages may have been missed."""
        ...


class _Channel:
    """Who listens to a channel here, and whether Redis has said that we hear its messages."""

    def __init__(self) -> None:
        self.ears: set[Ear] = set()
        self.heard = asyncio.Event()


class Listening:
    """Listens to channels; used as an async context manager. The connection is made when there is the first one."""

    def __init__(self, redis_url: str) -> None:
        self._client = channels.client(redis_url)
        self._channels: dict[str, _Channel] = {}
        self._pubsub = channels.Subscription(self._client)
        self._subscribed = asyncio.Event()
        self._subscriptions: Batch[str, None] = Batch(self._adjust, lanes=1, shared=channels.AWAY)
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._tasks.add(asyncio.create_task(self._listen()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await ended(*self._tasks)
        with contextlib.suppress(*channels.AWAY):
            await self._pubsub.aclose()
        await self._client.aclose()

    @contextlib.asynccontextmanager
    async def to(self, name: str, ear: Ear) -> AsyncIterator[None]:
        """Has `ear` hear a channel from before the block begins; with Redis away the block begins all the same.

        The channel is given back when its last ear leaves.
        """
        channel = self._channels.get(name)
        if channel is None:
            channel = self._channels[name] = _Channel()
        channel.ears.add(ear)
        try:
            await self._hear(name, channel)
            yield
        finally:
            channel.ears.discard(ear)
            if not channel.ears and self._channels.get(name) is channel:
                del self._channels[name]
                leaving = asyncio.create_task(self._leave(name))  # nobody waits for it
                self._tasks.add(leaving)
                leaving.add_done_callback(self._tasks.discard)

    async def _leave(self, name: str) -> None:
        with contextlib.suppress(*channels.AWAY):
            await self._subscriptions(name)

    async def _hear(self, name: str, channel: _Channel) -> None:
        if channel.heard.is_set():
            return
        with contextlib.suppress(*channels.AWAY, TimeoutError):
            async with asyncio.timeout(_HEAR_SECONDS):
                await self._subscriptions(name)
                await channel.heard.wait()

    async def _adjust(self, names: Sequence[str]) -> Sequence[None]:
        """Subscribes to those of these channels that somebody listens to now, and gives back the others."""
        wanted = {name for name in names if name in self._channels}
        if left := set(names) - wanted:
            await self._pubsub.unsubscribe(*left)
        if wanted:
            await self._pubsub.subscribe(*wanted)
            self._subscribed.set()
        return [None] * len(names)

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
                case {"type": "message", "channel": name, "data": data}:
                    if channel := self._channels.get(name.decode()):
                        for ear in channel.ears:
                            ear.hear(data)
                case {"type": "subscribe", "channel": name}:
                    if channel := self._channels.get(name.decode()):
                        _heard(channel)
                case _:
                    pass
        self._subscribed.clear()

    async def _resubscribe(self) -> None:
        """Hears all channels on a new connection, as soon as Redis is there."""
        while True:
            await asyncio.sleep(_RECONNECT_SECONDS)
            with contextlib.suppress(*channels.AWAY):
                await self._pubsub.aclose()
            self._pubsub = channels.Subscription(self._client)
            # Through the batch, like everybody else: two of us must not open the connection at once.
            answers = (self._subscriptions(name) for name in list(self._channels))
            if not any(await asyncio.gather(*answers, return_exceptions=True)):
                return


def _heard(channel: _Channel) -> None:
    if channel.heard.is_set():  # a reconnect, silent but for this: messages may have been lost
        for ear in channel.ears:
            ear.doubt()
    channel.heard.set()
