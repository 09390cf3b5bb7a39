"""Bringing a pool back to the fair price as far as its fee lets it pay.

Nobody gains from a pool whose price is within its own fee of the fair one, so pools of a pair scatter over that band
and no further. Beyond it the gain is greatest where selling one unit more brings what the unit is worth; the pool's
curve says where that is, and its exact quote whether it pays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isinf, sqrt

from fillwire_dex.errors import Unquotable
from fillwire_dex.pools.pool import Direction, Pool, Segment, Swap


@dataclass(frozen=True, slots=True)
class Worth:
    """The fair value of one raw unit of each of a pool's tokens, in any one measure."""

    a: float
    b: float

    def of_pair(self, direction: Direction) -> tuple[float, float]:
        """Return the values of the token sold and of the one bought."""
        return (self.a, self.b) if direction is Direction.A_TO_B else (self.b, self.a)


@dataclass(frozen=True, slots=True)
class Arbitrage:
    """When arbitrageurs act: with `chance` in a slot where the price is off by more than fee and `margin`.

    They leave what gains less than `least_gain`, which is in the measure of `Worth`.
    """

    chance: float = 0.35
    margin: float = 0.0003
    least_gain: float = 0.05

    def way(self, pool: Pool, worth: Worth, *, now: int) -> Direction | None:
        """Return which token is worth selling to the pool, None when neither is."""
        fair, spot = worth.a / worth.b, pool.spot_price()
        direction = Direction.A_TO_B if spot > fair else Direction.B_TO_A
        edge = spot / fair if spot > fair else fair / spot
        if edge <= 1 + self.margin:
            return None
        kept = 1 - pool.fee_rate(direction, now=now)
        return direction if edge * kept > 1 + self.margin else None

    def swap(self, pool: Pool, direction: Direction, worth: Worth, *, now: int) -> Swap | None:
        """Return the swap that gains most by fair value, None when none gains enough."""
        value_in, value_out = worth.of_pair(direction)
        most = _until(pool.segments(direction, now=now), value_in / value_out)
        for amount_in in _attempts(most):
            swap = _quote(pool, direction, amount_in, now=now)
            gain = swap.amount_out * value_out - swap.amount_in * value_in if swap else 0
            if gain > 0:
                return swap if gain >= self.least_gain else None
        return None


def _until(segments: Iterable[Segment], price: float) -> int:
    """Return how much can be sold before one unit more brings less than `price`."""
    amount = 0.0
    for segment in segments:
        if segment.price <= price:
            break
        taken = segment.capacity
        if not isinf(segment.depth):
            taken = min(taken, segment.depth * (sqrt(segment.price / price) - 1))
        amount += taken
    return int(amount)


def _attempts(most: int) -> tuple[int, ...]:
    """Return the amounts to try in turn.

    At the end of its range a pool may take a few units less than its curve says; and where fees change along the way
    the curve may lie above what the pool pays.
    """
    return most, most - (most >> 20) - 2, most // 2, most // 4


def _quote(pool: Pool, direction: Direction, amount_in: int, *, now: int) -> Swap | None:
    try:
        return pool.quote_exact_in(direction, amount_in, now=now)
    except Unquotable:
        return None
