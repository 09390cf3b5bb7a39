"""Which pools share an amount: the optimum over all, less the legs that are not worth having."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import floor, inf
from typing import Final

from fillwire_dex.route import Verdict
from fillwire_dex.waterfill import Curve, Fill, fill, surplus

DUST_BPS: Final = 0.01
"""A leg must improve the result by more than this to be worth an instruction of its own."""

_FLOAT_ROUNDING: Final = 1e-12


@dataclass(slots=True)
class Split:
    """A search over subsets of curves, which must be `cautious`.

    `dropped` says why a curve was taken out, `prices` are the marginal prices met on the way.
    It starts from the optimum over all curves and drops one leg at a time, always the one that
    brings least: while there are more than `max_legs`, or while it brings less than `leg_cost`
    (raw output units) and dust together.
    """

    curves: Sequence[Curve]
    amount: int
    max_legs: int
    leg_cost: int
    dropped: dict[int, Verdict] = field(default_factory=dict)
    prices: set[float] = field(default_factory=set)

    def solve(self) -> dict[int, int] | None:
        """Return the integer inputs by curve, None if `max_legs` of them cannot take the amount.

        Solving again takes into account what was dropped since.
        """
        chosen = filled = self._fill(())
        while filled is not None:
            self.prices.add(filled.marginal_price)
            chosen, filled = filled, self._smaller(filled)
        legs = self._integers(chosen) if chosen is not None else {}
        return legs if 0 < len(legs) <= self.max_legs else None

    def _fill(self, without: Sequence[int]) -> Fill | None:
        """Return the optimum over the curves that are neither dropped nor in `without`."""
        out = self.dropped.keys() | without
        return fill([() if i in out else curve for i, curve in enumerate(self.curves)], self.amount)

    def _smaller(self, filled: Fill) -> Fill | None:
        """Drop a leg and return the fill without it; None when every leg may stay."""
        price = filled.marginal_price
        ranked = sorted(
            (surplus(self.curves[index], price), index) for index, taken in enumerate(filled.inputs) if taken >= 1
        )
        if len(ranked) > self.max_legs:
            return self._without_weakest([index for _, index in ranked])
        if len(ranked) > 1:
            return self._without_costly(filled, *ranked[0])
        return None

    def _without_weakest(self, ranked: list[int]) -> Fill | None:
        """Drop the weakest half of the excess, or the next ones if the rest is then too small."""
        count = max(1, (len(ranked) - self.max_legs) // 2)
        for start in range(len(ranked) - count + 1):
            out = ranked[start : start + count]
            if (filled := self._fill(out)) is not None:
                self.dropped.update(dict.fromkeys(out, Verdict.MAX_LEGS))
                return filled
        return None

    def _without_costly(self, filled: Fill, gain: float, index: int) -> Fill | None:
        """Drop the weakest leg if doing without it loses less than it costs.

        `gain`, its surplus, is a lower bound of that loss: a leg above its cost needs no trial.
        """
        value = sum(filled.outputs)
        cost = self.leg_cost + value * DUST_BPS / 10_000
        if gain >= cost:
            return None
        smaller = self._fill((index,))
        if smaller is None or (loss := value - sum(smaller.outputs)) >= cost:
            return None
        self.dropped[index] = Verdict.LEG_COST if loss < self.leg_cost else Verdict.DUST
        return smaller

    def _integers(self, filled: Fill) -> dict[int, int]:
        """Cut the inputs to integers that sum to the amount; empty when there is no room for them."""
        legs = {index: floor(taken) for index, taken in enumerate(filled.inputs) if taken >= 1}
        rest = self.amount - sum(legs.values())
        rooms = {index: _capacity(self.curves[index]) - taken for index, taken in legs.items()}
        # Beyond 2**53 the floats may also sum to too much: that is taken from the largest leg.
        for index in sorted(legs, key=(rooms if rest > 0 else legs).__getitem__, reverse=True):
            given = rest if rest <= rooms[index] else floor(rooms[index])
            legs[index] += given
            rest -= given
        return legs if rest == 0 else {}


def cautious(curve: Curve) -> Curve:
    """Return a curve that surely ends before the pool does, by a unit and the rounding of floats."""
    capacity = _capacity(curve)
    if capacity == inf:
        return curve
    *others, last = curve
    shortened = last.capacity - capacity * _FLOAT_ROUNDING - 1
    return (*others, replace(last, capacity=shortened)) if shortened > 0 else tuple(others)


def _capacity(curve: Curve) -> float:
    return sum(segment.capacity for segment in curve)
