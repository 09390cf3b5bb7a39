"""Executing an order in given shares along the pools' curves, in real numbers: what an oracle's flows truly come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from math import ceil, floor, inf
from typing import Final

from fillwire_dex import Mode, Segment, Token
from tests.proof.graph import Edge, Graph

_ROUNDING: Final = 1e-12
"""Of the few float operations along the way."""


def execute(graph: Graph, flows: Mapping[int, float]) -> int | None:
    """Return the best whole amount that these flows allow; None if they go in a circle or the curves end too soon."""
    used = [number for number, flow in flows.items() if flow > 0]
    after: dict[Token, set[Token]] = {graph.source: set(), graph.target: set()}
    for number in used:
        after.setdefault(graph.edges[number].head, set()).add(graph.edges[number].tail)
    try:
        tokens = list(TopologicalSorter(after).static_order())
    except CycleError:
        return None
    if graph.mode is Mode.EXACT_IN:
        return floor(_sold(graph, flows, used, tokens) * (1 - _ROUNDING))
    taken = _bought(graph, flows, used, tokens) * (1 + _ROUNDING)
    return None if taken == inf else ceil(taken)


def _sold(graph: Graph, flows: Mapping[int, float], used: Sequence[int], tokens: Sequence[Token]) -> float:
    arrived: defaultdict[Token, float] = defaultdict(float, {graph.source: float(graph.amount)})
    for token in tokens:
        chosen = [number for number in used if graph.edges[number].tail == token and token != graph.target]
        for edge, part in _parts(graph, flows, chosen, arrived[token]):
            arrived[edge.head] += _output(edge.curve, part)
    return arrived[graph.target]


def _bought(graph: Graph, flows: Mapping[int, float], used: Sequence[int], tokens: Sequence[Token]) -> float:
    needed: defaultdict[Token, float] = defaultdict(float, {graph.target: float(graph.amount)})
    for token in reversed(tokens):
        chosen = [number for number in used if graph.edges[number].head == token and token != graph.source]
        if needed[token] and token != graph.source and not chosen:
            return inf
        for edge, part in _parts(graph, flows, chosen, needed[token]):
            needed[edge.tail] += _input(edge.curve, part)
    return needed[graph.source]


def _parts(graph: Graph, flows: Mapping[int, float], chosen: Sequence[int], amount: float) -> list[tuple[Edge, float]]:
    total = sum(flows[number] for number in chosen)
    return [(graph.edges[number], amount * (flows[number] / total)) for number in chosen]


def _output(curve: Sequence[Segment], amount: float) -> float:
    """Return what an input brings; what is more than the curve takes brings nothing."""
    total = 0.0
    for segment in curve:
        taken = min(amount, segment.capacity)
        total += segment.price * taken / (1 + taken / segment.depth)
        amount -= taken
        if amount <= 0:
            break
    return total


def _input(curve: Sequence[Segment], amount: float) -> float:
    """Return what an output takes; infinite where the curve ends before it."""
    total = 0.0
    for segment in curve:
        limit = segment.price * segment.depth
        if segment.capacity < inf:
            limit = segment.price * segment.capacity / (1 + segment.capacity / segment.depth)
        given = min(amount, limit)
        left = 1 - given / (segment.price * segment.depth)
        if left <= 0:
            return inf
        total += given / segment.price / left
        amount -= given
        if amount <= 0:
            return total
    return inf
