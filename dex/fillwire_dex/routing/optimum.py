"""The best plan of all, by the cheapest solver that can prove it.

Most orders are best filled by the pools of their own pair, which water-filling does; then the prices it ends at show
that no way through another token would gain anything. Where one would, ways through one token are joined in; where the
prices leave it open whether tokens on the way should trade with each other as well, or what a token is worth between
two pools of bins, the network is solved as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from fillwire_dex.routing.certificate import PROVEN, missed
from fillwire_dex.routing.chains import Chains
from fillwire_dex.routing.direct import Direct
from fillwire_dex.routing.graph import SOURCE, TARGET, Graph
from fillwire_dex.routing.mesh import Mesh
from fillwire_dex.routing.plan import Plan
from fillwire_dex.routing.pruning import Solver
from fillwire_dex.routing.request import Request


def optima(graph: Graph, request: Request) -> list[tuple[Solver, Plan]]:
    """Return the plans of the solvers that were needed, the best one first."""
    found: list[tuple[Solver, Plan]] = []
    for solver in _solvers(graph, request):
        plan = solver.plan()
        if plan is None:
            continue
        found.append((solver, plan))
        if missed(graph, plan, request) <= PROVEN:
            break
    return sorted(found, key=lambda one: -request.gross(one[1].worth, len(one[1].legs)))


def _solvers(graph: Graph, request: Request) -> Iterator[Solver]:
    """Yield the solvers from the cheapest on, as far as there is anything for them."""
    if graph.direct:
        yield Direct(graph, request)
    if any(tail == SOURCE and head != TARGET and (head, TARGET) in graph.by_pair for tail, head in graph.by_pair):
        yield Chains(graph, request)
    if any(tail != SOURCE or head != TARGET for tail, head in graph.by_pair):
        yield Mesh(graph, request)
