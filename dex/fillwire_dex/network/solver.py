"""The best flow of an amount through a network of pools, in real numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fillwire_dex.network import interior
from fillwire_dex.network.certificate import Certificate
from fillwire_dex.network.curves import Floats
from fillwire_dex.network.edge import Edge, Solution
from fillwire_dex.network.flat import Flat, flatten
from fillwire_dex.network.paths import Ways, ways
from fillwire_dex.network.program import program
from fillwire_dex.network.tangent import prices
from fillwire_dex.route import Mode

_LARGEST_FLOW: Final = 1e4
_LARGEST_UNIT: Final = 1e15

_UNPLACED: Final = 1e-6
"""Part of the order (or of what goes round with it) that may be left over: more, and the network is too small for it."""


def solve(
    edges: Sequence[Edge],
    *,
    tokens: int,
    source: int,
    target: int,
    amount: float,
    mode: Mode,
    start: Sequence[float] | None = None,
) -> Solution | None:
    """Return the flow that sells `amount` of the source for most of the target, or buys it for least of the source.

    None when no way joins the two, or the network cannot take (or give) the amount; and, for floats do not reach
    further, for some orders so large that they lose all but a ten-thousandth of the price before the first swap.
    Short of that the bound is met; where fees are 0 and bins a billion times the order it can lie some bps off.
    `start` are prices of about the optimum, such as those of an earlier solution: numbers are then better scaled.
    Edges may form cycles: with arbitrage among them the flow goes round, and its profit is in the bound.
    The same arguments give the same floats.
    """
    joined = ways(edges, tokens=tokens, source=source, target=target)
    if not joined.edges:
        return None
    given, asked = (source, target) if mode is Mode.EXACT_IN else (target, source)
    worth = _worth(joined, target, start)
    worth /= worth[asked]
    flat = flatten([edges[number] for number in joined.edges])
    supply = amount * float(worth[given]) * (1 if mode is Mode.EXACT_IN else -1)
    best = _optimum(flat, worth, supply, given, asked)
    if best is None:
        return None
    inputs = flat.by_edge(best.inputs)
    certificate = Certificate(flat, best.prices, given, asked, amount, mode).tightened(inputs, abs(best.left))
    return Solution(
        inputs=_spread(inputs, joined.edges, len(edges)),
        outputs=_spread(flat.by_edge(flat.outputs(best.inputs)), joined.edges, len(edges)),
        prices=tuple(certificate.prices.tolist()),
        bound=certificate.bound,
    )


@dataclass(frozen=True, slots=True)
class _Optimum:
    """The inputs by segment and the prices by token, in raw units, and what is left of the token asked for."""

    inputs: Floats
    prices: Floats
    left: float


def _optimum(
    flat: Flat, worth: Floats, supply: float, given: int, asked: int, *, unit: float | None = None
) -> _Optimum | None:
    """Solve in units of the order; in larger ones if arbitrage sends round so much that the order is no measure."""
    unit = unit or abs(supply)
    task = program(flat, worth, unit, supply=supply / unit, given=given, asked=asked)
    point = interior.optimum(task)
    if point is None:
        return None
    inputs = interior.flows(task, point)
    largest = float(inputs.max())
    if largest > _LARGEST_FLOW and unit < _LARGEST_UNIT * abs(supply):
        return _optimum(flat, worth, supply, given, asked, unit=unit * largest)
    balance = task.balance(inputs, task.flat.outputs(inputs))
    busy = max(abs(supply) / unit, float(inputs[flat.tail == given].sum()))
    if not abs(balance[given]) <= _UNPLACED * busy:
        return None
    return _Optimum(inputs * unit / worth[flat.tail], prices(task, point) * worth, unit * float(balance[asked]))


def _worth(joined: Ways, target: int, start: Sequence[float] | None) -> Floats:
    """Return the prices to count in: those to start from, if there is one for every token that matters."""
    mids = np.array(joined.mids(target))
    given = mids if start is None else np.where(mids > 0, start, 0.0)
    return given if (np.isfinite(given) & ((given > 0) == (mids > 0))).all() else mids


def _spread(values: Floats, numbers: Sequence[int], count: int) -> tuple[float, ...]:
    """Return values by edge, 0 for the edges that take no part."""
    result = np.zeros(count)
    result[numbers] = values
    return tuple(result.tolist())
