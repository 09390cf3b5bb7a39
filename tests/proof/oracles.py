"""Asking each oracle what it can make of an order, and holding the route's bound against it."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from fillwire_dex import Mode, Route
from tests.proof import conic, dual, grids, relaxed, splits
from tests.proof.executions import execute
from tests.proof.graph import Graph, shortened
from tests.proof.verdict import Verdict, behind, compare, net


def ask_splits(verdict: Verdict, network: Graph, chance: Random, route: Route) -> None:
    for execution in splits.attempts(chance, network, verdict.order, route):
        compare(verdict, "splits", verdict.order.net(execution.other, execution.legs), route)


def ask_conic(verdict: Verdict, network: Graph, route: Route) -> None:
    found = conic.optimum(network)
    if found is None:
        verdict.failures.append("conic")
        return
    compare(verdict, "conic value", found.rounded(verdict.order.mode), route)
    _ask_flows(verdict, "conic", network, found.flows, route)


def _ask_flows(verdict: Verdict, oracle: str, network: Graph, flows: Sequence[float], route: Route) -> None:
    """Execute an oracle's flows twice: along the curves, and with exact quotes."""
    weights, order = dict(enumerate(flows)), verdict.order
    amount = relaxed.execute(network, weights)
    if amount is None:
        verdict.failures.append(f"{oracle} flows")
    else:
        compare(verdict, oracle, amount, route)
    execution = execute(network, weights)
    if execution is not None and execution.within(order):
        compare(verdict, "splits", order.net(execution.other, execution.legs), route)


def ask_grids(verdict: Verdict, network: Graph, route: Route) -> None:
    true = grids.optimum(network, verdict.order)
    if true is None:
        verdict.failures.append("grids")
    else:
        compare(verdict, "grids", true, route)
        verdict.behind_best = abs(true - net(verdict.order, route))


def ask_dual(verdict: Verdict, network: Graph, route: Route) -> Sequence[float]:
    """Let the bound of L-BFGS-B bound the route, execute its flows as far as hops allow, and return them."""
    order, answer = verdict.order, dual.solve(network)
    if not answer.converged:
        verdict.failures.append("dual")
    verdict.looseness_bps = behind(order, route.bound, answer.bound)
    gross = route.amount_out if order.mode is Mode.EXACT_IN else route.amount_in
    if behind(order, gross, answer.bound) < -dual.TOLERANCE * 10_000:
        verdict.violations.append(f"the route is better than can be: {gross} against {answer.bound}")
    short = shortened(network, answer.flows)
    flows = dict(zip(network.edges, answer.flows, strict=True))
    _ask_flows(verdict, "dual", short, [flows[edge] for edge in short.edges], route)
    return answer.flows
