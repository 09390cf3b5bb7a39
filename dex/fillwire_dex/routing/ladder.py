"""A pool's output curve, prepared so that what it takes at a price is found without walking it.

Prices are measured by the level u = 1 / sqrt(marginal price): at level u a segment takes
depth * (sqrt(price) * u - 1), cut to its capacity, so inputs are straight lines in u, and outputs in 1 / u.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from math import inf, sqrt
from typing import Final

from fillwire_dex.pools.pool import Segment

Curve = tuple[Segment, ...]

_REMEMBERED: Final = 1_024


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """Segment i is taken from level `opens[i]` on and full at `closes[i]`; a straight one is all taken at one level.

    `inputs[i]` and `outputs[i]` are the sums of all before segment i, and the last ones what the curve holds.
    `kinks` are all levels where the curve bends, in order.
    `slack` is what was cut from its end, at `slack_price` at most.
    """

    segments: Curve
    roots: list[float]
    opens: list[float]
    closes: list[float]
    inputs: list[float]
    outputs: list[float]
    kinks: list[float]
    slack: float
    slack_price: float

    @property
    def capacity(self) -> float:
        """How much can be sold into it."""
        return self.inputs[-1]

    @property
    def most(self) -> float:
        """How much can be bought from it; a curve without an end gives less than that."""
        return self.outputs[-1]

    def below(self, u: float) -> tuple[float, float]:
        """Return (input, output) of all that is strictly better priced than level `u`."""
        return self._filled(bisect_left(self.opens, u) - 1, u)

    def through(self, u: float) -> tuple[float, float]:
        """Return (input, output) of all that is as well priced as level `u`."""
        return self._filled(bisect_right(self.opens, u) - 1, u)

    def onward(self, u: float) -> float:
        """Return the first level, not below `u`, from which it takes more; infinite when it is full."""
        index = bisect_left(self.closes, u)
        while index < len(self.closes) and self.closes[index] == u > self.opens[index]:
            index += 1
        return max(u, self.opens[index]) if index < len(self.opens) else inf

    def lines(self, u: float) -> Iterator[tuple[float, float]]:
        """Yield (price, capacity) of the straight segments whose price is that of level `u`."""
        for index in range(bisect_left(self.opens, u), bisect_right(self.opens, u)):
            if self.closes[index] == u:
                yield self.segments[index].price, self.inputs[index + 1] - self.inputs[index]

    def sold(self, amount: float) -> float:
        """Return the output for an input within its capacity."""
        index = max(0, bisect_left(self.inputs, amount) - 1)
        return self.outputs[index] + output(self.segments[index], amount - self.inputs[index])

    def bought(self, amount: float) -> float:
        """Return the input for an output that it gives, infinite for what it only approaches."""
        index = max(0, bisect_left(self.outputs, amount) - 1)
        return self.inputs[index] + sold_for(self.segments[index], amount - self.outputs[index])

    def surplus(self, u: float) -> float:
        """Return the most that output less the price of level `u` times input can be; never negative."""
        taken, brought = self.below(u)
        price = 1 / (u * u)
        beyond = self.slack * (self.slack_price - price) if self.slack_price > price else 0.0
        return max(0.0, brought - price * taken) + beyond

    def _filled(self, index: int, u: float) -> tuple[float, float]:
        if index < 0:
            return 0.0, 0.0
        if u >= self.closes[index]:
            return self.inputs[index + 1], self.outputs[index + 1]
        segment, scale = self.segments[index], self.roots[index] * u
        taken = segment.depth * (scale - 1)
        return self.inputs[index] + taken, self.outputs[index] + segment.price * taken / scale


_ladders: Final[dict[int, tuple[Curve, Ladder]]] = {}
"""By the identity of the curve, which is kept alive with it: a pool hands out the same one while it is unchanged."""


def ladder(curve: Curve) -> Ladder:
    """Return the ladder of a pool's curve, remembered while the pool is.

    It ends a unit and the rounding of floats before the curve does, so that the pool surely takes what it takes;
    a thousandth of it for a pool that takes only some units.
    """
    known = _ladders.get(id(curve))
    if known is not None and known[0] is curve:
        return known[1]
    capacity = sum(segment.capacity for segment in curve)
    made = climb(curve, slack=0.0 if capacity == inf else min(1 + capacity * 1e-12, capacity * 1e-3))
    if len(_ladders) >= _REMEMBERED:
        for oldest in list(islice(_ladders, _REMEMBERED // 4)):
            _ladders.pop(oldest, None)
    _ladders[id(curve)] = curve, made
    return made


def climb(curve: Curve, *, slack: float = 0.0) -> Ladder:
    """Return the ladder of a curve less the last `slack` units it takes."""
    roots, opens, closes, inputs, outputs, kinks = [], [], [], [0.0], [0.0], []
    taken = brought = 0.0
    slack = min(slack, curve[-1].capacity) if curve else 0.0
    last = len(curve) - 1
    for index, segment in enumerate(curve):
        root, capacity = sqrt(segment.price), segment.capacity - (slack if index == last else 0.0)
        u = 1 / root
        end = inf if capacity == inf else u * (1 + capacity / segment.depth)
        taken += capacity
        brought += output(segment, capacity)
        roots.append(root)
        opens.append(u)
        closes.append(end)
        inputs.append(taken)
        outputs.append(brought)
        kinks.append(u)
        if u < end < inf:
            kinks.append(end)
    slack_price = 1 / closes[-1] ** 2 if slack else 0.0
    return Ladder(curve, roots, opens, closes, inputs, outputs, kinks, slack, slack_price)


def output(segment: Segment, amount: float) -> float:
    """Return what a segment gives for an input within its capacity."""
    if amount == inf:
        return segment.price * segment.depth
    return segment.price * amount / (1 + amount / segment.depth)


def sold_for(segment: Segment, amount: float) -> float:
    """Return the input for which a segment gives an output, infinite when none does."""
    if amount == inf:
        return inf
    left = 1 - amount / (segment.price * segment.depth)
    return amount / segment.price / left if left > 0 else inf


def last_price(segment: Segment) -> float:
    """Return the marginal price of the last unit a segment takes."""
    return segment.price / (1 + segment.capacity / segment.depth) ** 2
