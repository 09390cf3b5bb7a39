"""The true optimum of tiny orders: every integer split over every choice of pools, exactly quoted.

Parallel pools are combined by their tables of amounts, and a chain is one table looked up in another,
so nothing is left out although not every split is written down.
Exact out, tables hold what an amount takes as a negative number, so that greater is better either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fillwire_dex import AmountTooSmall, InsufficientLiquidity, Mode, Token
from tests.proof.economy import NOW
from tests.proof.graph import Edge, Graph
from tests.proof.orders import Order

Table = NDArray[np.float64]
"""The best other amount by number of swaps (rows) and fixed amount; -inf where it cannot be done."""

_MOST_BETWEEN: Final = 1_000
"""How many units of a token between are tried: more never flow where so little is ordered."""


def optimum(graph: Graph, order: Order) -> int | None:
    """Return the best that any execution comes to, net of what its legs cost; None where there is none."""
    table = _parallel(graph.mode, _edges(graph, graph.source, graph.target), order.amount)
    for token in graph.tokens:
        if token not in (graph.source, graph.target):
            table = _beside(table, _through(graph, token, order.amount))
    legs = np.arange(len(table))
    net = table[:, order.amount] - order.leg_cost * legs
    best = float(net[: order.max_legs + 1].max())
    return None if best == -inf else round(abs(best) if graph.mode is Mode.EXACT_OUT else best)


def _edges(graph: Graph, tail: Token, head: Token) -> list[Edge]:
    return [edge for edge in graph.edges if edge.tail == tail and edge.head == head]


def _parallel(mode: Mode, edges: Sequence[Edge], most: int) -> Table:
    """Return the table of pools side by side."""
    table = _nothing(most)
    for edge in edges:
        own = np.array([[-inf] * (most + 1), [-inf, *(_quote(mode, edge, amount) for amount in range(1, most + 1))]])
        own[0, 0] = 0
        table = _beside(table, own)
    return table


def _nothing(most: int) -> Table:
    table = np.full((1, most + 1), -inf)
    table[0, 0] = 0
    return table


def _quote(mode: Mode, edge: Edge, amount: int) -> float:
    """Return what one pool answers; what brings nothing is executed nowhere."""
    pool = edge.listing.pool
    try:
        if mode is Mode.EXACT_OUT:
            return -pool.quote_exact_out(edge.direction, amount, now=NOW).amount_in
        return pool.quote_exact_in(edge.direction, amount, now=NOW).amount_out or -inf
    except (AmountTooSmall, InsufficientLiquidity):
        return -inf


def _beside(one: Table, other: Table) -> Table:
    """Return the table of two that share an amount in every way."""
    height, width = len(one) + len(other) - 1, one.shape[1]
    table = np.full((height, width), -inf)
    for legs, row in enumerate(other):
        for part in np.flatnonzero(row > -inf):
            target = table[legs : legs + len(one), part:]
            np.maximum(target, one[:, : width - part] + row[part], out=target)
    return table


def _through(graph: Graph, token: Token, most: int) -> Table:
    """Return the table of chains over one token: what the fixed side comes to, looked up in the other side's table."""
    first, second = _edges(graph, graph.source, token), _edges(graph, token, graph.target)
    near, far = (first, second) if graph.mode is Mode.EXACT_IN else (second, first)
    fixed = _parallel(graph.mode, near, most)
    between = np.minimum(np.abs(np.where(fixed > -inf, fixed, 0)).astype(int), _MOST_BETWEEN)
    free = _parallel(graph.mode, far, int(between.max()))
    # More of the token between may be bought than is used, and exact out also more than is needed.
    if graph.mode is Mode.EXACT_IN:
        free = np.maximum.accumulate(free, axis=1)
    else:
        free = np.maximum.accumulate(free[:, ::-1], axis=1)[:, ::-1]
    table = np.full((len(fixed) + len(free) - 1, most + 1), -inf)
    for legs, row in enumerate(free):
        target = table[legs : legs + len(fixed)]
        np.maximum(target, np.where(fixed > -inf, row[between], -inf), out=target)
    return table
