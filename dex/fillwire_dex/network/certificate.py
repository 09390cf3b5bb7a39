"""The bound that no flow can beat, by weak duality, at any prices.

With a price for every token, 1 for the one that is asked for, a flow brings at most the worth of what is given
and what every edge can earn: the maximum over x of price(head) * output(x) - price(tail) * x.
(Boyd and Vandenberghe, Convex Optimization, section 5.1; for networks of pools Diamandis et al., arXiv 2302.04938.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fillwire_dex.network.curves import Floats
from fillwire_dex.network.flat import Flat
from fillwire_dex.route import Mode

_FLOAT_GUARD: Final = 2.0**-46
"""Parts of all that is added up: 64 times the rounding of one operation."""

_NO_BEND: Final = 1e-200
"""Stands for 0 as a divisor: a straight segment is then filled by any gain, and nothing overflows."""

_TIGHT: Final = 1e-10
_NUDGES: Final = (1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Prices, in units of token `asked`, and what they prove of an amount of token `given`."""

    flat: Flat
    prices: Floats
    given: int
    asked: int
    amount: float
    mode: Mode

    @property
    def bound(self) -> float:
        """What no flow exceeds (EXACT_IN) or undercuts (EXACT_OUT), rounded outward."""
        order = self.amount * float(self.prices[self.given])
        earned, turnover = self._earnings()
        guard = _FLOAT_GUARD * (order + turnover)
        return order + earned + guard if self.mode is Mode.EXACT_IN else max(order - earned - guard, 0.0)

    def tightened(self, taken: Floats, reached: float) -> Certificate:
        """Return the certificate that proves most, at these prices or next to them.

        `taken` are the optimum's inputs by edge, `reached` what they bring (or take).
        A straight segment far longer than the order turns the last digit of its price into earnings,
        so every token is made dearer, by a little, than the tokens it is sold for.
        """
        best, bound = self, self.bound
        if abs(bound - reached) <= _TIGHT * reached:
            return best
        steps = self._steps_to_sink(taken)
        for nudge in _NUDGES:
            prices = self.prices * np.exp(nudge * (steps - steps[self.asked]))
            nudged = replace(self, prices=prices)
            if abs(nudged.bound - reached) < abs(bound - reached):
                best, bound = nudged, nudged.bound
        return best

    def _earnings(self) -> tuple[float, float]:
        """Return the most that all segments can earn, and the worth of all that would be swapped for it.

        Inside its capacity one earns (sqrt(worth of its first unit's output) - sqrt(its own worth))**2 / bend,
        which does not cancel; where the capacity ends it is the difference of the worths.
        """
        flat = self.flat
        paid, brought = self.prices[flat.tail], self.prices[flat.head] * flat.price
        bend = np.maximum(flat.bend, _NO_BEND)
        rise = np.maximum(np.sqrt(brought) - np.sqrt(paid), 0.0)
        wanted = rise / (np.sqrt(paid) * bend)
        taken = np.minimum(wanted, flat.capacity)
        cost, income = paid * taken, brought * taken / (1 + taken * bend)
        earned = np.where(wanted < flat.capacity, rise * rise / bend, np.maximum(income - cost, 0.0))
        return float(earned.sum()), float(cost.sum() + income.sum())

    def _steps_to_sink(self, taken: Floats) -> Floats:
        """Return by token the longest way that its flow goes on; where it goes round, as many steps as tokens."""
        steps = np.zeros(len(self.prices))
        tails, heads = self.flat.tails[taken > 0], self.flat.heads[taken > 0]
        for _ in range(len(steps)):
            longer = steps.copy()
            np.maximum.at(longer, tails, steps[heads] + 1)
            if (longer == steps).all():
                break
            steps = longer
        return steps
