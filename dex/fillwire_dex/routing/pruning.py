"""Which legs are worth having: the best plan over all passages, less those that are too many or cost too much.

It drops the legs with the least surplus and solves again, so it is a heuristic for what is a mixed-integer problem:
how much better any other choice could be is what the route's gap says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import accumulate
from typing import Final, Protocol

from fillwire_dex.route import Mode, Verdict
from fillwire_dex.routing.certificate import surplus
from fillwire_dex.routing.graph import SOURCE, TARGET, Graph
from fillwire_dex.routing.plan import Plan
from fillwire_dex.routing.reflow import reflown
from fillwire_dex.routing.request import Request

DUST_BPS: Final = 0.01
"""Legs that together improve the result by less than this are not worth their instructions."""

_MANY: Final = 8
"""Among more legs than this, those that are left just take over in proportion what one did."""
_SHIFTS: Final = 4
"""How many times others are tried when the rest cannot do without several legs."""


class Solver(Protocol):
    """Finds the best plan over one class of routes: `Direct`, `Chains`, `Mesh`."""

    def plan(self, *, among: Collection[int] | None = None, near: Plan | None = None) -> Plan | None:
        """Return the best plan over these passages (default: all), None if they cannot fill the order.

        `near` is a plan that is probably like it.
        """
        ...

    def candidates(self, plan: Plan) -> Collection[int]:
        """Return the passages that are worth trying when some of a plan are taken out."""
        ...


class Pruning:
    """A search that begins at a solver's best plan.

    `dropped` says why a passage was taken out, `plans` are those met on the way.
    """

    def __init__(self, solver: Solver, best: Plan, graph: Graph, request: Request) -> None:
        self._solver, self._graph, self._request = solver, graph, request
        self._open = set(solver.candidates(best))
        self.dropped: dict[int, Verdict] = {}
        self.plans = [best]

    @property
    def cut(self) -> bool:
        """Whether legs had to go that were worth having."""
        return Verdict.MAX_LEGS in self.dropped.values() or Verdict.LEG_COST in self.dropped.values()

    def pruned(self) -> Plan | None:
        """Return a plan within the limits; None if no such legs can fill the order."""
        plan = self.plans[-1]
        while (smaller := self._smaller(plan)) is not None:
            plan = smaller
            self.plans.append(plan)
        return self._without_dust(plan) if len(plan.legs) <= self._request.max_legs else None

    def drop(self, refused: dict[int, Verdict]) -> Plan | None:
        """Take passages out for good, and return what is best within the limits without them."""
        self.dropped.update(refused)
        plan = self._without((), self.plans[-1])
        if plan is None:
            return None
        self.plans.append(plan)
        return self.pruned()

    def among(self, numbers: Collection[int]) -> Plan | None:
        """Return the best plan over just these passages, or nearly so where they are many."""
        last = self.plans[-1]
        if len(numbers) > _MANY and last.flows.keys() >= set(numbers):
            return reflown(self._graph, self._request, last, without=last.flows.keys() - set(numbers))
        return self._solver.plan(among=numbers, near=last)

    def _smaller(self, plan: Plan) -> Plan | None:
        """Return a plan of fewer legs; None when all may stay."""
        excess = len(plan.legs) - self._request.max_legs
        if excess > 0:
            return self._without_weakest(plan, excess)
        return self._without_costly(plan) if self._request.leg_cost and len(plan.legs) > 1 else None

    def _without_weakest(self, plan: Plan, excess: int) -> Plan | None:
        """Drop the weakest half of the excess or more, or others if the rest is then too small: at last one leg."""
        ranked = [number for _, number in self._ranked(plan)]
        count = max((excess + 1) // 2, excess - max(1, self._request.max_legs // 2))
        for size in sorted({count, 1}, reverse=True):
            for start in range(len(ranked) - size + 1)[: None if size == 1 else _SHIFTS]:
                out = ranked[start : start + size]
                if (smaller := self._without(out, plan)) is not None:
                    self.dropped.update(dict.fromkeys(out, Verdict.MAX_LEGS))
                    return smaller
        return None

    def _without_costly(self, plan: Plan) -> Plan | None:
        """Drop the weakest legs if doing without them loses less than they cost.

        A leg's surplus is a lower bound of that loss: a leg above its cost needs no trial.
        """
        for out in self._weakest(plan, each=self._request.leg_cost, together=0.0):
            smaller = self._without(out, plan)
            if smaller is not None and smaller.worth > plan.worth:
                self.dropped.update(dict.fromkeys(out, Verdict.LEG_COST))
                return smaller
        return None

    def _without_dust(self, plan: Plan) -> Plan:
        """Drop the weakest legs that together bring next to nothing; the others take over what they took."""
        dust = abs(self._gross(plan)) * DUST_BPS / 10_000
        for out in self._weakest(plan, each=0.0, together=dust):
            smaller = reflown(self._graph, self._request, plan, without=out)
            if smaller is not None and self._gross(plan) - self._gross(smaller) < dust:
                self.dropped.update(dict.fromkeys(out, Verdict.DUST))
                return smaller
        return plan

    def _ranked(self, plan: Plan) -> list[tuple[float, int]]:
        """Return the legs by what each gains at least, in units of the route's open amount; the weakest first."""
        unit = plan.prices[TARGET] if self._request.mode is Mode.EXACT_IN else plan.prices[SOURCE]
        return sorted((surplus(self._graph.passages[number], plan.prices) / unit, number) for number in plan.legs)

    def _weakest(self, plan: Plan, *, each: float, together: float) -> Iterator[list[int]]:
        """Yield the weakest legs that gain no more than so much each and together: all of them, half, at last one."""
        ranked = self._ranked(plan)
        gains = accumulate(gain for gain, _ in ranked)
        count = sum(
            1 for number, gain in enumerate(gains, 1) if number < len(ranked) and gain < each * number + together
        )
        while count:
            yield [number for _, number in ranked[:count]]
            count //= 2

    def _without(self, out: Collection[int], near: Plan) -> Plan | None:
        return self._solver.plan(among=self._open - self.dropped.keys() - set(out), near=near)

    def _gross(self, plan: Plan) -> float:
        return self._request.gross(plan.worth, len(plan.legs))
