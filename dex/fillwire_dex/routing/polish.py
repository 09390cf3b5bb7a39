"""Small orders, whose rounding weighs more than their prices: what fewer legs give, by exact quotes.

A plan in real numbers does not see that every leg may lose a unit of what it sells and one of what it brings, nor what a
last unit costs at the end of a pool. While that may be worth more than a proof would leave, each leg is tried without,
and one pool after another for the whole order.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Final

from fillwire_dex.route import Mode
from fillwire_dex.routing.certificate import Proof
from fillwire_dex.routing.execution import Execution, singles
from fillwire_dex.routing.graph import SOURCE, TARGET, Graph
from fillwire_dex.routing.pruning import Pruning
from fillwire_dex.routing.relief import relieved
from fillwire_dex.routing.request import Request
from fillwire_dex.routing.worth import worth

NEGLIGIBLE: Final = 5e-6
"""What rounding may cost, relatively, without a second look: 0.05 bps."""
_TRIED: Final = 8
"""How many legs are tried, the smallest first."""
_FLOAT_GUARD: Final = 1 + 1e-9
"""Covers the rounding of a few float operations, and of an amount beyond 2**53."""


def polished(graph: Graph, request: Request, pruning: Pruning, execution: Execution, proof: Proof) -> Execution:
    """Return the execution, or a better one of fewer legs."""
    best = execution
    while len(best.swaps) > 1 and coarse(best):
        shorter = max(
            _shorter(graph, request, pruning, best, proof), key=lambda one: worth(graph, request, one), default=best
        )
        if worth(graph, request, shorter) <= worth(graph, request, best):
            break
        best = shorter
    return best


def lone_ways(graph: Graph, request: Request, *, more_than: float) -> Iterator[Execution]:
    """Yield, by token, the best execution that sells all to one pool and what it brings to another.

    Where the other end has no room for what the best pool brings, that may be the next best one.
    Tokens through which none can be worth `more_than` that are left out.
    """
    if min(request.max_legs, request.max_hops) < 2:
        return
    for token in graph.between:
        if _at_first_prices(graph, request, token) <= more_than:
            continue
        near, far = (graph.by_pair.get(pair, ()) for pair in ((SOURCE, token), (token, TARGET)))
        ends = (near, far) if request.mode is Mode.EXACT_IN else (far, near)
        for begun in singles(graph, request.mode, ends[0], request.amount):
            carried = begun[1].amount_out if request.mode is Mode.EXACT_IN else begun[1].amount_in
            if ended := singles(graph, request.mode, ends[1], carried):
                first, last = (begun, ended[0]) if request.mode is Mode.EXACT_IN else (ended[0], begun)
                yield Execution(dict([first, last]), first[1].amount_in, last[1].amount_out)
                break


def _at_first_prices(graph: Graph, request: Request, token: int) -> float:
    """Return what a way through a token would be worth if all of it had the price of a first unit: more than it can be."""
    rate = graph.rates.get((SOURCE, token), 0.0) * graph.rates.get((token, TARGET), 0.0) * _FLOAT_GUARD
    if request.mode is Mode.EXACT_IN:
        return request.worth(request.amount, request.amount * rate, 2)
    return request.worth(request.amount / rate, request.amount, 2) if rate else -inf


def coarse(execution: Execution | None) -> bool:
    """Whether integers may cost more than a proof would leave."""
    return execution is None or _rounding(execution) > NEGLIGIBLE


def _rounding(execution: Execution) -> float:
    """Return what integers may cost at most, relatively."""
    return sum(1 / swap.amount_in + 1 / swap.amount_out for swap in execution.swaps.values())


def _shorter(graph: Graph, request: Request, pruning: Pruning, execution: Execution, proof: Proof) -> list[Execution]:
    """Return the executions that do without one of the smallest legs, less those that are surely no better."""
    own = worth(graph, request, execution)
    smallest = sorted(execution.swaps, key=lambda number: (execution.swaps[number].amount_out, number))[:_TRIED]
    others = (execution.swaps.keys() - {number} for number in smallest)
    plans = (pruning.among(numbers) for numbers in others if proof.within(numbers) > own)
    quoted = (relieved(graph, request, plan) for plan in plans if plan is not None)
    return [found for found in quoted if isinstance(found, Execution)]
