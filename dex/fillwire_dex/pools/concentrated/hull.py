"""The least concave curve above a sequence of segments.

Where a fee falls along the way, the marginal price rises again and the output curve is not
concave; a straight line then bridges the dip, from where the curve leaves it to where it returns.

An arc's surplus at a price p, the most that output - p * input comes to on it, falls as p rises,
and faster the further right the arc lies: of two arcs the right one is the better one below one
price, that of their common tangent. The hull is made of the arcs that are the best at some price.
(The surplus is the concave conjugate: Rockafellar, Convex Analysis, sections 12 and 16.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, sqrt
from typing import Final

from fillwire_dex.pools.pool import Segment

_EVEN: Final = 1e-14
"""A relative difference of two prices that is rounding only."""

_NEAR: Final = 1e-11
"""A relative error after which one more Newton step is as exact as floats are."""

_ITERATIONS: Final = 60


@dataclass(frozen=True, slots=True)
class _Arc:
    """A segment where it lies on the curve."""

    x: float
    y: float
    segment: Segment

    def contact(self, price: float) -> float:
        """Return how far into the segment its marginal price has fallen to this one."""
        segment = self.segment
        if segment.price <= price:
            return 0.0
        return min(segment.depth * (sqrt(segment.price / price) - 1), segment.capacity)

    def height(self, taken: float) -> float:
        return self.y + self.segment.price * taken / (1 + taken / self.segment.depth)

    def piece(self, start: float, end: float) -> Segment:
        """Return the part of the segment between two inputs into it."""
        depth = self.segment.depth + start
        return Segment(self.segment.price * (self.segment.depth / depth) ** 2, depth, end - start)


_ORIGIN: Final = _Arc(0.0, 0.0, Segment(0.0, 1.0, 0.0))


def hull(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Return the segments, whose depths must be finite, or the hull in their place if a price rises."""
    if all(_joined(before, after) for before, after in pairwise(segments)):
        return tuple(segments)
    most = max(segment.price for segment in segments)
    least = min(_last_price(segment) for segment in segments)
    best = [(_ORIGIN, inf)]
    for arc in _laid_out(segments):
        while (price := _tangent(best[-1][0], arc, least, most)) >= best[-1][1]:
            best.pop()
        best.append((arc, price))
    return tuple(_pieces(best))


def _laid_out(segments: Iterable[Segment]) -> Iterator[_Arc]:
    x = y = 0.0
    for segment in segments:
        yield (arc := _Arc(x, y, segment))
        x, y = x + segment.capacity, arc.height(segment.capacity)


def _tangent(left: _Arc, right: _Arc, low: float, high: float) -> float:
    """Return the price of the line that touches both, by Newton's method within a bracket of it."""
    if left.x + left.segment.capacity == right.x and _joined(left.segment, right.segment):
        return right.segment.price
    price = right.segment.price
    for _ in range(_ITERATIONS):
        before, after = left.contact(price), right.contact(price)
        run = right.x + after - left.x - before
        chord = (right.height(after) - left.height(before)) / run if run > 0 else price
        if abs(chord - price) <= _NEAR * price:
            return chord
        low, high = (price, high) if chord > price else (low, price)
        price = chord if low < chord < high else (low + high) / 2
    return price


def _pieces(best: Sequence[tuple[_Arc, float]]) -> Iterator[Segment]:
    """Yield the used part of every arc, each after the line that leads to it."""
    end = 0.0
    exits = [price for _, price in best[2:]]
    for (arc, price), leaving in zip(best[1:], [*exits, 0.0], strict=True):
        first = arc.contact(price)
        last = arc.contact(leaving) if leaving else arc.segment.capacity
        if arc.x + first > end:
            yield Segment(price, inf, arc.x + first - end)
        if last > first:
            yield arc.piece(first, last)
        end = arc.x + max(first, last)


def _joined(before: Segment, after: Segment) -> bool:
    """Whether the price does not rise from one segment to the next."""
    return _last_price(before) >= after.price * (1 - _EVEN)


def _last_price(segment: Segment) -> float:
    return segment.price / (1 + segment.capacity / segment.depth) ** 2
