"""Putting the orders of a market to the router, and its routes to the oracles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random
from traceback import extract_tb
from typing import Any, Final

from fillwire_dex import AmountTooSmall, InsufficientLiquidity, Leg, Mode, NoRoute, PoolId, Route, Token, router
from tests.proof import splits
from tests.proof.audit import faults
from tests.proof.graph import Graph, graph, hops, shortened
from tests.proof.markets import Market, Part
from tests.proof.oracles import ask_conic, ask_dual, ask_grids, ask_splits
from tests.proof.orders import Order
from tests.proof.verdict import Verdict, behind, net

MOST_GAP_BPS: Final = 0.05
"""How far below its bound a route may lie where every pool is concave and nothing limits it, but for whole units."""

_ANY_HOPS: Final = 9

_USED: Final = 1e-5
"""The share of an order from which on a flow of L-BFGS-B counts as a leg."""

Best = Callable[..., Route]


def examine(market: Market, *, with_conic: bool, best: Best = router.best) -> Iterator[Verdict]:
    """Yield a verdict on each order of the market; a router that crashes is judged as well."""
    chance = Random(f"{market.seed}|{market.part}|{market.number}|splits")
    for order in market.orders:
        verdict, network = Verdict(order), graph(market, order)
        try:
            route = routed(market, order, best)
        except (AmountTooSmall, InsufficientLiquidity, NoRoute) as refusal:
            found = [one for one in splits.attempts(chance, network, order, None) if one.other]
            verdict.violations += [f"refused ({refusal}), though {one} can be executed" for one in found[:1]]
        # Whatever it is, the other orders are judged too, and this one can be replayed.
        except Exception as error:  # noqa: BLE001
            last = extract_tb(error.__traceback__)[-1]
            verdict.violations.append(f"crashed: {error!r} at line {last.lineno} of {Path(last.filename).name}")
        else:
            _judge(verdict, market, network, chance, route, with_conic=with_conic)
        yield verdict


def routed(market: Market, order: Order, best: Best) -> Route:
    """Return the router's answer to the order."""
    limits = {"max_legs": order.max_legs, "max_hops": order.max_hops, "leg_cost": order.leg_cost}
    return best(market.snapshot, **_amount(order), **limits)


def _amount(order: Order) -> dict[str, Any]:
    return {"amount_in" if order.mode is Mode.EXACT_IN else "amount_out": order.amount}


def _judge(verdict: Verdict, market: Market, network: Graph, chance: Random, route: Route, *, with_conic: bool) -> None:
    order = verdict.order
    verdict.violations += faults(market, order, route)
    verdict.gap_bps = behind(order, net(order, route), route.bound)
    ask_splits(verdict, network, chance, route)
    legs = {(leg.token_in, leg.token_out, leg.pool_id) for leg in route.legs}
    if order.free:
        flows = ask_dual(verdict, network, route)
        best = _legs(network, flows)
        legs |= best
        longest = hops({(sold, bought) for sold, bought, _ in best}, network.source)
        verdict.barred = longest is None or longest > order.max_hops or _gains_by_longer_ways(market, order)
        if with_conic:
            ask_conic(verdict, shortened(network, flows), route)
    verdict.rounding_bps = _rounding(market, route, legs)
    if market.part is Part.GRIDS:
        ask_grids(verdict, network, route)
    elif market.concave and order.free and not verdict.barred:
        _hold_to_bound(verdict)


def _gains_by_longer_ways(market: Market, order: Order) -> bool:
    """Whether the optimum without a limit on hops is proven, and takes more of them than the order allows.

    The smoothed flows of L-BFGS-B may be too small on such a way to be told from its noise.
    """
    try:
        longer = router.best(market.snapshot, **_amount(order), max_legs=order.max_legs, max_hops=_ANY_HOPS)
    except (AmountTooSmall, InsufficientLiquidity, NoRoute):
        return False
    return longer.hops > order.max_hops and longer.gap_bps <= MOST_GAP_BPS


def _hold_to_bound(verdict: Verdict) -> None:
    if verdict.gap_bps is not None and verdict.gap_bps > MOST_GAP_BPS + verdict.rounding_bps:
        beaten = f"beaten by {verdict.beaten_bps:.4f}"
        verdict.violations.append(f"the route lies {verdict.gap_bps:.4f} bps from its bound, {beaten}")


def _legs(network: Graph, flows: Sequence[float]) -> set[tuple[Token, Token, PoolId]]:
    """Return the swaps that flows come to."""
    found = set()
    for edge, flow in zip(network.edges, flows, strict=True):
        end = edge.tail if network.mode is Mode.EXACT_IN else edge.head
        if flow > _USED * network.units[end]:
            found.add((edge.tail, edge.head, edge.listing.id))
    return found


def _rounding(market: Market, route: Route, legs: Iterable[tuple[Token, Token, PoolId]]) -> float:
    """Return what venues keep by rounding, in bps of the bound.

    Each step of a leg rounds its fee and its input, a unit of what is sold each, and its output.
    """
    unit = market.values[route.token_out if route.mode is Mode.EXACT_IN else route.token_in]
    steps = {leg.pool_id: _steps(market, leg) for leg in route.legs}
    lost = sum(
        steps.get(pool_id, 1) * (2 * market.values[sold] + market.values[bought]) for sold, bought, pool_id in legs
    )
    return lost / unit / max(1, abs(route.bound)) * 10_000


def _steps(market: Market, leg: Leg) -> int:
    """Return how many bins or ranges a leg goes through; each is a swap of its own, and rounded as one."""
    listing = next(one for one in market.snapshot.listings if one.id == leg.pool_id)
    curve = listing.pool.segments(listing.direction(leg.token_in), now=market.snapshot.now)
    ends = accumulate(segment.capacity for segment in curve)
    return 1 + sum(end < leg.amount_in for end in ends)
