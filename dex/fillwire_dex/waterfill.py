"""The best split of an amount over parallel concave curves, in real numbers.

At the optimum every used curve has the same marginal price and every unused one a lower one.
With u = 1 / sqrt(marginal price) a segment takes depth * (sqrt(price) * u - 1), cut to its
capacity, so the total is piecewise linear in u and is solved by one sweep over its kinks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isinf, sqrt

from fillwire_dex.pools.pool import Segment

Curve = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Fill:
    """Inputs by curve, their outputs, and the marginal price they share; raw units."""

    inputs: list[float]
    outputs: list[float]
    marginal_price: float


def fill(curves: Sequence[Curve], amount: float) -> Fill | None:
    """Return the split of `amount` with the greatest output, None if the curves cannot take it."""
    u = _level(curves, amount)
    if u is None:
        return None
    price = 1 / (u * u)
    inputs, outputs, rest = [], [], amount
    for curve in curves:
        taken = [_input(segment, u) for segment in curve]
        inputs.append(sum(taken))
        outputs.append(sum(map(output, curve, taken)))
        rest -= inputs[-1]
    _fill_marginal_lines(curves, inputs, outputs, rest, u)
    return Fill(inputs, outputs, price)


def output(segment: Segment, amount: float) -> float:
    """Return what a segment gives for an input within its capacity."""
    return segment.price * amount / (1 + amount / segment.depth)


def last_price(segment: Segment) -> float:
    """Return the marginal price of the last unit a segment takes."""
    return segment.price / (1 + segment.capacity / segment.depth) ** 2


def surplus(curve: Curve, price: float) -> float:
    """Return the most that output less price * input can be on this curve; never negative."""
    u = 1 / sqrt(price)
    total = 0.0
    for segment in curve:
        taken = _input(segment, u)
        if taken > 0:
            total += max(0.0, output(segment, taken) - price * taken)
    return total


def _input(segment: Segment, u: float) -> float:
    """Return what a segment takes at this level; a straight one only when strictly better."""
    lead = sqrt(segment.price) * u - 1
    if lead <= 0:
        return 0.0
    return min(segment.depth * lead, segment.capacity)


def _level(curves: Sequence[Curve], amount: float) -> float | None:
    """Return the u at which the curves together take `amount`."""
    slope = offset = 0.0
    open_segments = 0
    for u, bent, slope_change, offset_change in sorted(_kinks(curves)):
        if open_segments and slope * u + offset >= amount:
            break
        slope += slope_change
        offset += offset_change
        open_segments += bent
        if not open_segments:
            slope = 0.0
        if not bent and slope * u + offset >= amount:
            return u
    return (amount - offset) / slope if open_segments else None


def _kinks(curves: Sequence[Curve]) -> list[tuple[float, int, float, float]]:
    """Return (u, segments opened, change of slope, change of offset) of the total."""
    kinks = []
    for curve in curves:
        for segment in curve:
            root, depth, capacity = sqrt(segment.price), segment.depth, segment.capacity
            if isinf(depth):
                kinks.append((1 / root, 0, 0.0, capacity))
                continue
            kinks.append((1 / root, 1, depth * root, -depth))
            if capacity != inf:
                end = (1 + capacity / depth) / root
                kinks.append((end, -1, -depth * root, depth + capacity))
    return kinks


def _fill_marginal_lines(
    curves: Sequence[Curve], inputs: list[float], outputs: list[float], rest: float, u: float
) -> None:
    """Put what is left into the straight segments whose price is the marginal one."""
    for index, curve in enumerate(curves):
        for segment in curve:
            if isinf(segment.depth) and 1 / sqrt(segment.price) == u and rest > 0:
                taken = min(rest, segment.capacity)
                inputs[index] += taken
                outputs[index] += segment.price * taken
                rest -= taken
