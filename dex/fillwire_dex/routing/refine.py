"""Better use of few legs: a plan's legs exchanged for others, one swap or one way through a token at a time.

Dropping legs one by one (`pruning`) tears ways of several swaps apart. From what is left, legs are added as long as there
is room, those first that promise most at the plan's prices, and each leg is tried to be done without for others.
It is a local search, and ends after a number of trials: what it leaves to be gained is part of the route's gap.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from heapq import nlargest
from math import inf, sqrt
from typing import Final

from fillwire_dex.routing.certificate import surplus
from fillwire_dex.routing.chains import Chains
from fillwire_dex.routing.graph import SOURCE, TARGET, Graph
from fillwire_dex.routing.ladder import Curve, climb
from fillwire_dex.routing.mesh import Mesh
from fillwire_dex.routing.order import fits
from fillwire_dex.routing.plan import Plan
from fillwire_dex.routing.request import Request
from fillwire_dex.routing.series import after, until

Option = tuple[float, tuple[int, ...]]
"""What the passages promise to gain together, and which they are."""

_TRIALS: Final = 30
_MESH_TRIALS: Final = 8
"""What solving a network costs, in trials."""
_HEAVIEST: Final = 20
"""How many passages are tried: those that carry most when there are no limits."""
_WIDTH: Final = 3
"""How many of the most promising options are solved."""
_BETTER: Final = 1e-7
"""A smaller gain, relatively, is not worth a trial."""


class Refinement:
    """A local search among plans of at most `max_legs` legs."""

    def __init__(self, graph: Graph, request: Request, unlimited: Plan) -> None:
        self._graph, self._request = graph, request
        self._chains, self._left = Chains(graph, request), _TRIALS
        self._heaviest = self._by_tail(unlimited)

    def refined(self, plan: Plan) -> Plan:
        """Return a plan at least as good as this one, which may also be built from nothing."""
        built = self._filled(Plan.nothing(plan.prices))
        best = max(self._filled(plan), built, key=lambda one: one.worth)
        while (better := self._exchanged(best)) is not None:
            best = better
        return best

    def _by_tail(self, plan: Plan) -> dict[int, list[int]]:
        """Return the passages that carry most in a plan without limits, by the token they sell."""
        worths = {
            number: flow[0] * plan.prices[self._graph.passages[number].tail] for number, flow in plan.flows.items()
        }
        by_tail: dict[int, list[int]] = {}
        for number in sorted(nlargest(_HEAVIEST, worths, key=worths.__getitem__)):
            by_tail.setdefault(self._graph.passages[number].tail, []).append(number)
        return by_tail

    def _exchanged(self, plan: Plan) -> Plan | None:
        """Return a better plan that does without one of the legs; None when there is none."""
        for number in plan.legs:
            others = self._solved([leg for leg in plan.legs if leg != number])
            if others is not None and self._beats(filled := self._filled(others), plan):
                return filled
        return None

    def _filled(self, plan: Plan) -> Plan:
        """Return the plan with the most promising legs added while there is room."""
        while (room := self._request.max_legs - len(plan.legs)) > 0:
            options = nlargest(_WIDTH, self._options(plan, room))
            trials = [self._solved({*plan.legs, *numbers}) for _, numbers in options]
            better = [trial for trial in trials if trial is not None and self._beats(trial, plan)]
            if not better:
                break
            plan = max(better, key=lambda trial: trial.worth)
        return plan

    def _options(self, plan: Plan, room: int) -> Iterator[Option]:
        """Yield single passages between the plan's tokens, and ways from one to another through a new token."""
        passages, prices = self._graph.passages, plan.prices
        used = {passages[number].pair for number in plan.legs}
        reached = {token for pair in used for token in pair} | {SOURCE, TARGET}
        for number in (number for token in sorted(reached) for number in self._heaviest.get(token, ())):
            passage = passages[number]
            if number in plan.flows:
                continue
            gain = surplus(passage, prices)
            if passage.head in reached and gain > 0 and fits({*used, passage.pair}, self._request.max_hops):
                yield gain, (number,)
            elif passage.head not in reached:
                yield from self._onward((number,), passage.curve, plan, room - 1)

    def _onward(self, way: tuple[int, ...], curve: Curve, plan: Plan, room: int) -> Iterator[Option]:
        """Yield the ways that begin so and come to one of the plan's tokens, as far as they are better than its prices."""
        passages, prices = self._graph.passages, plan.prices
        tail, here = passages[way[0]].tail, passages[way[-1]].head
        pairs = {passages[leg].pair for leg in (*plan.legs, *way)}
        reached = {SOURCE, TARGET}.union(*(passages[leg].pair for leg in plan.legs))
        for number in self._heaviest.get(here, ()) if room else ():
            head = passages[number].head
            price = prices[tail] / prices[head]
            whole = until(after(curve, passages[number].curve), price=price, amount=inf, side=0)
            if not whole or not fits({*pairs, (here, head)}, self._request.max_hops):
                continue
            if head in reached:
                yield prices[head] * climb(whole).surplus(1 / sqrt(price)), (*way, number)
            else:
                yield from self._onward((*way, number), whole, plan, room - 1)

    def _solved(self, numbers: Collection[int]) -> Plan | None:
        """Return the best plan over few passages; None when they cannot fill the order, or no trials are left."""
        meshed = any(
            self._graph.passages[number].tail != SOURCE and self._graph.passages[number].head != TARGET
            for number in numbers
        )
        self._left -= _MESH_TRIALS if meshed else 1
        if self._left < 0:
            return None
        solver = Mesh(self._graph, self._request) if meshed else self._chains
        plan = solver.plan(among=set(numbers))
        return plan if plan is not None and len(plan.legs) <= self._request.max_legs else None

    def _beats(self, plan: Plan, other: Plan) -> bool:
        return plan.worth > other.worth + _BETTER * abs(plan.worth)
