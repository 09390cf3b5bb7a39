"""Executing an order in given shares, with the venues' exact integer quotes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from fillwire_dex import AmountTooSmall, InsufficientLiquidity, Mode, Token
from tests.proof.economy import NOW
from tests.proof.graph import Edge, Graph, hops
from tests.proof.orders import Order

Weights = Mapping[int, float]
"""By the edge's number; only their ratios among edges of one token count."""


@dataclass(frozen=True, slots=True)
class Execution:
    """What it brought or, exact out, took, in how many swaps, and how many of them one after the other."""

    other: int
    legs: int
    hops: int

    def within(self, order: Order) -> bool:
        """Whether the order's limits allow it."""
        return self.legs <= order.max_legs and self.hops <= order.max_hops


def execute(graph: Graph, weights: Weights) -> Execution | None:
    """Return the execution in these shares; None if they go in a circle or a venue refuses."""
    used = [number for number, weight in weights.items() if weight > 0]
    after: dict[Token, set[Token]] = {graph.target: set(), graph.source: set()}
    for number in used:
        after.setdefault(graph.edges[number].head, set()).add(graph.edges[number].tail)
    try:
        tokens = list(TopologicalSorter(after).static_order())
        other, legs = (_sell if graph.mode is Mode.EXACT_IN else _buy)(graph, weights, used, tokens)
    except (CycleError, AmountTooSmall, InsufficientLiquidity):
        return None
    return Execution(other, legs, hops([graph.edges[number].pair for number in used], graph.source) or 0)


def _sell(graph: Graph, weights: Weights, used: Sequence[int], tokens: Sequence[Token]) -> tuple[int, int]:
    """Sell all that has arrived of each token, in the order in which it arrives."""
    arrived: defaultdict[Token, int] = defaultdict(int, {graph.source: graph.amount})
    legs = 0
    for token in tokens:
        chosen = [number for number in used if graph.edges[number].tail == token and token != graph.target]
        for edge, part in _shares(graph, weights, chosen, arrived[token]):
            swap = edge.listing.pool.quote_exact_in(edge.direction, part, now=NOW)
            if not swap.amount_out:
                raise AmountTooSmall("no venue executes this")
            arrived[edge.head] += swap.amount_out
            legs += 1
    return arrived[graph.target], legs


def _buy(graph: Graph, weights: Weights, used: Sequence[int], tokens: Sequence[Token]) -> tuple[int, int]:
    """Buy all that is needed of each token, the last one first."""
    needed: defaultdict[Token, int] = defaultdict(int, {graph.target: graph.amount})
    legs = 0
    for token in reversed(tokens):
        if token == graph.source:
            continue
        chosen = [number for number in used if graph.edges[number].head == token]
        shares = _shares(graph, weights, chosen, needed[token])
        if needed[token] and not shares:
            raise InsufficientLiquidity("nobody sells what is needed")
        for edge, part in shares:
            swap = edge.listing.pool.quote_exact_out(edge.direction, part, now=NOW)
            needed[edge.tail] += swap.amount_in
            legs += 1
    return needed[graph.source], legs


def _shares(graph: Graph, weights: Weights, chosen: Sequence[int], amount: int) -> list[tuple[Edge, int]]:
    """Cut an amount into integers in proportion to the weights; what is left over goes to the greatest."""
    if not chosen:
        return []
    numbers = sorted(chosen, key=weights.__getitem__)
    total = sum(weights[number] for number in numbers)
    parts = [min(amount, int(amount * (weights[number] / total))) for number in numbers]
    parts[-1] = amount - sum(parts[:-1])
    return [(graph.edges[number], part) for number, part in zip(numbers, parts, strict=True) if part > 0]
