"""Better use of few legs: a plan's legs exchanged for others, one swap or one way through a token at a time.

Dropping legs one by one (`pruning`) tears ways of several swaps apart. From what is left, legs are added as long as there
is room, those first that promise most at the plan's prices, and each leg is tried to be done without for others.
It is a local search, and ends after a number of trials: what it leaves to be gained is part of the route's gap.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import reduce
from heapq import nlargest
from math import inf, sqrt
from typing import Final

from fillwire_dex.routing.certificate import surplus
from fillwire_dex.routing.chains import Chains
from fillwire_dex.routing.graph import SOURCE, TARGET, Graph
from fillwire_dex.routing.ladder import Ladder, climb
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
_FURTHER: Final = 0.99
"""How far beyond the price asked for a way is worked out, as other prices are asked for later."""
_BETTER: Final = 1e-7
"""A smaller gain, relatively, is not worth a trial."""


class Refinement:
    """A local search among plans of at most `max_legs` legs."""

    def __init__(self, graph: Graph, request: Request, unlimited: Plan) -> None:
        self._graph, self._request = graph, request
        self._chains, self._left = Chains(graph, request), _TRIALS
        self._wholes: dict[tuple[int, ...], tuple[float, Ladder]] = {}
        self._by_tail: dict[int, list[int]] = {}
        heaviest = self._heaviest(unlimited)
        for number in sorted(heaviest):
            self._by_tail.setdefault(graph.passages[number].tail, []).append(number)
        self._is_torn = any(graph.passages[number].pair != (SOURCE, TARGET) for number in heaviest[: request.max_legs])

    def refined(self, plan: Plan) -> Plan:
        """Return a plan at least as good as this one; built from nothing where ways of several swaps may be torn."""
        best = self._filled(plan)
        if self._is_torn:
            best = max(best, self._filled(Plan.nothing(plan.prices)), key=lambda one: one.worth)
        while (better := self._exchanged(best)) is not None:
            best = self._filled(better)
        return best

    def _heaviest(self, plan: Plan) -> list[int]:
        """Return the passages that carry most in a plan without limits, the heaviest first."""
        worths = {
            number: flow[0] * plan.prices[self._graph.passages[number].tail] for number, flow in plan.flows.items()
        }
        return nlargest(_HEAVIEST, worths, key=worths.__getitem__)

    def _exchanged(self, plan: Plan) -> Plan | None:
        """Return a better plan that has other passages in the place of a leg; None when there is none."""
        exchanges = nlargest(_WIDTH, self._exchanges(plan), key=lambda one: one[0])
        trials = (self._solved((set(plan.legs) - {out}).union(numbers)) for _, out, numbers in exchanges)
        return next((trial for trial in trials if trial is not None and self._beats(trial, plan)), None)

    def _exchanges(self, plan: Plan) -> Iterator[tuple[float, int, tuple[int, ...]]]:
        """Yield what each exchange gains at most, the leg that goes and the passages that come.

        No flow over some passages is worth more than what they can gain at any prices, those of the plan among them:
        so an exchange gains at most what comes promises, less what goes gains now.
        """
        legs = [(surplus(self._graph.passages[number], plan.prices), number) for number in plan.legs]
        for promise, numbers in self._options(plan, self._request.max_legs - len(plan.legs) + 1):
            yield from ((promise - gained, out, numbers) for gained, out in legs if promise > gained)

    def _filled(self, plan: Plan) -> Plan:
        """Return the plan with the most promising legs added while there is room: several at once while there is much."""
        while (room := self._request.max_legs - len(plan.legs)) > 0:
            options = [numbers for _, numbers in nlargest(max(_WIDTH, room), self._options(plan, room))]
            several = [self._together(plan, options, room // 2)] if room > _WIDTH else []
            trials = (self._solved({*plan.legs, *numbers}) for numbers in several + options[:_WIDTH])
            better = next((trial for trial in trials if trial is not None and self._beats(trial, plan)), None)
            if better is None:
                break
            plan = better
        return plan

    def _together(self, plan: Plan, options: Sequence[Sequence[int]], room: int) -> set[int]:
        """Return the first options, as many as there is room for, less those that make a way too long."""
        pairs = {self._graph.passages[number].pair for number in plan.legs}
        added: set[int] = set()
        for numbers in options:
            if len(added.union(numbers)) > room:
                break
            wider = pairs | {self._graph.passages[number].pair for number in numbers}
            if fits(wider, self._request.max_hops):
                pairs = wider
                added.update(numbers)
        return added

    def _options(self, plan: Plan, room: int) -> Iterator[Option]:
        """Yield single passages between the plan's tokens, and ways from one to another through a new token."""
        passages, prices = self._graph.passages, plan.prices
        used = {passages[number].pair for number in plan.legs}
        reached = {token for pair in used for token in pair} | {SOURCE, TARGET}
        for number in (number for token in sorted(reached) for number in self._by_tail.get(token, ())):
            passage = passages[number]
            if number in plan.flows:
                continue
            gain = surplus(passage, prices)
            if passage.head in reached and gain > 0 and fits({*used, passage.pair}, self._request.max_hops):
                yield gain, (number,)
            elif passage.head not in reached:
                yield from self._onward((number,), passage.curve[0].price, plan, room - 1)

    def _onward(self, way: tuple[int, ...], first: float, plan: Plan, room: int) -> Iterator[Option]:
        """Yield the ways that begin so and come to one of the plan's tokens, as far as they are better than its prices."""
        passages, prices = self._graph.passages, plan.prices
        tail, here = passages[way[0]].tail, passages[way[-1]].head
        pairs = {passages[leg].pair for leg in (*plan.legs, *way)}
        reached = {SOURCE, TARGET}.union(*(passages[leg].pair for leg in plan.legs))
        for number in self._by_tail.get(here, ()) if room else ():
            head = passages[number].head
            start = first * passages[number].curve[0].price
            if start * prices[head] <= prices[tail] or not fits({*pairs, (here, head)}, self._request.max_hops):
                continue
            if head in reached:
                price = prices[tail] / prices[head]
                yield prices[head] * self._whole((*way, number), price).surplus(1 / sqrt(price)), (*way, number)
            else:
                yield from self._onward((*way, number), start, plan, room - 1)

    def _whole(self, way: tuple[int, ...], price: float) -> Ladder:
        """Return what the passages of a way are together, as far as that is better than `price` at least."""
        reaching, whole = self._wholes.get(way, (inf, None))
        if whole is None or price < reaching:
            reaching = price * _FURTHER
            curves = (self._graph.passages[number].curve for number in way)
            whole = climb(until(reduce(after, curves), price=reaching, amount=inf, side=0))
            self._wholes[way] = reaching, whole
        return whole

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
