"""A Market whose chain is a PostgreSQL schema."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from fillwire_dex.errors import MarketNotInstalled
from fillwire_dex.market import Venue
from fillwire_dex.outcomes import Outcome, SendResult, Unseen
from fillwire_dex.route import Route
from fillwire_dex.simulated import blocks, directory, ledger, scripted
from fillwire_dex.simulated.connection import Connections, fetch, run, transaction
from fillwire_dex.simulated.faults import Fault, FaultRates
from fillwire_dex.simulated.hazards import Hazards
from fillwire_dex.simulated.latency import DEFAULT, LatencyProfile, Range
from fillwire_dex.simulated.mempool import Mempool
from fillwire_dex.simulated.reads import Reader
from fillwire_dex.simulated.streams import Streams
from fillwire_dex.snapshot import Listing, Snapshot
from fillwire_dex.tokens import Token
from fillwire_dex.transaction import Transaction

NO_FAULTS = FaultRates()


async def open_market(
    connections: Connections,
    *,
    profile: LatencyProfile = DEFAULT,
    rates: FaultRates = NO_FAULTS,
) -> SimulatedMarket:
    """Return the market in the database these connections reach.

    Raises MarketNotInstalled where `upgrade` has not been run, MarketUnavailable without a
    database.
    """
    chain = await fetch(connections, "load_chain")
    if not chain:
        raise MarketNotInstalled("the market has no chain; run its upgrade")
    [(seed, valid_slots)] = chain
    venues = tuple(name for (name,) in await fetch(connections, "list_venues"))
    streams = Streams(seed)
    reader = Reader(connections, streams, profile, rates, venues)
    mempool = Mempool(streams, profile, Hazards(streams, rates))
    return SimulatedMarket(connections, reader, mempool, valid_slots)


class SimulatedMarket:
    """See `fillwire_dex.market.Market`; beyond it, faults can be scripted.

    It keeps nothing that another process would miss: all markets open on one database are the
    same market, and one that died leaves nothing undone that the next call does not do.
    """

    def __init__(self, connections: Connections, reader: Reader, mempool: Mempool, valid_slots: int) -> None:
        self._connections = connections
        self._reader = reader
        self._mempool = mempool
        self._valid_slots = valid_slots

    async def pools(self, token_in: Token, token_out: Token) -> Snapshot:
        return await self._reader.pair(token_in, token_out)

    async def venues(self) -> Sequence[Venue]:
        return directory.venues(await self._reader.everything())

    async def listings(self) -> Sequence[Listing]:
        return (await self._reader.everything()).listings

    def build(self, route: Route, *, min_amount_out: int, reference: str, slot: int) -> Transaction:
        return Transaction.sign(
            route,
            min_amount_out=min_amount_out,
            reference=reference,
            last_valid_slot=slot + self._valid_slots,
        )

    async def build_delay(self, reference: str) -> None:
        await self._pause(self._mempool.profile.build, "build", reference)

    async def send(self, transactions: Sequence[Transaction]) -> Sequence[SendResult]:
        if not transactions:
            return []
        await self._pause(self._mempool.profile.send, "send", transactions[0].signature)
        async with transaction(self._connections) as connection:
            return await self._mempool.take(connection, transactions)

    async def outcomes(self, signatures: Sequence[str]) -> Sequence[Outcome]:
        found = await ledger.ask(self._connections, signatures)
        if found.complete:
            return [found.outcomes[signature] for signature in signatures]
        async with transaction(self._connections) as connection:
            block = await blocks.produce(connection)
            found = await ledger.read(connection, signatures)
        return [found.outcomes.get(signature, Unseen(block.slot)) for signature in signatures]

    async def script(self, fault: Fault) -> None:
        """Arm a fault, for every process that shares this market."""
        async with transaction(self._connections) as connection:
            await scripted.arm(connection, fault)

    async def clear_faults(self) -> None:
        """Disarm every scripted fault."""
        async with transaction(self._connections) as connection:
            await scripted.clear(connection)

    async def set_validity(self, slots: int) -> None:
        """Let transactions built from now on land for so many slots (150 by default).

        Markets that other processes have open keep what they read when they opened.
        """
        async with transaction(self._connections) as connection:
            await run(connection, "set_validity", {"slots": slots})
        self._valid_slots = slots

    async def _pause(self, bounds: Range, step: str, key: str) -> None:
        """Take the time this step takes; none at all in the profile `zero`."""
        seconds = self._mempool.streams.between(bounds, step, key)
        if seconds:
            await asyncio.sleep(seconds)
