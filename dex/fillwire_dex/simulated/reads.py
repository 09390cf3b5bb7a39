"""Reading pools from the venues, each at its own pace."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

from fillwire_dex import pools, tokens
from fillwire_dex.errors import MarketNotInstalled, MarketUnavailable
from fillwire_dex.simulated import scripted
from fillwire_dex.simulated.connection import Connections, Row, fetch, transaction
from fillwire_dex.simulated.faults import FaultKind, FaultRates
from fillwire_dex.simulated.flights import Flights
from fillwire_dex.simulated.latency import LatencyProfile
from fillwire_dex.simulated.streams import Streams
from fillwire_dex.snapshot import Listing, PoolId, Snapshot, VenueRead
from fillwire_dex.tokens import Token


@dataclass(frozen=True, slots=True)
class Sight:
    """What the database held at one moment: the pools asked for, and the faults of reading."""

    slot: int
    now: int
    listings: tuple[Listing, ...]
    armed: list[scripted.Armed]


@dataclass(frozen=True, slots=True)
class Answer:
    """One venue's answer; `sight` is None when there is a problem."""

    read: VenueRead
    sight: Sight | None


@dataclass(slots=True)
class Reader:
    """Reads pools; concurrent reads of the same pair share their work."""

    connections: Connections
    streams: Streams
    profile: LatencyProfile
    rates: FaultRates
    venues: Sequence[str]
    _snapshots: Flights[Snapshot] = field(default_factory=Flights)
    _sights: Flights[Sight] = field(default_factory=Flights)
    _known: dict[str, Listing] = field(default_factory=dict)

    async def pair(self, token_in: Token, token_out: Token) -> Snapshot:
        """See `Market.pools`."""
        key = (token_in.mint, token_out.mint)
        return await self._snapshots.share(key, lambda: self._read_pair(token_in, token_out))

    async def everything(self) -> Sight:
        """Return every pool there is, at once."""
        return await self._sights.share("all", lambda: self._look("read_all", {}))

    async def _read_pair(self, token_in: Token, token_out: Token) -> Snapshot:
        answers = await asyncio.gather(*(self._ask(venue, token_in, token_out) for venue in self.venues))
        sights = [answer.sight for answer in answers if answer.sight]
        if not sights:
            problems = ", ".join(f"{a.read.venue}: {a.read.problem}" for a in answers)
            raise MarketUnavailable(f"no venue answered ({problems})")
        oldest = min(sights, key=lambda sight: sight.slot)
        listings = [
            listing
            for answer in answers
            if answer.sight
            for listing in answer.sight.listings
            if listing.venue == answer.read.venue
        ]
        return Snapshot(
            token_in,
            token_out,
            oldest.slot,
            oldest.now,
            tuple(listings),
            tuple(answer.read for answer in answers),
        )

    async def _ask(self, venue: str, token_in: Token, token_out: Token) -> Answer:
        """Ask one venue for its pools of the pair."""
        started = perf_counter()
        delay = self.streams.between(self.profile.read, f"read|{venue}")
        if delay:
            await asyncio.sleep(delay)
        one, other = sorted((token_in.mint, token_out.mint))
        sight = await self._sights.share((one, other), lambda: self._look("read_pair", {"one": one, "other": other}))
        problem = await self._problem(venue, sight.armed)
        latency_ms = (perf_counter() - started) * 1_000
        return Answer(VenueRead(venue, latency_ms, problem), None if problem else sight)

    async def _look(self, name: str, parameters: dict[str, str]) -> Sight:
        """Read the clock, the armed faults and the pools in one statement."""
        rows = await fetch(self.connections, name, parameters)
        if not rows:
            raise MarketNotInstalled("the market has no chain; run its upgrade")
        slot, now, armed = rows[0][:3]
        listings = tuple(self._listing(row[3:]) for row in rows if row[3] is not None)
        return Sight(slot, now, listings, [scripted.armed(fault) for fault in armed or ()])

    async def _problem(self, venue: str, armed: list[scripted.Armed]) -> str | None:
        """Return what keeps a venue from answering, counting it as an occasion of that fault."""
        for fault in armed:
            if fault.concerns((venue,)):
                async with transaction(self.connections) as connection:
                    if await scripted.strike(connection, fault):
                        return fault.kind.value
        if self.streams.strikes(self.rates.quote_unavailable, f"quote_unavailable|{venue}"):
            return FaultKind.QUOTE_UNAVAILABLE.value
        return None

    def _listing(self, row: Row) -> Listing:
        """Return the listing of a row; one whose version is known is not decoded again."""
        id_, venue, kind, mint_a, mint_b, version, slot, state = row
        known = self._known.get(id_)
        if known is None or known.version != version:
            known = Listing(
                PoolId(id_),
                venue,
                tokens.find(mint_a),
                tokens.find(mint_b),
                version,
                slot,
                pools.decode(kind, json.loads(state)),
            )
            self._known[id_] = known
        return known
