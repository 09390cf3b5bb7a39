"""How much a pool has to give near its price: its say in the price of its pair.

The depth is what it gives, of both tokens together, while its price goes one percent up and one percent down, before
fees. So liquidity counts where it is, and neither what lies far from the price nor the edge of a tick or a bin moves
the measure by much. It reads no clock: fees, which may follow one, have no part in it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import singledispatch
from math import sqrt
from operator import attrgetter
from typing import Final

from fillwire_dex.pools import MeteoraDammV2, MeteoraDlmm, OrcaWhirlpool, RaydiumAmmV4, RaydiumClmm, RaydiumCpmm
from fillwire_dex.pools.concentrated.place import Place
from fillwire_dex.pools.damm_curve import RangeCurve
from fillwire_dex.pools.pool import Pool

_REACH_BPS: Final = 100
_STEP: Final = sqrt(1 + _REACH_BPS / 10_000)
"""By what the square root of a price is multiplied or divided when the price goes to the end of the reach."""

_ID: Final = attrgetter("id")
_UP: Final = int(_STEP * (1 << 32))
_DOWN: Final = int((1 << 32) / _STEP)


_KNOWN: Final[dict[int, tuple[Pool, float]]] = {}
_MOST_KNOWN: Final = 512


def depth(pool: Pool) -> float:
    """Return the depth of a pool in raw units of b; 0 where it has nothing near its price.

    It is kept with the pool, by what object it is: whether two are equal takes longer to say than the depth.
    """
    known = _KNOWN.get(id(pool))
    if known is None or known[0] is not pool:
        if len(_KNOWN) == _MOST_KNOWN:
            _KNOWN.clear()
        known = _KNOWN[id(pool)] = pool, _depth(pool)
    return known[1]


@singledispatch
def _depth(pool: Pool) -> float:
    raise TypeError(f"no depth is known of a {pool.kind}")


@_depth.register(RaydiumAmmV4)
@_depth.register(RaydiumCpmm)
def _of_product(pool: Pool) -> float:
    _, held_b = pool.reserves()
    return 2 * held_b * (1 - 1 / _STEP)


@_depth.register
def _of_damm(pool: MeteoraDammV2) -> float:
    if pool.fees.compounding:
        return _of_product(pool)
    lower, upper = max(_below(pool.sqrt_price), pool.sqrt_min_price), min(_above(pool.sqrt_price), pool.sqrt_max_price)
    ends = [_range(pool, sqrt_price) for sqrt_price in (lower, pool.sqrt_price, upper)]
    return _given(pool.spot_price(), *ends)


@_depth.register(RaydiumClmm)
@_depth.register(OrcaWhirlpool)
def _of_ticks(pool: RaydiumClmm | OrcaWhirlpool) -> float:
    place = pool.place
    lower, upper = _held(place, _below(place.sqrt_price)), _held(place, _above(place.sqrt_price))
    return _given(place.price, lower, place.reserves(), upper)


@_depth.register
def _of_bins(pool: MeteoraDlmm) -> float:
    reach = _REACH_BPS // pool.fees.bin_step
    first = bisect_left(pool.bins, pool.active_id - reach, key=_ID)
    last = bisect_right(pool.bins, pool.active_id + reach, key=_ID)
    near = [each.amounts() for each in pool.bins[first:last]]
    return pool.spot_price() * sum(a for a, _ in near) + sum(b for _, b in near)


def _below(sqrt_price: int) -> int:
    return sqrt_price * _DOWN >> 32


def _above(sqrt_price: int) -> int:
    return sqrt_price * _UP >> 32


def _range(pool: MeteoraDammV2, sqrt_price: int) -> tuple[int, int]:
    return RangeCurve(pool.liquidity, sqrt_price, pool.sqrt_min_price, pool.sqrt_max_price).reserves()


def _held(place: Place, sqrt_price: int) -> tuple[int, int]:
    return place.ladder.reserves(place.ladder.scale.tick_at(sqrt_price), sqrt_price)


def _given(price: float, lower: tuple[int, int], here: tuple[int, int], upper: tuple[int, int]) -> float:
    """Return what is given, in b, by what is held at either end of the reach; rounding may leave less than nothing."""
    (_, b_below), (a_here, b_here), (a_above, _) = lower, here, upper
    return max(b_here - b_below + price * (a_here - a_above), 0.0)
