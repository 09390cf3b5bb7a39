"""The best plan over a network in which ways share tokens and pools, by `fillwire_dex.network`.

The network is first solved as it is. When its flow goes round in a circle (there is arbitrage between the pools) or
further than `max_hops`, the pairs of tokens that carry most are kept, one direction each, as far as they make neither,
and it is solved again on those; and some times more while the prices met so far leave it open whether other directions
gain more: then on those directions that could gain most.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from fillwire_dex.routing.certificate import PROVEN, case
from fillwire_dex.routing.direct import potentials
from fillwire_dex.routing.forward import upward
from fillwire_dex.routing.graph import SOURCE, TARGET, Graph, Pair
from fillwire_dex.routing.order import fits, one_way
from fillwire_dex.routing.plan import Flow, Plan
from fillwire_dex.routing.request import Request

_RELEVELLED: Final = 2
_STILL_RELEVELLED: Final = 5
"""How often it is tried whether another order of the tokens gains more; the second, while much is left to be gained."""
_MUCH: Final = 5e-5
_NEGLIGIBLE: Final = 1e-9
"""A flow of less than this share of the order is the solver's rounding."""


class Mesh:
    """The dual solver over all passages of a graph."""

    def __init__(self, graph: Graph, request: Request) -> None:
        self._graph, self._request = graph, request

    def plan(self, *, among: Collection[int] | None = None, near: Plan | None = None) -> Plan | None:
        """Return the best plan over these passages (default: all), None if they cannot fill the order."""
        found = self._solved(among, self._graph.by_pair, None if near is None else near.prices)
        if found is not None and self._is_route(found):
            return found
        order = self._most_promising_first() if found is None else self._heaviest_first(found)
        route = self._route(among, one_way(order, self._request.max_hops), found)
        if route is None:
            return None
        met = [route] if found is None else [found, route]
        for tried in range(_STILL_RELEVELLED):
            cases = [case(self._graph, self._request, plan.prices) for plan in met]
            reach, pairs = upward(self._graph.by_pair, cases, self._request.max_hops)
            left = PROVEN if tried < _RELEVELLED else _MUCH
            if reach - route.worth <= left * abs(route.worth):
                break
            other = self._route(among, pairs, route)
            if other is None:
                break
            met.append(other)
            route = max(route, other, key=lambda plan: plan.worth)
        return replace(route, beyond=[plan.prices for plan in met if plan is not route])

    def _route(self, among: Collection[int] | None, pairs: Collection[Pair], near: Plan | None) -> Plan | None:
        """Return the best plan over pairs that make no circle; None when there is none."""
        found = self._solved(among, pairs, None if near is None else near.prices)
        if found is None or not self._is_route(found):
            return None
        return found

    def candidates(self, plan: Plan) -> Collection[int]:
        """Return the passages of the plan: a smaller network is solved sooner."""
        return plan.flows.keys()

    def _solved(
        self, among: Collection[int] | None, pairs: Collection[Pair], start: Sequence[float] | None
    ) -> Plan | None:
        # Importing numpy takes longer than most orders, and most of them never come here.
        from fillwire_dex.network import Edge, solve  # noqa: PLC0415

        passages = self._graph.passages
        numbers = [
            number
            for number in (range(len(passages)) if among is None else sorted(among))
            if passages[number].curve and passages[number].pair in pairs
        ]
        edges = [Edge(passages[number].tail, passages[number].head, passages[number].curve) for number in numbers]
        solution = solve(
            edges,
            tokens=len(self._graph.tokens),
            source=SOURCE,
            target=TARGET,
            amount=float(self._request.amount),
            mode=self._request.mode,
            start=start,
        )
        if solution is None:
            return None
        flows = dict(zip(numbers, zip(solution.inputs, solution.outputs, strict=True), strict=True))
        prices = self._completed(solution.prices)
        return Plan.of(self._weighty(flows, prices), prices, self._graph, self._request)

    def _completed(self, prices: Sequence[float]) -> list[float]:
        """Return the prices in units of the token bought, with one for the tokens that the solver had no way to."""
        known = {token: price / prices[TARGET] for token, price in enumerate(prices) if price > 0}
        return potentials(self._graph, known)

    def _weighty(self, flows: dict[int, Flow], prices: Sequence[float]) -> dict[int, Flow]:
        """Return the flows that are more than rounding."""
        passages = self._graph.passages
        least = _NEGLIGIBLE * max(flow[0] * prices[passages[number].tail] for number, flow in flows.items())
        return {number: flow for number, flow in flows.items() if flow[0] * prices[passages[number].tail] > least}

    def _is_route(self, plan: Plan) -> bool:
        return fits({self._graph.passages[number].pair for number in plan.flows}, self._request.max_hops)

    def _heaviest_first(self, plan: Plan) -> list[Pair]:
        """Return all pairs by the worth of what they carry, those of the order's own tokens first among equals."""
        weights = dict.fromkeys(self._graph.by_pair, 0.0)
        for number, flow in plan.flows.items():
            passage = self._graph.passages[number]
            weights[passage.pair] += flow[0] * plan.prices[passage.tail]
        return sorted(weights, key=lambda pair: (-weights[pair], pair))

    def _most_promising_first(self) -> list[Pair]:
        """Return all pairs by how near their first unit comes to what it would bring on the best way.

        It is for orders so far beyond the depth of the pools that the solver finds no way through all of them at once.
        """
        prices, rates = potentials(self._graph, {}), self._graph.rates
        gains = {pair: rates[pair] * prices[pair[1]] / prices[pair[0]] if prices[pair[0]] else 0.0 for pair in rates}
        return sorted(gains, key=lambda pair: (-gains[pair], pair))
