"""Reading pools from the venues, each at its own pace."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final, assert_never

from fillwire_dex.errors import MarketUnavailable
from fillwire_dex.simulated.blocks import Producer
from fillwire_dex.simulated.connection import Connections, fetch
from fillwire_dex.simulated.faults.trouble import Stale, Troubles
from fillwire_dex.simulated.flights import Flights
from fillwire_dex.simulated.latency import LatencyProfile
from fillwire_dex.simulated.market_motion import MarketMotion
from fillwire_dex.simulated.mirror import Mirror, Sight
from fillwire_dex.simulated.selection import Selections, Wanted
from fillwire_dex.simulated.streams import Streams
from fillwire_dex.snapshot import Listing, Snapshot, VenueRead
from fillwire_dex.tokens import Token

MOST_LAG_SLOTS: Final = 3
"""How far the last block of a moving market may lie behind what is read; a sweeper that ticks keeps it nearer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One venue's answer; `sight` is None when there is a problem."""

    read: VenueRead
    sight: Sight | None
    listings: Sequence[Listing] = ()


@dataclass(slots=True)
class Reader:
    """Reads pools; whoever asks at the same moment shares the work."""

    connections: Connections
    streams: Streams
    profile: LatencyProfile
    venues: Sequence[str]
    mirror: Mirror
    producer: Producer
    _snapshots: Flights[Snapshot] = field(default_factory=Flights)
    _sights: Flights[Sight] = field(default_factory=Flights)
    _selections: Selections = field(default_factory=Selections)

    async def between(self, token_in: Token, token_out: Token, *, max_hops: int) -> Snapshot:
        """See `Market.pools`."""
        wanted = Wanted(token_in, token_out, max_hops)
        return await self._snapshots.share(wanted, lambda: self._read(wanted))

    async def everything(self) -> Sight:
        """Return every pool there is."""
        return await self._sights.share("all", self._look)

    async def present(self) -> Sight:
        """Return every pool there is, in a moving market as of this very slot."""
        return await self._sights.share("present", lambda: self._look(most_lag=0))

    async def _read(self, wanted: Wanted) -> Snapshot:
        troubles = Troubles(self.connections, self.streams)
        if self.profile.read == (0.0, 0.0):
            sight = await self.everything()
            answers = [await self._answer(venue, wanted, troubles, sight, perf_counter()) for venue in self.venues]
        else:
            answers = await asyncio.gather(*(self._ask(venue, wanted, troubles) for venue in self.venues))
        sights = [answer.sight for answer in answers if answer.sight]
        if not sights:
            problems = ", ".join(f"{a.read.venue}: {a.read.problem}" for a in answers)
            raise MarketUnavailable(f"no venue answered ({problems})")
        oldest = min(sights, key=lambda sight: sight.slot)
        return Snapshot(
            wanted.token_in,
            wanted.token_out,
            oldest.slot,
            oldest.now,
            tuple(listing for answer in answers for listing in answer.listings),
            tuple(answer.read for answer in answers),
        )

    async def _ask(self, venue: str, wanted: Wanted, troubles: Troubles) -> Answer:
        """Ask one venue for its pools, which takes its time."""
        started = perf_counter()
        await asyncio.sleep(self.streams.between(self.profile.read, f"read|{venue}"))
        return await self._answer(venue, wanted, troubles, await self.everything(), started)

    async def _answer(self, venue: str, wanted: Wanted, troubles: Troubles, sight: Sight, started: float) -> Answer:
        """Return what a venue says of the market that it sees."""
        problem = await troubles.of(venue, sight)
        latency_ms = (perf_counter() - started) * 1_000
        match problem:
            case str():
                return Answer(VenueRead(venue, latency_ms, problem), None)
            case Stale(earlier):
                sight = earlier
            case None:
                pass
            case never:
                assert_never(never)
        listings = self._selections.of(wanted, sight).get(venue, ())
        return Answer(VenueRead(venue, latency_ms), sight, listings)

    async def _look(self, *, most_lag: int = MOST_LAG_SLOTS) -> Sight:
        """Read the clock, the armed faults and what changed, and let a moving market come to the present first."""
        sight = await self._sync()
        if sight.motion is MarketMotion.STILL or sight.present - sight.head <= most_lag:
            return sight
        async with self.producer.transaction() as production:
            block = await production.produce()
        return self.mirror.after(sight, block.slot)

    async def _sync(self) -> Sight:
        return self.mirror.see(await fetch(self.connections, "sync_pools", {"since": self.mirror.height}))
