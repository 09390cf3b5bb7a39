"""A plan: what would be sold where if amounts were real numbers, and at which prices that is best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from fillwire_dex.route import Mode
from fillwire_dex.routing.graph import SOURCE, TARGET, Graph
from fillwire_dex.routing.request import Request

Flow = tuple[float, float]
"""Input and output of a passage, raw units."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The flows by passage number, and what a raw unit of each token is worth, in any common measure.

    `legs` are the passages that carry at least a raw unit of the amount that is shared out: what is sold of a token
    (exact in), what is bought of it (exact out). `worth` is `Request.worth` of the plan.
    `beyond` are prices of other flows that the solver met: a better one that is no route, or that of another order.
    """

    flows: Mapping[int, Flow]
    prices: Sequence[float]
    legs: Sequence[int]
    worth: float
    beyond: Sequence[Sequence[float]] = ()

    @classmethod
    def of(cls, flows: Mapping[int, Flow], prices: Sequence[float], graph: Graph, request: Request) -> Plan:
        """Return the plan with its worth."""
        sold = sum(flow[0] for number, flow in flows.items() if graph.passages[number].tail == SOURCE)
        bought = sum(flow[1] for number, flow in flows.items() if graph.passages[number].head == TARGET)
        side = int(request.mode is Mode.EXACT_OUT)
        legs = [number for number, flow in flows.items() if flow[side] >= 1] or list(flows)
        return cls(flows, prices, legs, request.worth(sold, bought, len(legs)))

    @classmethod
    def nothing(cls, prices: Sequence[float]) -> Plan:
        """Return the plan of no legs, which every other is better than."""
        return cls({}, prices, (), -inf)
