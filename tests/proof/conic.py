"""The real-valued optimum by an interior-point method: cvxpy and Clarabel.

A piece of a curve gives p (x - x^2 / (d + x)) for x (Angeris et al., arXiv 2204.05238, in input terms);
the square over a line is one second-order cone. Amounts are scaled so that the order is 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, inf
from typing import Any, Final
from warnings import catch_warnings, simplefilter

import cvxpy as cp
import numpy as np
from cvxpy.atoms.affine.binary_operators import multiply
from cvxpy.atoms.affine.vstack import vstack

from fillwire_dex import Mode
from tests.proof.graph import Graph

TOLERANCE: Final = 5e-5
"""How far, relatively, the value that the solver tells may lie on the wrong side of the truth.

For orders that are small beside the pools it is that bad; what its flows truly come to is compared without any.
"""

_NOTHING: Final = 1e-9
"""The solver leaves about so much, as a share of the order, on every edge that it does not use."""

_STRAIGHT: Final = 1e7
"""A pool so many times deeper than the order is taken for a straight line; bent, the solver fails on it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment with both ends' amounts in units of the order."""

    edge: int
    tail: int
    head: int
    price: float
    depth: float
    capacity: float


@dataclass(frozen=True, slots=True)
class Optimum:
    """`value` is the most that can be bought or, exact out, the least it takes, as the solver says.

    `flows` are amounts by edge, of the token it sells or, exact out, of the one it buys; their unit does not matter.
    """

    value: float
    flows: tuple[float, ...]

    def rounded(self, mode: Mode) -> int:
        """Return the best whole amount that the value, doubted by the tolerance, still allows."""
        if mode is Mode.EXACT_IN:
            return floor(self.value * (1 - TOLERANCE))
        return ceil(self.value * (1 + TOLERANCE))


def optimum(graph: Graph) -> Optimum | None:
    """Return the optimum of the graph; None where the solver fails."""
    pieces = _pieces(graph)
    if not pieces:
        return None
    sold = cp.Variable(len(pieces), nonneg=True)
    bought, constraints = _bought(pieces, sold)
    tokens = graph.tokens
    net = _incidence([piece.head for piece in pieces], len(tokens)) @ bought
    net -= _incidence([piece.tail for piece in pieces], len(tokens)) @ sold
    source, target = tokens.index(graph.source), tokens.index(graph.target)
    between = [at for at in range(len(tokens)) if at not in (source, target)]
    if between:
        constraints.append(net[between] >= 0)
    if graph.mode is Mode.EXACT_IN:
        problem = cp.Problem(cp.Maximize(net[target]), [*constraints, -net[source] <= 1])
        return _solved(problem, sold, graph, pieces, graph.units[graph.target])
    problem = cp.Problem(cp.Minimize(-net[source]), [*constraints, net[target] >= 1])
    return _solved(problem, bought, graph, pieces, graph.units[graph.source])


def _solved(problem: Any, amounts: Any, graph: Graph, pieces: list[Piece], unit: float) -> Optimum | None:
    """Return what Clarabel answers; an answer that it calls inaccurate is none."""
    try:
        with catch_warnings():
            simplefilter("ignore", UserWarning)
            problem.solve(solver=cp.CLARABEL)
    except cp.SolverError:
        return None
    if problem.status != cp.OPTIMAL:
        return None
    flows = np.bincount([piece.edge for piece in pieces], np.maximum(amounts.value, 0), len(graph.edges))
    flows[flows < _NOTHING] = 0
    return Optimum(float(problem.value) * unit, tuple(flows.tolist()))


def _pieces(graph: Graph) -> list[Piece]:
    tokens = graph.tokens
    found = []
    for number, edge in enumerate(graph.edges):
        sold, bought = graph.units[edge.tail], graph.units[edge.head]
        for segment in edge.curve:
            ends = number, tokens.index(edge.tail), tokens.index(edge.head)
            found.append(Piece(*ends, segment.price * sold / bought, segment.depth / sold, segment.capacity / sold))
    return found


def _bought(pieces: list[Piece], sold: cp.Variable) -> tuple[Any, list[Any]]:
    """Return what the pieces give for what is sold, and what limits that.

    With x = s w the square is s^2 w^2 / d over 1 + s w / d, and s = min(1, d) keeps both near 1.
    """
    price = np.array([piece.price for piece in pieces])
    depth = np.array([piece.depth for piece in pieces])
    capacity = np.array([piece.capacity for piece in pieces])
    limited = np.flatnonzero(capacity < inf)
    constraints = [sold[limited] <= capacity[limited]] if len(limited) else []
    bent = np.flatnonzero(depth < _STRAIGHT)
    if not len(bent):
        return multiply(price, sold), constraints
    scale = np.minimum(1, depth[bent])
    ratio = scale / depth[bent]
    steps, squares = cp.Variable(len(bent)), cp.Variable(len(bent))
    constraints.append(sold[bent] == multiply(scale, steps))
    line = 1 + multiply(ratio, steps)
    # w^2 <= square * line, as |(2 w, line - square)| <= line + square.
    constraints.append(cp.SOC(line + squares, vstack([2 * steps, line - squares]), axis=0))
    lost = _incidence(bent.tolist(), len(pieces)) @ multiply(price[bent] * scale * ratio, squares)
    return multiply(price, sold) - lost, constraints


def _incidence(rows: list[int], height: int) -> Any:
    """Return the matrix that adds column j to row rows[j]."""
    matrix = np.zeros((height, len(rows)))
    matrix[rows, np.arange(len(rows))] = 1
    return matrix
