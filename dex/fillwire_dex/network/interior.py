"""The optimum of a program by a primal-dual interior-point method.

Newton's method on flows and prices together, with a predictor and a corrector for every step
(S. Mehrotra, On the implementation of a primal-dual interior point method, SIAM J. Optim. 2, 1992).
Every flow stays strictly inside its limits, so the kinks of straight segments do not stop it:
it needs about a dozen steps whatever the curves are made of.
A step eliminates the flows and solves one linear system with a row for each token.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from fillwire_dex.network.curves import Floats
from fillwire_dex.network.program import Program
from fillwire_dex.network.tangent import Point, Tangent, dot, prices, tangent

PRECISION: Final = 1e-12
"""Parts of the result that may be missing at the end; 1e-8 bps."""

MOST_STEPS: Final = 60
"""Four times as many as a market usually needs; arbitrage of a thousand times the order needs up to these."""

DUST: Final = 1e-9
"""Parts of the order below which a flow that is not worth while is taken for none."""

_FIRST_INPUT: Final = 0.1
_FIRST_PRODUCT: Final = 0.01

_SHORTEST: Final = 0.9
_LONGEST: Final = 0.9995
"""How much of the way to the nearest limit a step may go: more, the nearer the optimum is."""

_RUNAWAY_PRICE: Final = 1e18


def optimum(program: Program) -> Point | None:
    """Return the optimum, or the last point before floats or steps ran out; None when prices run away."""
    point = _first(program)
    for _ in range(MOST_STEPS):
        near = tangent(program, point)
        if max(point.gap, near.missing()) <= PRECISION * near.value:
            break
        try:
            point = _next(near)
        except np.linalg.LinAlgError:
            break
        if point.duals[-len(program.free) :].max() > _RUNAWAY_PRICE:
            return None
    return point


def flows(program: Program, point: Point) -> Floats:
    """Return the input of every segment, those all but at a limit put exactly there."""
    capacity = program.flat.capacity
    size = len(capacity)
    taken, room = point.slacks[:size], point.slacks[size : 2 * size]
    loss, gain = point.duals[:size], point.duals[size : 2 * size]
    dust = DUST * min(1.0, float(prices(program, point)[program.given]))
    empty, full = taken < np.minimum(loss, dust), room < np.minimum(gain, dust)
    return np.where(empty, 0.0, np.where(full, capacity, taken))


def _first(program: Program) -> Point:
    """Return a point well inside all limits; one nearer to the optimum was seen to go astray on odd markets."""
    capacity = program.flat.capacity
    inputs = np.minimum(capacity / 2, _FIRST_INPUT)
    surpluses = np.full(len(program.free), _FIRST_PRODUCT)
    slacks = np.concatenate([inputs, capacity - inputs, surpluses])
    return Point(slacks, _FIRST_PRODUCT / slacks)


def _next(near: Tangent) -> Point:
    """Return the point one step on: aim at the optimum to see how far that goes, then step with a correction."""
    point, count = near.point, len(near.ratio)
    slacks, duals = near.towards(np.zeros(count))
    reach, dual_reach = _reach(point.slacks, slacks, 1.0), _reach(point.duals, duals, 1.0)
    hoped = dot(point.slacks + reach * slacks, point.duals + dual_reach * duals)
    aim = (hoped / point.gap) ** 3 * point.gap
    slacks, duals = near.towards(aim / count - slacks * duals)
    part = min(max(1 - point.gap / max(near.value, point.gap), _SHORTEST), _LONGEST)
    return Point(
        point.slacks + _reach(point.slacks, slacks, part) * slacks,
        point.duals + _reach(point.duals, duals, part) * duals,
    )


def _reach(values: Floats, changes: Floats, part: float) -> float:
    """Return how far the change may go: at most once, and only `part` of the way to where a value is 0."""
    steepest = float((changes / values).min())
    return min(1.0, -part / steepest) if steepest < 0 else 1.0
