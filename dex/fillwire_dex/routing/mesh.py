"""The best plan over a network in which ways share tokens and pools, by `fillwire_dex.network`.

The network is first solved as it is. When its flow goes round in a circle (there is arbitrage between the pools) or
further than `max_hops`, the tokens are put in an order, that which could gain most at the prices of this solution, and it
is solved again on the pairs that go forward; and some times more, each time in the order that could gain most by all
prices met so far, until they prove that none gains more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from math import inf
from typing import Final

from fillwire_dex.routing.certificate import case, near
from fillwire_dex.routing.direct import affordable, potentials
from fillwire_dex.routing.forward import Case, upward
from fillwire_dex.routing.graph import SOURCE, TARGET, Graph, Pair
from fillwire_dex.routing.order import fits, one_way
from fillwire_dex.routing.plan import Flow, Plan
from fillwire_dex.routing.request import Request

_TRIALS: Final = 6
_FEW: Final = 4
_MUCH: Final = 5e-5
"""How many orders of the tokens are tried for what they could gain; after a few only while much is left to be gained."""
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
        if found is None:
            found = self._route(among, one_way(self._most_promising_first(), self._request.max_hops), None)
        return None if found is None else self._levelled(among, found)

    def _levelled(self, among: Collection[int] | None, found: Plan) -> Plan | None:
        """Return the best route over one order of the tokens after another, with the prices of all plans met."""
        met = [found]
        for pairs in self._orders(met):
            other = self._route(among, pairs, self._best(met) or found)
            if other is not None:
                met.append(other)
        route = self._best(met)
        return None if route is None else replace(route, beyond=[plan.prices for plan in met if plan is not route])

    def _orders(self, met: Sequence[Plan]) -> Iterator[Collection[Pair]]:
        """Yield the pairs that could gain most by the prices met, which grow meanwhile, until nothing can gain more.

        Where that does not come about soon, those that carry most where no order is kept are the last.
        """
        cases: list[Case] = []
        tried: list[Collection[Pair]] = []
        for trial in range(_TRIALS):
            cases += [case(self._graph, self._request, plan.prices) for plan in met[len(cases) :]]
            best = self._best(met)
            known = -inf if best is None else best.worth
            reach, pairs = upward(self._graph.by_pair, cases, self._request.max_hops, known=known)
            if best is not None and near(known, reach):
                return
            if pairs in tried or (trial >= _FEW and reach - known <= _MUCH * abs(known)):
                break
            tried.append(pairs)
            yield pairs
        yield one_way(self._heaviest_first(met[0]), self._request.max_hops)

    def _best(self, met: Sequence[Plan]) -> Plan | None:
        """Return the best of the plans that are routes, which all are but perhaps the first."""
        routes = met if self._is_route(met[0]) else met[1:]
        return max(routes, key=lambda plan: plan.worth, default=None)

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
        prices = self._completed(solution.prices, pairs)
        return Plan.of(self._weighty(flows, prices), prices, self._graph, self._request)

    def _completed(self, prices: Sequence[float], pairs: Collection[Pair]) -> list[float]:
        """Return the prices in units of the token bought, with one for the tokens that these pairs make no way through."""
        known = {token: price / prices[TARGET] for token, price in enumerate(prices) if price > 0}
        return affordable(self._graph, potentials(self._graph, known), known, pairs)

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
