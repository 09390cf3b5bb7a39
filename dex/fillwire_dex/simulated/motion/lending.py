"""Liquidity that comes to a pool for a while and goes again.

In each stretch of slots a pool has a provider or none. He adds a share of what it holds in the first half of the
stretch, and takes out in the second half what the share has become; so depth comes and goes while prices stay.
Only pools of a constant product are lent to: there a share is that share of both reserves, rounded in favour of the
pool. What providers of ranges and bins would do is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from fillwire_dex.pools import RaydiumAmmV4, RaydiumCpmm
from fillwire_dex.pools.raydium_cpmm import Side
from fillwire_dex.pools.rounding import ceil_div
from fillwire_dex.simulated.live import LivePool
from fillwire_dex.simulated.motion.growth import growth
from fillwire_dex.simulated.streams import Streams

HALF_SLOTS: Final = 3_000
_MILLION: Final = 1_000_000
_MEDIAN: Final = 20_000.0
_MOST: Final = 250_000
"""Shares are in millionths of what the pool held before."""


@dataclass(frozen=True, slots=True)
class Loan:
    """What a provider adds in one slot and takes out in another; `share` is in millionths."""

    added: int
    taken: int
    share: int

    def change(self, reserve: int, slot: int) -> int:
        """Return by how much this reserve changes in one of the two slots."""
        if slot == self.added:
            return ceil_div(reserve * self.share, _MILLION)
        return -(reserve * self.share // (_MILLION + self.share))


class Lenders:
    """The providers of one seed; with `chance` a pool has one in a stretch."""

    __slots__ = ("_chance", "_loans", "_streams")

    def __init__(self, streams: Streams, *, chance: float = 0.5) -> None:
        self._streams = streams
        self._chance = chance
        self._loans: dict[str, tuple[int, Loan | None]] = {}

    def visit(self, pool_id: str, live: LivePool, slot: int) -> LivePool | None:
        """Return the pool once its provider did what he does in this slot, None when that is nothing."""
        pool = live.pool
        if not isinstance(pool, RaydiumAmmV4 | RaydiumCpmm):
            return None
        loan = self._loan(pool_id, slot // (2 * HALF_SLOTS))
        if loan is None or slot not in (loan.added, loan.taken):
            return None
        change_a, change_b = (loan.change(reserve, slot) for reserve in pool.reserves())
        return replace(
            live,
            version=live.version + 1,
            pool=_changed(pool, change_a, change_b),
            flow_a=live.flow_a + change_a,
            flow_b=live.flow_b + change_b,
            slot=slot,
        )

    def _loan(self, pool_id: str, stretch: int) -> Loan | None:
        """Return the loan of a pool in a stretch; the last one of each pool is kept."""
        known_stretch, loan = self._loans.get(pool_id, (-1, None))
        if known_stretch != stretch:
            loan = self._drawn(pool_id, str(stretch), 2 * HALF_SLOTS * stretch)
            self._loans[pool_id] = (stretch, loan)
        return loan

    def _drawn(self, pool_id: str, stretch: str, first: int) -> Loan | None:
        if not self._streams.strikes(self._chance, f"loan|{pool_id}", stretch):
            return None
        added = int(HALF_SLOTS * self._streams.unit(f"loan added|{pool_id}", stretch))
        taken = int(HALF_SLOTS * self._streams.unit(f"loan taken|{pool_id}", stretch))
        share = int(_MEDIAN * growth(self._streams.bell(f"loan share|{pool_id}", stretch)))
        return Loan(first + added, first + HALF_SLOTS + taken, min(share, _MOST))


def _changed(pool: RaydiumAmmV4 | RaydiumCpmm, change_a: int, change_b: int) -> RaydiumAmmV4 | RaydiumCpmm:
    if isinstance(pool, RaydiumAmmV4):
        return replace(pool, reserve_a=pool.reserve_a + change_a, reserve_b=pool.reserve_b + change_b)
    return replace(pool, a=_with(pool.a, change_a), b=_with(pool.b, change_b))


def _with(side: Side, change: int) -> Side:
    return replace(side, vault=side.vault + change)
