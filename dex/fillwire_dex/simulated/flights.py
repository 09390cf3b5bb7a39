"""Single flight: callers that ask the same thing at the same time share one answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Flights(Generic[T]):
    """Reads under way, by what is read.

    A caller that is cancelled leaves the flight to the others; an error goes to all of them.
    """

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Task[T]] = {}

    async def share(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """Return what `read` gives, starting it unless a flight for `key` is under way."""
        flight = self._under_way.get(key)
        if flight is None:
            flight = asyncio.ensure_future(_fly(read))
            self._under_way[key] = flight
            flight.add_done_callback(lambda landed: self._end(key, landed))
        return await asyncio.shield(flight)

    def _end(self, key: Hashable, flight: asyncio.Task[T]) -> None:
        del self._under_way[key]
        if not flight.cancelled():
            # Looked at, lest asyncio complain of an error that nobody is left to receive.
            flight.exception()


async def _fly(read: Callable[[], Awaitable[T]]) -> T:
    return await read()
