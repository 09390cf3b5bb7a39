"""The upper bound that no split can beat, by weak duality.

For every price p > 0 the best split of an amount A brings at most
p * A + sum over pools of max(output(x) - p * x): whatever a split brings beyond p per unit,
some pool must have given it. With a cost c per leg and at most m legs only the m greatest of
max(0, that maximum - c) can count. (Boyd and Vandenberghe, Convex Optimization, section 5.1.)
The segments dominate the venues' integer arithmetic, whose every rounding goes against the
trader, so the bound holds for what can really be executed.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest
from math import floor
from typing import Final

from fillwire_dex.waterfill import Curve, surplus

_FLOAT_GUARD: Final = 1 + 1e-12
"""Covers the rounding of the few float operations of the bound."""


def upper_bound(curves: Sequence[Curve], amount: int, price: float, *, max_legs: int, leg_cost: int) -> int:
    """Return what no split of `amount` can exceed, net of `leg_cost` per leg, in raw units.

    It is valid at every price and tight at the marginal price of the best split.
    """
    gains = (max(0.0, surplus(curve, price) - leg_cost) for curve in curves)
    return floor((price * amount + sum(nlargest(max_legs, gains))) * _FLOAT_GUARD)
