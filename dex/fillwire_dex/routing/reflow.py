"""A plan with some of its passages left out, the others taking over in proportion."""

from __future__ import annotations

from collections.abc import Collection
from math import inf

from fillwire_dex.route import Mode
from fillwire_dex.routing.graph import SOURCE, TARGET, Graph
from fillwire_dex.routing.order import by_token
from fillwire_dex.routing.plan import Flow, Plan
from fillwire_dex.routing.request import Request


def reflown(graph: Graph, request: Request, plan: Plan, *, without: Collection[int]) -> Plan | None:
    """Return the plan without some passages; None when what arrives somewhere cannot go on without them.

    It is near the best such plan while what was left out is little.
    """
    kept = [number for number in plan.legs if number not in without]
    backwards = request.mode is Mode.EXACT_OUT
    flows: dict[int, Flow] = {}
    amounts = {TARGET if backwards else SOURCE: float(request.amount)}
    for token, numbers in by_token(graph, kept, backwards=backwards):
        total = sum(plan.flows[number][backwards] for number in numbers)
        scale = amounts.pop(token, 0.0) / total
        for number in numbers if scale > 0 else ():
            passage, ladder = graph.passages[number], graph.passages[number].ladder
            wanted = plan.flows[number][backwards] * scale
            if wanted > (ladder.capacity, ladder.most)[backwards]:
                return None
            flow = (ladder.bought(wanted), wanted) if backwards else (wanted, ladder.sold(wanted))
            if flow[0] == inf:
                return None
            flows[number] = flow
            other = passage.tail if backwards else passage.head
            amounts[other] = amounts.get(other, 0.0) + flow[not backwards]
    arrived = amounts.keys() == {SOURCE if backwards else TARGET}
    return Plan.of(flows, plan.prices, graph, request) if arrived else None
