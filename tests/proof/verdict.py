"""What is found out about a route: how far each oracle gets beyond its bound, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from fillwire_dex import Mode, Route
from tests.proof.orders import Order

_EXACT: Final = ("splits", "grids")
"""The oracles that quote exactly; the others answer along the curves."""


@dataclass(slots=True)
class Verdict:
    """`gap_bps` is None for an order that was refused; `excess_bps` is by oracle, above 0 where it beats the bound.

    `rounding_bps` is what whole units may cost: one of each token of each leg, of the route or of L-BFGS-B's flows.
    `barred` says that longer ways than the order allows would be better: the bound, which lets some of them pass,
    is then not tight.
    `beaten_bps` is how much better than the route the best execution is that an oracle found, in whole units.
    `behind_best` is by how many units it is worse than the best there is, where all of them were tried.
    `looseness_bps` is how far the bound of L-BFGS-B lies beyond the router's.
    """

    order: Order
    gap_bps: float | None = None
    rounding_bps: float = 0.0
    barred: bool = False
    beaten_bps: float = 0.0
    behind_best: int | None = None
    looseness_bps: float | None = None
    excess_bps: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


def compare(verdict: Verdict, oracle: str, found: int, route: Route) -> None:
    """Note how far an oracle gets beyond the bound; at all beyond, and the bound is wrong."""
    excess = -behind(verdict.order, found, route.bound)
    if oracle in _EXACT:
        verdict.beaten_bps = max(verdict.beaten_bps, -behind(verdict.order, found, net(verdict.order, route)))
    verdict.excess_bps[oracle] = max(excess, verdict.excess_bps.get(oracle, excess))
    if excess > 0:
        verdict.violations.append(f"{oracle} found {found}, which the bound {route.bound} excludes")


def behind(order: Order, found: float, bound: float) -> float:
    """Return by how many bps of the bound something is worse than it; below 0 where it is better."""
    difference = bound - found if order.mode is Mode.EXACT_IN else found - bound
    return difference / max(1.0, abs(bound)) * 10_000


def net(order: Order, route: Route) -> int:
    return order.net(route.amount_out if order.mode is Mode.EXACT_IN else route.amount_in, len(route.legs))
