"""The real-valued optimum from the other side: scipy's L-BFGS-B on the prices of the tokens.

At any prices the profit of all pieces against them bounds the order (Diamandis et al., arXiv 2302.04938);
the flows at the best prices say in which shares to execute it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]  # it ships no types

from fillwire_dex import Mode, Token
from tests.proof.graph import Graph

TOLERANCE: Final = 1e-9
"""Of the few float operations of a bound."""

_WIDEST: Final = 12.0
"""How far a price may move from the fair one, as a logarithm."""
_BENDS: Final = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
_OPTIONS: Final = {"maxiter": 500, "ftol": 1e-13, "gtol": 1e-9}

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Dual:
    """`bound` cannot be beaten by any flow; `converged` is what scipy says of it.

    `flows` are raw amounts by edge, of the token it sells or, exact out, of the one it buys.
    """

    bound: float
    flows: tuple[float, ...]
    converged: bool


@dataclass(frozen=True, slots=True)
class _Pieces:
    """All segments as columns, scaled so that the order is 1."""

    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    edge: NDArray[np.int64]
    price: Vector
    depth: Vector
    capacity: Vector

    def inputs(self, prices: Vector) -> Vector:
        """Return what each takes where a unit of a token costs this."""
        lead = self.price * prices[self.head] / prices[self.tail]
        bent = np.isfinite(self.depth)
        depth = np.where(bent, self.depth, 1.0)
        wished = np.where(bent, depth * (np.sqrt(np.maximum(lead, 1.0)) - 1), np.inf)
        return np.where(lead > 1, np.minimum(wished, self.capacity), 0.0)

    def outputs(self, inputs: Vector) -> Vector:
        return self.price * inputs / (1 + inputs / self.depth)

    def bent(self, bend: float) -> _Pieces:
        """Return pieces that all lose about this share of their price, or more, where they take the whole order."""
        most = np.minimum(self.capacity, 1.0) / bend
        return replace(self, depth=np.minimum(self.depth, most))


def solve(graph: Graph) -> Dual:
    """Return the best prices that L-BFGS-B finds; the graph must have something to trade.

    Straight pieces, and pools far larger than the order, make the profit kinked, which stops it early.
    So all are bent at first, and less each time; the bound is that of the true ones.
    """
    true = _pieces(graph)
    logs = np.zeros(len(graph.tokens) - 1)
    limits = [(-_WIDEST, _WIDEST)] * len(logs)
    bound, found = _profit(graph, true), []
    for bend in _BENDS:
        pieces = true.bent(bend)
        best = minimize(_profit(graph, pieces), logs, jac=True, method="L-BFGS-B", bounds=limits, options=_OPTIONS)
        logs = best.x
        found.append((bound(logs)[0], _flows(graph, pieces, logs), bool(best.success)))
    value, flows, converged = min(found, key=lambda stage: stage[0])
    sign = 1 if graph.mode is Mode.EXACT_IN else -1
    return Dual(sign * value * graph.units[_priced(graph)], flows, converged)


def _profit(graph: Graph, pieces: _Pieces) -> Callable[[Vector], tuple[float, Vector]]:
    """Return what is to be as small as possible, and its slope, by the logarithms of all prices but that of `_priced`."""
    tokens = graph.tokens
    priced = tokens.index(_priced(graph))
    known = tokens.index(graph.source if graph.mode is Mode.EXACT_IN else graph.target)
    sign = 1.0 if graph.mode is Mode.EXACT_IN else -1.0

    def profit(logs: Vector) -> tuple[float, Vector]:
        prices = _prices(graph, logs)
        inputs = pieces.inputs(prices)
        net = np.bincount(pieces.head, pieces.outputs(inputs), len(tokens))
        net -= np.bincount(pieces.tail, inputs, len(tokens))
        net[known] += sign
        return float(net @ prices), np.delete(net * prices, priced)

    return profit


def _priced(graph: Graph) -> Token:
    """Return the token in which all others are priced."""
    return graph.target if graph.mode is Mode.EXACT_IN else graph.source


def _prices(graph: Graph, logs: Vector) -> Vector:
    return np.exp(np.insert(logs, graph.tokens.index(_priced(graph)), 0.0))


def _flows(graph: Graph, pieces: _Pieces, logs: Vector) -> tuple[float, ...]:
    inputs = pieces.inputs(_prices(graph, logs))
    if graph.mode is Mode.EXACT_IN:
        flows, ends = inputs, [edge.tail for edge in graph.edges]
    else:
        flows, ends = pieces.outputs(inputs), [edge.head for edge in graph.edges]
    by_edge = np.bincount(pieces.edge, flows, len(ends))
    return tuple(float(flow) * graph.units[end] for flow, end in zip(by_edge, ends, strict=True))


def _pieces(graph: Graph) -> _Pieces:
    tokens, units = graph.tokens, graph.units
    found = [
        (
            tokens.index(edge.tail),
            tokens.index(edge.head),
            number,
            segment.price * units[edge.tail] / units[edge.head],
            segment.depth / units[edge.tail],
            segment.capacity / units[edge.tail],
        )
        for number, edge in enumerate(graph.edges)
        for segment in edge.curve
    ]
    columns = [np.array(column) for column in zip(*found, strict=True)]
    return _Pieces(*columns)
