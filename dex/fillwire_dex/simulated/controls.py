"""What a simulated market can be told, for every process that shares it."""

from __future__ import annotations

from decimal import Decimal

from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.simulated import foundry
from fillwire_dex.simulated.blocks import Producer
from fillwire_dex.simulated.connection import Connections, run, transaction
from fillwire_dex.simulated.faults import Fault, FaultRates, rating, scripted
from fillwire_dex.simulated.market_motion import MarketMotion
from fillwire_dex.snapshot import Listing
from fillwire_dex.tokens import Token


class Controls:
    """The levers of the market in one database; they stay as they are put until somebody puts them otherwise."""

    def __init__(self, connections: Connections, producer: Producer, valid_slots: int) -> None:
        self._connections = connections
        self._producer = producer
        self._valid_slots = valid_slots

    async def script(self, fault: Fault) -> None:
        """Arm a fault."""
        async with transaction(self._connections) as connection:
            await scripted.arm(connection, fault)

    async def clear_faults(self) -> None:
        """Disarm every scripted fault."""
        async with transaction(self._connections) as connection:
            await scripted.clear(connection)

    async def set_rates(self, rates: FaultRates, *, venue: str | None = None) -> None:
        """Let faults strike by themselves at these rates, market-wide or at one venue; all 0: never."""
        async with transaction(self._connections) as connection:
            await run(connection, "set_rates", {"venue": venue, "rates": rating.written(rates)})

    async def set_validity(self, slots: int) -> None:
        """Let transactions built from now on land for so many slots (150 by default).

        Markets that other processes have open keep what they read when they opened.
        """
        async with transaction(self._connections) as connection:
            await run(connection, "set_validity", {"slots": slots})
        self._valid_slots = slots

    async def set_motion(self, motion: MarketMotion) -> None:
        """Let the market move from now on, or stand still; what was due until now lands before."""
        async with self._producer.transaction() as production:
            await production.produce()
            await run(production.connection, "set_motion", {"motion": motion.value})

    async def found_pool(
        self, kind: PoolKind, token_a: Token, token_b: Token, *, depth: int, price: Decimal | None = None
    ) -> Listing:
        """Found a pool now, with liquidity from outside, and return it; it stays.

        `depth` is what it holds of b, `price` that of a in b, both in whole tokens; absent, the mid.
        Raises ValueError where there is no mid, and for what can be no pool.
        """
        return await foundry.found(self._producer, kind, token_a, token_b, depth=depth, price=price)

    async def migrate_pool(self, pool_id: str, kind: PoolKind) -> Listing:
        """Move a pool's liquidity to another venue now: the pool ends, and a new one that has its liquidity is returned.

        `kind` is one of `founding.DESTINATIONS`, and not the pool's own.
        Raises ValueError for another one, for a pool that is not there and for one that holds nearly nothing.
        """
        return await foundry.migrate(self._producer, pool_id, kind)

    async def hold_clock(self, slot: int | None) -> None:
        """Let the clock stand at the beginning of a slot, for whoever wants to go through slots by himself.

        None: it is the database's clock again.
        """
        async with transaction(self._connections) as connection:
            await run(connection, "hold_clock", {"slot": slot})
