"""What a simulated market can be told, for every process that shares it."""

from __future__ import annotations

from fillwire_dex.simulated.blocks import Producer
from fillwire_dex.simulated.connection import Connections, run, transaction
from fillwire_dex.simulated.faults import Fault, FaultRates, rating, scripted
from fillwire_dex.simulated.market_motion import MarketMotion


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

    async def hold_clock(self, slot: int | None) -> None:
        """Let the clock stand at the beginning of a slot, for whoever wants to go through slots by himself.

        None: it is the database's clock again.
        """
        async with transaction(self._connections) as connection:
            await run(connection, "hold_clock", {"slot": slot})
