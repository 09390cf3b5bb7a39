"""Pools side by side, and one after the other, as one curve again.

Side by side: at level u all open segments together take a * u - b and give c - a / u, which is again the curve of a
segment, of depth a * u0 where u0 is the level at which it begins.
One after the other: p * x / (1 + x / d) put into q * y / (1 + y / e) is p * q * x / (1 + x * (1 / d + p / e)).
So both are exact; the segments are made one by one, as far as the order needs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from math import inf, isinf

from fillwire_dex.pools.pool import Segment
from fillwire_dex.routing.ladder import Ladder, output, sold_for


def beside(ladders: Iterable[Ladder]) -> Iterator[Segment]:
    """Yield the curve of parallel pools, best price first."""
    depth = reached = 0.0
    opened = 0
    for u, opening, change, line in merge(*map(_bends, ladders)):
        if opened and u > reached:
            yield Segment(1 / (reached * reached), depth * reached, depth * (u - reached))
        if line:
            yield Segment(1 / (u * u), inf, line)
        opened += opening
        depth = depth + change if opened else 0.0
        reached = u
    if opened:
        yield Segment(1 / (reached * reached), depth * reached, inf)


def _bends(ladder: Ladder) -> Iterator[tuple[float, int, float, float]]:
    """Yield (level, segments opened, change of slope, straight capacity) of a ladder."""
    for index, segment in enumerate(ladder.segments):
        begin, end = ladder.opens[index], ladder.closes[index]
        if isinf(segment.depth):
            yield begin, 0, 0.0, ladder.inputs[index + 1] - ladder.inputs[index]
            continue
        slope = segment.depth * ladder.roots[index]
        yield begin, 1, slope, 0.0
        if end != inf:
            yield end, -1, -slope, 0.0


def after(first: Iterable[Segment], second: Iterable[Segment]) -> Iterator[Segment]:
    """Yield the curve of selling into the first what the second then takes."""
    firsts, seconds = iter(first), iter(second)
    one, two = next(firsts, None), next(seconds, None)
    while one is not None and two is not None:
        room = sold_for(one, two.capacity)
        taken = min(one.capacity, room)
        if taken > 0:
            yield _joined(one, two, taken)
        if taken == inf:
            return
        brought = output(one, taken)
        one = _rest(one, taken) if taken < one.capacity else next(firsts, None)
        two = _rest(two, brought) if taken < room else next(seconds, None)


def _joined(one: Segment, two: Segment, capacity: float) -> Segment:
    bend = 1 / one.depth + one.price / two.depth
    return Segment(one.price * two.price, 1 / bend if bend else inf, capacity)


def until(curve: Iterable[Segment], *, price: float, amount: float, side: int) -> tuple[Segment, ...]:
    """Return the beginning of a curve that is better than `price`, or that takes (side 0) or gives (1) `amount`."""
    kept: list[Segment] = []
    for segment in curve:
        if segment.price <= price or amount <= 0:
            break
        kept.append(segment)
        amount -= (segment.capacity, output(segment, segment.capacity))[side]
    return tuple(kept)


def _rest(segment: Segment, taken: float) -> Segment:
    """Return what is left of a segment."""
    if isinf(segment.depth):
        return Segment(segment.price, inf, segment.capacity - taken)
    return Segment(segment.price / (1 + taken / segment.depth) ** 2, segment.depth + taken, segment.capacity - taken)
