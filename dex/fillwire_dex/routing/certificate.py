"""The bound that no execution can beat, by weak duality.

Give every token a price, whatever it be. A swap gains at those prices what its output is worth more than its input,
and at most its greatest possible gain, the `surplus`. All that a route gains in the end is the sum over its swaps, so
    worth of what is bought <= worth of what is sold + sum of the surpluses,
for every execution, and with equality at the prices of the optimum. (Boyd and Vandenberghe, Convex Optimization,
section 5.1; Angeris et al., Optimal Routing for Constant Function Market Makers.)
With a cost per leg and at most m legs only the m greatest surpluses less that cost can count.
Nor can all count that would need a longer way than `max_hops`, or one that comes back to a token, which is arbitrage and
not a route's work (`forward`).
The curves dominate the venues' integer arithmetic, whose every rounding goes against the trader, so the bound holds
for what can really be executed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import ceil, floor, inf, sqrt
from typing import Final, assert_never

from fillwire_dex.route import Mode
from fillwire_dex.routing.forward import Case, most
from fillwire_dex.routing.graph import SOURCE, TARGET, Graph, Pair, Passage
from fillwire_dex.routing.plan import Plan
from fillwire_dex.routing.request import Request

PROVEN: Final = 1e-6
"""A plan that others beat by less than this share, 0.01 bps, is good enough: more legs would be dust."""

_FLOAT_GUARD: Final = 1e-12
"""Covers the rounding of the few float operations of the bound, relatively."""


class Proof:
    """What is proven of an order by the prices that are met while it is planned.

    It is valid for any prices, and tight when those of the best plan are among them.
    """

    def __init__(self, graph: Graph, request: Request) -> None:
        self._graph, self._request = graph, request
        self._gains: list[Gains] = []
        self._cases: list[Case] = []
        self._least, self._weighed = inf, 0

    def add(self, prices: Sequence[float]) -> None:
        """Take prices in."""
        gains = _gains(self._graph, self._request, prices)
        self._gains.append(gains)
        self._cases.append(_by_pair(self._graph, gains))
        few = gains.fixed + sum(nlargest(self._request.max_legs, gains.net.values()))
        self._least = min(self._least, few)

    def add_all(self, plan: Plan) -> None:
        """Take in the prices of a plan, and those that its solver met beside."""
        for prices in (plan.prices, *plan.beyond):
            self.add(prices)

    def reach(self, worth: float) -> float:
        """Return the worth that no execution exceeds; `worth`, or what is known already, where nothing can exceed that."""
        if self._least > worth and self._weighed < len(self._cases):
            self._least = min(self._least, most(self._cases, self._request.max_hops, known=worth))
            self._weighed = len(self._cases)
        return self._least

    def within(self, numbers: Collection[int]) -> float:
        """Return the worth that no execution over just these passages exceeds."""
        return min(gains.fixed + sum(gains.net.get(number, 0.0) for number in numbers) for gains in self._gains)

    def leaves(self, worth: float) -> float:
        """Return how much, relatively, this worth is at most below the best."""
        return (self.reach(worth) - worth) / abs(worth) if worth else inf

    def bound(self, achieved: float) -> int:
        """Return what no execution brings more than, or takes less than, net of what its legs cost; raw units."""
        worth = self.reach(achieved)
        match self._request.mode:
            case Mode.EXACT_IN:
                return floor(worth)
            case Mode.EXACT_OUT:
                return max(0, ceil(-worth))
            case _:
                assert_never(self._request.mode)


def near(worth: float, out_of_reach: float) -> bool:
    """Whether a worth is as good as proven to be the best."""
    return out_of_reach - worth <= PROVEN * abs(worth)


@dataclass(frozen=True, slots=True)
class Gains:
    """What is gained at some prices: `fixed` in any case, and at most `net` by passage, net of what its leg costs."""

    fixed: float
    net: Mapping[int, float]


def _gains(graph: Graph, request: Request, prices: Sequence[float]) -> Gains:
    """Return what is gained at some prices, as worths of the request.

    All is rounded up by what floats may have lost.
    """
    match request.mode:
        case Mode.EXACT_IN:
            unit = prices[TARGET]
            fixed = prices[SOURCE] / unit * request.amount * (1 + _FLOAT_GUARD)
        case Mode.EXACT_OUT:
            unit = prices[SOURCE]
            fixed = -prices[TARGET] / unit * request.amount * (1 - _FLOAT_GUARD)
        case _:
            assert_never(request.mode)
    overs = (
        (number, surplus(graph.passages[number], prices) / unit * (1 + _FLOAT_GUARD) - request.leg_cost)
        for number, (tail, head, rate) in enumerate(graph.offers)
        if rate * prices[head] > prices[tail]
    )
    return Gains(fixed, {number: over for number, over in overs if over > 0})


def _by_pair(graph: Graph, gains: Gains) -> Case:
    """Return what the passages of each pair gain together."""
    together: dict[Pair, float] = {}
    for number, over in gains.net.items():
        pair = graph.passages[number].pair
        together[pair] = together.get(pair, 0.0) + over
    return Case(gains.fixed, together)


def missed(graph: Graph, plan: Plan, request: Request) -> float:
    """Return at most how much, relatively, a plan could gain by other flows, or by using other passages."""
    unit = plan.prices[TARGET] if request.mode is Mode.EXACT_IN else plan.prices[SOURCE]
    total, cost = 0.0, request.leg_cost * unit
    for number, passage in enumerate(graph.passages):
        gain, flow = surplus(passage, plan.prices), plan.flows.get(number)
        gained = cost if flow is None else flow[1] * plan.prices[passage.head] - flow[0] * plan.prices[passage.tail]
        total += max(0.0, gain - gained)
    return total / (plan.prices[SOURCE] * _sold(graph, plan))


def surplus(passage: Passage, prices: Sequence[float]) -> float:
    """Return the most that a passage can gain at these prices."""
    paid, got, curve = prices[passage.tail], prices[passage.head], passage.curve
    if not curve or curve[0].price * got <= paid:
        return 0.0
    return got * passage.ladder.surplus(sqrt(got / paid)) if paid > 0 else inf


def case(graph: Graph, request: Request, prices: Sequence[float]) -> Case:
    """Return what the passages of each pair can gain together at some prices, net of what their legs cost."""
    return _by_pair(graph, _gains(graph, request, prices))


def _sold(graph: Graph, plan: Plan) -> float:
    return sum(flow[0] for number, flow in plan.flows.items() if graph.passages[number].tail == SOURCE)
