"""Best execution of a swap over all pools of all venues: split, through other tokens, and proven.

The pools that lie on a way from the token sold to the token bought are collected (`routing.graph`), and the direct ones
asked for their own answer to the whole order.
The best plan in real numbers is found by the cheapest solver that can prove it (`routing.optimum`), cut to the limits
(`routing.pruning`), quoted exactly (`routing.execution`), compared with the best single pool (`routing.search`), and
certified by a bound that no execution can beat (`routing.certificate`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from time import perf_counter_ns
from types import MappingProxyType
from typing import Final

from fillwire_dex.errors import AmountTooSmall, InsufficientLiquidity, NoRoute
from fillwire_dex.pools.pool import Swap
from fillwire_dex.route import Mode, Route
from fillwire_dex.routing import explain
from fillwire_dex.routing.certificate import Proof
from fillwire_dex.routing.direct import any_prices
from fillwire_dex.routing.explain import Choice
from fillwire_dex.routing.graph import Graph
from fillwire_dex.routing.optimum import optima
from fillwire_dex.routing.request import Request
from fillwire_dex.routing.search import search
from fillwire_dex.snapshot import Snapshot

MAX_LEGS: Final = 4
MAX_HOPS: Final = 3
"""The limits of a route that names none."""

_TRUSTED: Final[Mapping[str, float]] = MappingProxyType({})


def best(
    snapshot: Snapshot,
    *,
    amount_in: int | None = None,
    amount_out: int | None = None,
    max_legs: int = MAX_LEGS,
    max_hops: int = MAX_HOPS,
    venues: Collection[str] | None = None,
    excluded_venues: Collection[str] = (),
    leg_cost: int = 0,
    haircuts: Mapping[str, float] = _TRUSTED,
) -> Route:
    """Return the best way to sell `amount_in`, or to buy `amount_out`: exactly one of them is given.

    `max_legs` limits the swaps of the whole route, `max_hops` those on any way through it.
    `venues` names the only ones allowed (None: all), `excluded_venues` those never used.
    `leg_cost` is what one more leg costs, in raw units of the token whose amount is not given.
    `haircuts` says by how many bps a venue's quotes are distrusted: the route is chosen as if they were that much
    worse, and reports the true quotes and the bound of the true market, so that the gap shows the price of distrust.
    As far as it is trusted the route is never worse, net of that cost, than the best single pool.

    Raises AmountTooSmall, InsufficientLiquidity or NoRoute.
    """
    started_ns = perf_counter_ns()
    mode, amount = _asked(amount_in, amount_out)
    request = Request(mode, amount, max_legs, max_hops, leg_cost, venues, excluded_venues, haircuts)
    graph = Graph.of(snapshot, request)
    if not graph.passages:
        raise NoRoute(f"no pool that may be used leads from {snapshot.token_in.symbol} to {snapshot.token_out.symbol}")
    choice = _choice(snapshot, request, graph)
    if choice.found.execution.amount_out == 0:
        raise AmountTooSmall(f"{amount} units buy nothing")
    return explain.route(choice, started_ns=started_ns)


def _asked(amount_in: int | None, amount_out: int | None) -> tuple[Mode, int]:
    match amount_in, amount_out:
        case int(), None:
            return Mode.EXACT_IN, amount_in
        case None, int():
            return Mode.EXACT_OUT, amount_out
        case _:
            raise ValueError("a route is of one amount: that sold or that bought")


def _choice(snapshot: Snapshot, request: Request, graph: Graph) -> Choice:
    """Return the best execution by the curves that are believed, and its bound by the true ones."""
    wholes = _wholes(graph, request)
    believed = graph.distrusted() if request.haircuts else graph
    proof = Proof(believed, request)
    found = search(believed, request, optima(believed, request), wholes, proof)
    plans = found.plans
    if believed is not graph:
        plans, proof = [*(plan for _, plan in optima(graph, request)), *plans], Proof(graph, request)
        for plan in plans:
            proof.add_all(plan)
    prices = plans[0].prices if plans else any_prices(graph)
    if not plans:
        proof.add(prices)
    execution = found.execution
    achieved = request.worth(execution.amount_in, execution.amount_out, len(execution.swaps))
    return Choice(snapshot, request, graph, found, wholes, prices, proof.bound(achieved))


def _wholes(graph: Graph, request: Request) -> dict[int, Swap]:
    """Return the answers of the direct pools to the whole order, of those that have one."""
    answers = {}
    for number in graph.direct:
        passage = graph.passages[number]
        quote = passage.sell if request.mode is Mode.EXACT_IN else passage.buy
        try:
            answers[number] = quote(request.amount, graph.now)
        except InsufficientLiquidity:
            continue
    return answers
