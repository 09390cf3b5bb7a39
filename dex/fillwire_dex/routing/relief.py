"""Plans whose legs end a little before what arrives at them does.

In real numbers a pool may be filled to its very end; in whole units what then arrives there can be a unit too many.
So a little less is sent that way, and the plan's other legs take it over.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from fillwire_dex.route import Mode
from fillwire_dex.routing.execution import Execution, Refusal, execute
from fillwire_dex.routing.graph import Graph
from fillwire_dex.routing.order import by_token
from fillwire_dex.routing.plan import Flow, Plan
from fillwire_dex.routing.request import Request

_LESS: Final = ((1e-9, 2), (1e-6, 8), (1e-3, 32))
"""How much less is sent: a part of all, and some units for the rounding of the legs on the way."""


def relieved(graph: Graph, request: Request, plan: Plan) -> Execution | Refusal:
    """Quote a plan exactly, sending less to the token that cannot pass all on; the refusal if that is no remedy."""
    refused = execute(graph, request, plan)
    if not isinstance(refused, Refusal) or refused.amount == 0:
        return refused
    for part, units in _LESS:
        less = part + units / refused.amount
        if less >= 1:
            break
        match execute(graph, request, _eased(graph, request, plan, refused.token, less)):
            case Execution() as execution:
                return execution
            case Refusal():
                continue
    return refused


def _eased(graph: Graph, request: Request, plan: Plan, token: int, less: float) -> Plan:
    """Return the plan with so much less of all that goes to a token, on every way there."""
    backwards = request.mode is Mode.EXACT_OUT
    kept = {token: 1 - less}
    flows: dict[int, Flow] = {}
    for origin, numbers in reversed(by_token(graph, plan.legs, backwards=backwards)):
        before = after = 0.0
        for number in numbers:
            passage, flow = graph.passages[number], plan.flows[number]
            part = kept.get(passage.tail if backwards else passage.head, 1.0)
            flows[number] = flow[0] * part, flow[1] * part
            before += flow[backwards]
            after += flow[backwards] * part
        if origin not in kept and before > 0:
            kept[origin] = after / before
    return replace(plan, flows=flows)
