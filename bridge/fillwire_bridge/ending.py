"""Why a call over HTTP ends before the engine ends it: its caller left, or the bridge is about to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

from starlette.types import Receive

from fillwire_bridge import statuses

__all__ = ["Draining", "Gone", "until_ended"]


class Gone(Exception):
    """Nobody is there to be answered."""


class Draining(statuses.Refusal):
    """The bridge is about to end; the caller is told so, and resumes elsewhere."""

    def __init__(self) -> None:
        super().__init__(statuses.draining())


@asynccontextmanager
async def until_ended(receive: Receive, *, draining: asyncio.Event) -> AsyncIterator[None]:
    """Raises Gone where the block stands when the caller's connection closes, and Draining when `draining` is set.

    That is `Parts.draining` for a stream, `Parts.ending` for an answer that comes once. The request's body must have
    been read.
    """
    # A timeout without a time: it cancels and cleans up as the library does it.
    block = asyncio.timeout(None)
    reasons: list[Exception] = []

    async def end(when: Awaitable[object], reason: Exception) -> None:
        await when
        reasons.append(reason)
        block.reschedule(asyncio.get_running_loop().time())

    watching = [
        asyncio.create_task(end(_left(receive), Gone())),
        asyncio.create_task(end(draining.wait(), Draining())),
    ]
    try:
        async with block:
            yield
    except TimeoutError:
        if not block.expired():
            raise
        raise reasons[0] from None
    finally:
        for one in watching:
            one.cancel()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
