"""The best plan over the pools of the pair itself, and what it says other tokens would have to be worth."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from fillwire_dex.routing.graph import SOURCE, TARGET, Graph
from fillwire_dex.routing.ladder import last_price
from fillwire_dex.routing.plan import Plan
from fillwire_dex.routing.request import Request
from fillwire_dex.routing.waterfill import Fill, Waterfill


class Direct:
    """Water-filling over the direct pools of a graph."""

    def __init__(self, graph: Graph, request: Request) -> None:
        self._graph, self._request = graph, request
        self._numbers = graph.direct
        self._waterfill = Waterfill([graph.passages[number].ladder for number in self._numbers])

    def plan(self, *, among: Collection[int] | None = None, near: Plan | None = None) -> Plan | None:
        """Return the best plan over these passages (default: all), None if they cannot fill the order."""
        found = self.fill(among, near)
        if found is None:
            return None
        flows = {self._numbers[index]: flow for index, flow in found.flows.items()}
        return Plan.of(flows, potentials(self._graph, {SOURCE: found.marginal_price}), self._graph, self._request)

    def candidates(self, plan: Plan) -> Collection[int]:
        """Return all direct passages: what is taken from one, another may take."""
        return self._numbers

    def fill(self, among: Collection[int] | None = None, near: Plan | None = None) -> Fill | None:
        """Return the fill behind it, by place among the direct pools."""
        places = [index for index, number in enumerate(self._numbers) if among is None or number in among]
        level = None if near is None else (near.prices[TARGET] / near.prices[SOURCE]) ** 0.5
        return self._waterfill.fill(self._request.amount, self._request.mode, among=places, near=level)


def potentials(graph: Graph, known: Mapping[int, float]) -> list[float]:
    """Return a price for every token, in units of the one bought, given those of some.

    An unknown one is worth the most that its first unit brings on any way onward:
    at these prices no passage that begins at such a token has a surplus.
    """
    prices = [0.0] * len(graph.tokens)
    prices[TARGET] = 1.0
    for number, price in known.items():
        prices[number] = price
    onward = [(tail, head, rate) for (tail, head), rate in graph.rates.items() if tail not in known and tail != TARGET]
    for _ in graph.tokens:
        changed = False
        for tail, head, rate in onward:
            if rate * prices[head] > prices[tail] * _RISE:
                prices[tail] = rate * prices[head]
                changed = True
        if not changed:
            break
    return prices


def affordable(
    graph: Graph, prices: Sequence[float], known: Collection[int], pairs: Collection[tuple[int, int]]
) -> list[float]:
    """Return the prices with no token that is not known dearer than what it costs by swaps of these pairs.

    Where they lead to a token and not on from it, no swap for it has a surplus then.
    """
    lowered = list(prices)
    offers = [(tail, head, graph.rates[tail, head]) for tail, head in pairs if head not in known]
    for _ in graph.tokens:
        before = list(lowered)
        for tail, head, rate in offers:
            if rate * lowered[head] > lowered[tail]:
                lowered[head] = lowered[tail] / rate
        if lowered == before:
            break
    return lowered


_RISE: Final = 1 + 1e-15
"""A rise by the rounding of floats is none."""


def any_prices(graph: Graph) -> list[float]:
    """Return prices to bound an order with that no plan was found for, because it takes all that the pools hold.

    They are those at which the direct pools have nothing left, or at which the first unit of no pool is worth having.
    """
    ends = [last_price(segment) for number in graph.direct for segment in graph.passages[number].curve]
    return potentials(graph, {SOURCE: price} if ends and (price := min(ends)) > 0 else {})
