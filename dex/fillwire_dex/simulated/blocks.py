"""Block production: whoever asks first lets happen what is due.

The lock on the chain's row makes it one block after the other. A block covers the slots since the one before, in turn:
in each the market moves, if it does, and then lands what is due in that slot, in the order (time of landing, arrival),
every transaction on the pools as the one before left them. So what comes out depends on slots and transactions alone,
and not on who produced how many blocks.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection

from fillwire_dex.simulated import ledger, mirror, writing
from fillwire_dex.simulated.connection import Connections, run, transaction
from fillwire_dex.simulated.course import MOST_DUE, Course, Due, Results
from fillwire_dex.simulated.faults.chance import Chance
from fillwire_dex.simulated.faults.scripted import Halts
from fillwire_dex.simulated.mirror import Mirror
from fillwire_dex.simulated.motion import Motion
from fillwire_dex.simulated.streams import Streams
from fillwire_dex.simulated.stretch import Stretch
from fillwire_dex.snapshot import Listing


@dataclass(frozen=True, slots=True)
class Block:
    """A block up to the end of `slot`, and what it settled, by signature."""

    slot: int
    results: Results


class Producer:
    """Produces blocks for one process, on the pools it knows."""

    def __init__(self, connections: Connections, streams: Streams, known: Mirror) -> None:
        self._connections = connections
        self._streams = streams
        self._mirror = known
        self._motion = Motion(streams.seed)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Production]:
        """Give a transaction in which a block can be produced; what it changed is known here once it is committed."""
        production = Production(self._streams, self._mirror, self._motion)
        async with transaction(self._connections) as connection:
            production.connection = connection
            yield production
        if production.done:
            height, stretch = production.done
            self._mirror.keep(height, _news(stretch))


class Production:
    """One database transaction, in which one block can be produced."""

    connection: AsyncConnection[Any]

    def __init__(self, streams: Streams, known: Mirror, motion: Motion) -> None:
        self._streams = streams
        self._mirror = known
        self._motion = motion
        self.done: tuple[int, Stretch] | None = None

    async def produce(self, deed: Callable[[Stretch], None] | None = None) -> Block:
        """Let happen everything that is due, and then a deed in the block's last slot.

        Takes the chain's lock. After the commit nothing can land in a slot before the block's, so a
        signature that is unknown then and valid no longer is proven never to land.
        """
        await run(self.connection, "lock_chain")
        synced = await run(self.connection, "sync_pools", {"since": self._mirror.height})
        found = await run(self.connection, "find_due", {"most": MOST_DUE})
        sight = self._mirror.see(await synced.fetchall())
        due = [Due(*row) for row in await found.fetchall()]
        halts = await Halts.lock(self.connection, sight.armed)
        course = Course(sight, Chance(self._streams, sight.rates), halts, due)
        stretch, results = course.run(self._motion)
        if deed:
            deed(stretch)
        await ledger.settle(self.connection, results)
        height = await writing.write(self.connection, stretch, sight.height)
        await halts.write(self.connection)
        closing = {"slot": stretch.end, "height": height, "changed": height > sight.height}
        await run(self.connection, "close_block", closing)
        self.done = (height, stretch)
        return Block(stretch.end, results)


def _news(stretch: Stretch) -> Iterator[tuple[str, Listing | None]]:
    for id_ in {**stretch.born, **stretch.moved}:
        if id_ in stretch.live:
            yield id_, mirror.listed(id_, stretch.live[id_])
    for id_ in stretch.ended:
        yield id_, None
