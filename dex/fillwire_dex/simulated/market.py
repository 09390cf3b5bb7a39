"""A Market whose chain is a PostgreSQL schema."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

from fillwire_dex.errors import MarketNotInstalled
from fillwire_dex.market import PACE_SECONDS, Change, Venue
from fillwire_dex.outcomes import Outcome, SendResult, Unseen
from fillwire_dex.route import Route
from fillwire_dex.simulated import audit, directory, ledger
from fillwire_dex.simulated.audit import Audit
from fillwire_dex.simulated.blocks import Producer
from fillwire_dex.simulated.connection import Connections, fetch
from fillwire_dex.simulated.controls import Controls
from fillwire_dex.simulated.faults.hazards import Hazards
from fillwire_dex.simulated.latency import DEFAULT, LatencyProfile, Range
from fillwire_dex.simulated.market_motion import MarketMotion
from fillwire_dex.simulated.mempool import Mempool
from fillwire_dex.simulated.mirror import Mirror
from fillwire_dex.simulated.reads import Reader
from fillwire_dex.simulated.streams import Streams
from fillwire_dex.simulated.tape import Tape
from fillwire_dex.snapshot import Listing, Snapshot
from fillwire_dex.tokens import Token
from fillwire_dex.transaction import Transaction


async def open_market(connections: Connections, *, profile: LatencyProfile = DEFAULT) -> SimulatedMarket:
    """Return the market in the database these connections reach.

    Raises MarketNotInstalled where `upgrade` has not been run, MarketUnavailable without a
    database.
    """
    chain = await fetch(connections, "load_chain")
    if not chain:
        raise MarketNotInstalled("the market has no chain; run its upgrade")
    [(seed, valid_slots)] = chain
    venues = tuple(name for (name,) in await fetch(connections, "list_venues"))
    streams, mirror = Streams(seed), Mirror()
    producer = Producer(connections, streams, mirror)
    reader = Reader(connections, streams, profile, venues, mirror, producer)
    mempool = Mempool(streams, profile, Hazards(streams))
    return SimulatedMarket(connections, reader, mempool, producer, valid_slots)


class SimulatedMarket(Controls):
    """See `fillwire_dex.market.Market`; beyond it, the market can be controlled and audited.

    It keeps nothing that another process would miss: all markets open on one database are the
    same market, and one that died leaves nothing undone that the next call does not do.
    """

    def __init__(
        self, connections: Connections, reader: Reader, mempool: Mempool, producer: Producer, valid_slots: int
    ) -> None:
        super().__init__(connections, producer, valid_slots)
        self._reader = reader
        self._mempool = mempool
        self._tape = Tape(connections, reader)

    async def pools(self, token_in: Token, token_out: Token, *, max_hops: int = 1) -> Snapshot:
        return await self._reader.between(token_in, token_out, max_hops=max_hops)

    async def venues(self) -> Sequence[Venue]:
        return directory.venues(await self._reader.everything(), self._reader.streams)

    async def listings(self) -> Sequence[Listing]:
        return tuple((await self._reader.everything()).listings.values())

    def changes(self, *, pace: float = PACE_SECONDS) -> AsyncGenerator[Change]:
        return self._tape.follow(pace)

    def build(
        self,
        route: Route,
        *,
        min_amount_out: int | None = None,
        max_amount_in: int | None = None,
        reference: str,
        slot: int,
    ) -> Transaction:
        return Transaction.sign(
            route,
            min_amount_out=min_amount_out,
            max_amount_in=max_amount_in,
            reference=reference,
            last_valid_slot=slot + self._valid_slots,
        )

    async def build_delay(self, reference: str) -> None:
        await self._pause(self._mempool.profile.build, "build", reference)

    async def send(self, transactions: Sequence[Transaction]) -> Sequence[SendResult]:
        if not transactions:
            return []
        await self._pause(self._mempool.profile.send, "send", transactions[0].signature)
        async with self._producer.transaction() as production:
            return await self._mempool.take(production, transactions)

    async def outcomes(self, signatures: Sequence[str]) -> Sequence[Outcome]:
        found = await ledger.ask(self._connections, signatures)
        if found.complete:
            return [found.outcomes[signature] for signature in signatures]
        async with self._producer.transaction() as production:
            block = await production.produce()
            found = await ledger.read(production.connection, signatures)
        return [found.outcomes.get(signature, Unseen(block.slot)) for signature in signatures]

    async def advance(self) -> None:
        """Bring a moving market to the present, though nobody trades; call it every second or so.

        In a still one there is nothing to do.
        """
        [(motion,)] = await fetch(self._connections, "read_motion")
        if motion == MarketMotion.MOVING:
            async with self._producer.transaction() as production:
                await production.produce()

    async def audit(self) -> Audit:
        """Count every token."""
        return await audit.take(self._connections)

    async def _pause(self, bounds: Range, step: str, key: str) -> None:
        """Take the time this step takes; none at all in the profile `zero`."""
        seconds = self._mempool.streams.between(bounds, step, key)
        if seconds:
            await asyncio.sleep(seconds)
