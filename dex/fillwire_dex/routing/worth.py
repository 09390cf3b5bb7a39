"""What an execution is worth to one who does not believe every quote."""

from __future__ import annotations

from fillwire_dex.routing.execution import Execution, in_order
from fillwire_dex.routing.graph import TARGET, Graph
from fillwire_dex.routing.request import Request


def worth(graph: Graph, request: Request, execution: Execution) -> float:
    """Return what an execution is worth, its quotes believed as far as their venues are."""
    believed = _believed(graph, execution)
    amount_in: float = execution.amount_in
    amount_out: float = execution.amount_out
    if believed < 1:
        amount_in, amount_out = amount_in / believed, amount_out * believed
    return request.worth(amount_in, amount_out, len(execution.swaps))


def _believed(graph: Graph, execution: Execution) -> float:
    """Return the share of an execution that is left when every quote is discounted by its venue's haircut."""
    passages = graph.passages
    if all(passages[number].kept == 1 for number in execution.swaps):
        return 1.0
    real: dict[int, float] = {}
    trusted: dict[int, float] = {}
    for number, swap in in_order(graph, execution):
        passage = passages[number]
        share = trusted[passage.tail] / real[passage.tail] if passage.tail in real else 1.0
        real[passage.head] = real.get(passage.head, 0.0) + swap.amount_out
        trusted[passage.head] = trusted.get(passage.head, 0.0) + swap.amount_out * passage.kept * share
    return trusted[TARGET] / real[TARGET] if real[TARGET] else 1.0
