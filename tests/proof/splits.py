"""Random executions of an order: any split, and splits close to the route's own."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from fillwire_dex import Mode, Route
from tests.proof.executions import Execution, Weights, execute
from tests.proof.graph import Graph
from tests.proof.orders import Order

_NEAR = (1.0, 1e-1, 1e-3, 1e-5)
"""By how much the shares of a route are changed, as the deviation of their logarithms."""


def attempts(chance: Random, graph: Graph, order: Order, route: Route | None) -> Iterator[Execution]:
    """Yield those of a dozen random executions that the order's limits and the venues allow."""
    trials = [_anyhow(chance, graph, order) for _ in range(4)]
    if route is not None:
        own = _weights(graph, route)
        trials += [_changed(chance, own, deviation) for deviation in _NEAR]
        trials += [_with_another(chance, graph, own) for _ in range(3)]
    for weights in trials:
        execution = execute(graph, weights)
        if execution is not None and execution.within(order):
            yield execution


def _anyhow(chance: Random, graph: Graph, order: Order) -> Weights:
    """Choose some tokens between, an order of them and some of the edges that follow it."""
    between = [token for token in graph.tokens if token not in (graph.source, graph.target)]
    chance.shuffle(between)
    way = [graph.source, *between[: chance.randrange(3)], graph.target]
    places = {token: place for place, token in enumerate(way)}
    forward = [
        number
        for number, edge in enumerate(graph.edges)
        if edge.tail in places and edge.head in places and places[edge.tail] < places[edge.head]
    ]
    count = min(len(forward), chance.randint(1, min(order.max_legs, 12)))
    return {number: chance.expovariate(1) for number in chance.sample(forward, count)}


def _weights(graph: Graph, route: Route) -> dict[int, float]:
    """Return the shares in which the route sells or, exact out, buys."""
    legs = {(leg.pool_id, leg.token_in): leg for leg in route.legs}
    found = {}
    for number, edge in enumerate(graph.edges):
        leg = legs.get((edge.listing.id, edge.tail))
        if leg is not None:
            found[number] = float(leg.amount_in if route.mode is Mode.EXACT_IN else leg.amount_out)
    return found


def _changed(chance: Random, weights: Weights, deviation: float) -> Weights:
    return {number: weight * chance.lognormvariate(0, deviation) for number, weight in weights.items()}


def _with_another(chance: Random, graph: Graph, weights: Weights) -> Weights:
    """Give a small share to an edge the route may not use, and now and then drop one of its own."""
    changed = dict(weights)
    if len(changed) > 1 and chance.random() < 0.5:
        del changed[chance.choice(list(changed))]
    added = chance.randrange(len(graph.edges))
    return changed | {added: max(weights.values()) * chance.choice((1e-4, 1e-2, 0.3))}
