"""The output curve of liquidity between ticks, in the router's terms.

It is the limit of the integer steps without any rounding. Every rounding goes against the trader,
so a swap never brings more than the curve, however many ticks it crosses.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final

from fillwire_dex.pools.concentrated.course import Point
from fillwire_dex.pools.concentrated.ladder import Way
from fillwire_dex.pools.concentrated.steps import RATE_UNIT, Levy, Stretch
from fillwire_dex.pools.pool import Direction, Segment

_ONE: Final = float(1 << 64)


def curve(way: Way, levy: Levy, start: Point) -> tuple[Segment, ...]:
    """Return the curve from a point to the last tick, at one fee rate."""
    rung, sqrt_price = start
    if rung == len(way.targets):
        return ()
    segments, passed = _whole_rungs(way, levy)
    here = Stretch(way.liquidity[rung], sqrt_price, way.targets[rung])
    return (*segment(way.direction, here, levy), *segments[passed[rung] :])


def segment(direction: Direction, stretch: Stretch, levy: Levy) -> tuple[Segment, ...]:
    """Return the segment of a stretch, none if it is empty.

    Its capacity is what takes the price exactly to the end, so that the curves of neighbours join.
    """
    liquidity, start, target = stretch
    if not liquidity or start == target:
        return ()
    held, moved, price = float(liquidity), float(abs(target - start)), (start / _ONE) ** 2
    if direction is Direction.A_TO_B:
        depth, capacity = held / start * _ONE, held / start * _ONE * moved / target
    else:
        price, depth, capacity = 1 / price, held / _ONE * start, held / _ONE * moved
    kept = 1 - levy.rate / RATE_UNIT
    if levy.on_input:
        depth, capacity = depth / kept, capacity / kept
    return (Segment(price * kept, depth, capacity),)


@lru_cache(maxsize=1024)
def _whole_rungs(way: Way, levy: Levy) -> tuple[tuple[Segment, ...], tuple[int, ...]]:
    """Return the segments of all rungs between ticks, and by rung how many of them end with it."""
    rungs = [
        segment(way.direction, Stretch(liquidity, *ends), levy)
        for liquidity, ends in zip(way.liquidity[1:], pairwise(way.targets), strict=False)
    ]
    return tuple(s for rung in rungs for s in rung), (0, *accumulate(map(len, rungs)))
