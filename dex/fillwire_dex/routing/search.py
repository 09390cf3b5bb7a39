"""From the best plans to the best execution: plans within the limits, quoted exactly, against the best single pool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from fillwire_dex.errors import InsufficientLiquidity
from fillwire_dex.pools.pool import Swap
from fillwire_dex.route import Verdict
from fillwire_dex.routing.certificate import Proof, near
from fillwire_dex.routing.direct import Direct
from fillwire_dex.routing.execution import Execution, Refusal, single
from fillwire_dex.routing.graph import Graph
from fillwire_dex.routing.plan import Plan
from fillwire_dex.routing.polish import NEGLIGIBLE, coarse, lone_ways, polished
from fillwire_dex.routing.pruning import Pruning, Solver
from fillwire_dex.routing.refine import Refinement
from fillwire_dex.routing.relief import relieved
from fillwire_dex.routing.request import Request
from fillwire_dex.routing.worth import worth

_DEAR: Final = 0.01
"""The part of an order that its legs may cost before ways of one pool a swap are tried as well."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best execution, why passages were dropped for it, and the plans met on the way, the unlimited ones first."""

    execution: Execution
    dropped: Mapping[int, Verdict]
    plans: Sequence[Plan]


def search(
    graph: Graph, request: Request, optima: Sequence[tuple[Solver, Plan]], wholes: Mapping[int, Swap], proof: Proof
) -> Found:
    """Return the best of the pruned plans and the best single pool, as far as quotes are believed.

    The prices of all plans are taken into the proof.
    Raises InsufficientLiquidity when none fills the order.
    """
    plans = [plan for _, plan in optima]
    for plan in plans:
        proof.add_all(plan)
    best, most = None, -inf
    dropped = _unlimited(plans, request)
    for pruning, plan in _limited(graph, request, optima, proof):
        execution = _executed(pruning, plan, graph, request, more_than=most)
        plans.append(plan)
        if execution is None:
            continue
        if proof.leaves(worth(graph, request, execution)) > NEGLIGIBLE:
            execution = polished(graph, request, pruning, execution, proof)
        if (own := worth(graph, request, execution)) > most:
            best, most = execution, own
            dropped.update(pruning.dropped)
    simple = [single(number, swap) for number, swap in wholes.items()]
    if coarse(best) or _costly(request, best):
        most = max([most, *(worth(graph, request, one) for one in simple)])
        simple.extend(lone_ways(graph, request, more_than=most))
    best = max(filter(None, [best, *simple]), key=lambda one: worth(graph, request, one), default=None)
    if best is None:
        raise InsufficientLiquidity(f"{request.max_legs} pools cannot fill {request.amount} units together")
    if request.max_legs == 1 and (alone := Direct(graph, request).plan(among=best.swaps)) is not None:
        proof.add(alone.prices)
    return Found(best, dropped, plans)


def _costly(request: Request, execution: Execution | None) -> bool:
    """Whether the legs of an execution cost so much that fewer are likely to be better."""
    if execution is None:
        return True
    gross = request.worth(execution.amount_in, execution.amount_out, 0)
    return len(execution.swaps) > 2 and request.leg_cost * len(execution.swaps) > _DEAR * abs(gross)


def _unlimited(plans: Sequence[Plan], request: Request) -> dict[int, Verdict]:
    """Return why the legs of the best plan without limits would not be used."""
    if not plans:
        return {}
    crowded = len(plans[0].legs) > request.max_legs
    costly = Verdict.LEG_COST if request.leg_cost else Verdict.DUST
    return dict.fromkeys(plans[0].legs, Verdict.MAX_LEGS if crowded else costly)


def _limited(
    graph: Graph, request: Request, optima: Sequence[tuple[Solver, Plan]], proof: Proof
) -> list[tuple[Pruning, Plan]]:
    """Return plans within the limits, the best one first; those that are surely no better than it are left out."""
    limited: list[tuple[Pruning, Plan]] = []
    most = -inf
    if request.max_legs == 1:
        optima = []  # the direct pools' own answers are all there is
    for solver, plan in optima:
        if request.gross(plan.worth, len(plan.legs) - 1) <= most:
            continue
        pruning = Pruning(solver, plan, graph, request)
        pruned = pruning.pruned()
        if pruned is not None:
            limited.append((pruning, pruned))
            most = max(most, pruned.worth)
            if pruned.prices is not plan.prices:
                proof.add(pruned.prices)
                if near(pruned.worth, proof.reach(pruned.worth)):
                    return [(pruning, pruned)]
    limited.sort(key=lambda one: -one[1].worth)
    if optima and graph.between and not _satisfied(limited):
        limited.insert(0, _refined(graph, request, optima[0], limited))
        proof.add(limited[0][1].prices)
    return limited


def _satisfied(limited: Sequence[tuple[Pruning, Plan]]) -> bool:
    """Whether there are plans, and none of them was cut."""
    return bool(limited) and not any(pruning.cut for pruning, _ in limited)


def _refined(
    graph: Graph, request: Request, best: tuple[Solver, Plan], limited: Sequence[tuple[Pruning, Plan]]
) -> tuple[Pruning, Plan]:
    """Return a better plan than those that are left of others after cutting them to the limits."""
    solver, unlimited = best
    start = limited[0][1] if limited else Plan.nothing(unlimited.prices)
    return Pruning(solver, unlimited, graph, request), Refinement(graph, request, unlimited).refined(start)


def _executed(
    pruning: Pruning, plan: Plan | None, graph: Graph, request: Request, *, more_than: float
) -> Execution | None:
    """Return a plan's exact execution, doing without the pools that do not take their share.

    None when none is worth `more_than` that.
    """
    while plan is not None and plan.worth > more_than:
        match relieved(graph, request, plan):
            case Execution() as execution:
                return execution
            case Refusal(passages=passages):
                # What is already out, or nothing, would lead to the same plan again.
                plan = pruning.drop(passages) if passages.keys() - pruning.dropped.keys() else None
    return None
