"""One slot of a market that moves: liquidity comes or goes, chance trades, then whoever brings the price back.

All that happens is drawn by (seed, pool, slot), so it depends neither on the order of the pools nor on what else was
asked before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fillwire_dex.simulated.founding import Founded, Migration
from fillwire_dex.simulated.live import LivePool, LivePools
from fillwire_dex.simulated.motion import flows
from fillwire_dex.simulated.motion.arbitrage import Arbitrage, Worth
from fillwire_dex.simulated.motion.flows import Flow, Owner
from fillwire_dex.simulated.motion.lending import Lenders
from fillwire_dex.simulated.motion.newcomers import Newcomer, Newcomers
from fillwire_dex.simulated.motion.noise import Noise, turns
from fillwire_dex.simulated.motion.prices import Prices
from fillwire_dex.simulated.streams import Streams

_NOISE: Final = Noise()
_ARBITRAGE: Final = Arbitrage()

Deeds = Iterator[tuple[LivePool, tuple[Flow, Flow]]]
"""A pool as each deed left it, and what who did it gave and gained."""


@dataclass(frozen=True, slots=True)
class Advance:
    """What a slot changed: the pools that are not as they were, and what others than the pools gained.

    Over both, the amounts of every token add up to nothing.
    """

    moved: LivePools
    flows: tuple[Flow, ...]


class Motion:
    """How the market of one seed moves by itself.

    In a slot comes first `deaths`, then `births`, then `migrations`, then `advance`, then what users sent.
    """

    def __init__(
        self,
        seed: str,
        prices: Prices | None = None,
        *,
        noise: Noise = _NOISE,
        arbitrage: Arbitrage = _ARBITRAGE,
        loan_chance: float = 0.5,
    ) -> None:
        self.prices: Final = prices or Prices(seed)
        self._newcomers = Newcomers(seed, self.prices)
        self._streams = Streams(seed)
        self._lenders = Lenders(self._streams, chance=loan_chance)
        self._noise = noise
        self._arbitrage = arbitrage

    def births(self, slot: int) -> tuple[Founded, ...]:
        """Return the pools that appear in this slot; who provides liquidity fills their vaults."""
        return self._newcomers.births(slot)

    def deaths(self, slot: int) -> tuple[str, ...]:
        """Return the ids of the pools that end in this slot; what their vaults hold goes back."""
        return self._newcomers.deaths(slot)

    def migrations(self, slot: int) -> tuple[Migration, ...]:
        """Return whose liquidity moves to another venue in this slot."""
        return self._newcomers.migrations(slot)

    def newcomers(self, slot: int) -> tuple[Newcomer, ...]:
        """Return the pools that appeared by this slot and did not end."""
        return self._newcomers.alive(slot)

    def advance(self, slot: int, now: int, live: Mapping[str, LivePool]) -> Advance:
        """Return what chance and arbitrage do to these pools in this slot; `now` is its time in unix seconds."""
        values = self.prices.unit_values(slot)
        moved: LivePools = {}
        happened: list[Flow] = []
        for pool_id, pool in live.items():
            if pool.halted:
                continue
            for after, changes in self._deeds(pool_id, pool, slot, now, values):
                moved[pool_id] = after
                happened.extend(changes)
        return Advance(moved, flows.merged(happened))

    def _deeds(self, pool_id: str, live: LivePool, slot: int, now: int, values: Mapping[str, float]) -> Deeds:
        """Give what is done to one pool in turn."""
        lent = self._lenders.visit(pool_id, live, slot)
        if lent:
            yield lent, flows.of_change(Owner.LIQUIDITY, live, lent)
            live = lent
        for turn in turns(self._noise.trades(self._streams, pool_id, slot), slot):
            swap = self._noise.swap(self._streams, pool_id, turn, live.pool, now=now)
            if swap:
                before, live = live, live.after(swap, slot)
                yield live, flows.of_change(Owner.NOISE, before, live)
        worth = Worth(values[live.token_a], values[live.token_b])
        way = self._arbitrage.way(live.pool, worth, now=now)
        if way and self._streams.strikes(self._arbitrage.chance, f"arbitrage|{pool_id}", str(slot)):
            swap = self._arbitrage.swap(live.pool, way, worth, now=now)
            if swap:
                after = live.after(swap, slot)
                yield after, flows.of_change(Owner.ARBITRAGE, live, after)
