"""The proof of the router, a slice of it, and the proof that it would notice."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import ceil, floor, inf
from typing import Any

import pytest

from fillwire_dex import AmountTooSmall, Direction, InsufficientLiquidity, Mode, Route, Snapshot, router
from tests.proof import conic, dual, grids, relaxed
from tests.proof.__main__ import main, prove
from tests.proof.economy import NOW
from tests.proof.graph import Graph, graph
from tests.proof.markets import Market, Part, draw
from tests.proof.orders import Order
from tests.proof.trial import Best, examine

BIG = 10
"""The number of a direct market of two pools whose amounts are large beside one unit."""


def found_out(market: Market, best: Best) -> list[str]:
    return [fault for verdict in examine(market, with_conic=False, best=best) for fault in verdict.violations]


@pytest.mark.parametrize(("part", "count"), [(Part.DIRECT, 30), (Part.NETWORKS, 15), (Part.GRIDS, 15)])
def test_no_oracle_beats_a_bound_and_no_route_is_wasteful(part: Part, count: int) -> None:
    rows = prove(part, range(count), seed=1, conic_every=10)
    assert [violation for row in rows for violation in row.violations] == []
    assert set().union(*(row.markets for row in rows)) == set(range(count))
    assert all(row.asked["splits"] and row.asked["dual"] for row in rows)
    assert sum(row.asked["conic"] for row in rows) > 0


def test_a_bound_that_is_a_millionth_too_tight_is_found_out() -> None:
    def understated(snapshot: Snapshot, **asked: Any) -> Route:
        route = router.best(snapshot, **asked)
        tighter = floor(route.bound * (1 - 1e-6)) if route.mode is Mode.EXACT_IN else ceil(route.bound * (1 + 1e-6))
        return replace(route, bound=tighter)

    market = draw(Part.DIRECT, seed=7, number=BIG)
    assert found_out(market, router.best) == []
    excluded = [fault for fault in found_out(market, understated) if "which the bound" in fault]
    for oracle in ("splits", "dual"):
        assert any(fault.startswith(f"{oracle} found") for fault in excluded)


def test_a_bound_just_below_a_better_split_is_found_out_by_every_split_tried() -> None:
    def optimistic(snapshot: Snapshot, **asked: Any) -> Route:
        single = router.best(snapshot, **(asked | {"max_legs": 1}))
        return replace(single, bound=single.amount_out if single.mode is Mode.EXACT_IN else single.amount_in)

    faults = [fault for number in range(20) for fault in found_out(draw(Part.GRIDS, seed=7, number=number), optimistic)]
    assert any(fault.startswith("grids found") for fault in faults)


def test_a_route_that_wastes_is_found_out() -> None:
    def single(snapshot: Snapshot, **asked: Any) -> Route:
        whole = router.best(snapshot, **asked)
        return replace(router.best(snapshot, **(asked | {"max_legs": 1})), bound=whole.bound)

    assert any("from its bound" in fault for fault in found_out(draw(Part.DIRECT, seed=7, number=BIG), single))


def test_a_route_that_promises_more_than_its_legs_bring_is_found_out() -> None:
    def boastful(snapshot: Snapshot, **asked: Any) -> Route:
        route = router.best(snapshot, **asked)
        first, *others = route.legs
        return replace(route, legs=(replace(first, amount_out=first.amount_out + 1), *others))

    faults = found_out(draw(Part.DIRECT, seed=7, number=BIG), boastful)
    assert any("the leg says" in fault for fault in faults)
    assert any("left over" in fault for fault in faults)


def test_a_router_that_gives_up_or_breaks_is_found_out() -> None:
    def refusing(snapshot: Snapshot, **asked: Any) -> Route:
        raise InsufficientLiquidity("no")

    def breaking(snapshot: Snapshot, **asked: Any) -> Route:
        raise KeyError("no")

    market = draw(Part.DIRECT, seed=7, number=BIG)
    assert any("can be executed" in fault for fault in found_out(market, refusing))
    assert len([fault for fault in found_out(market, breaking) if "crashed: KeyError" in fault]) == len(market.orders)


def test_a_market_is_the_same_each_time_it_is_drawn() -> None:
    for part in Part:
        one, other = draw(part, seed=3, number=5), draw(part, seed=3, number=5)
        assert [entry.pool.state() for entry in one.snapshot.listings] == [
            entry.pool.state() for entry in other.snapshot.listings
        ]
        assert one.orders == other.orders


@pytest.mark.parametrize("number", range(6))
def test_no_pool_of_a_market_pays_more_than_the_fair_price(number: int) -> None:
    for part in (Part.DIRECT, Part.NETWORKS):
        market = draw(part, seed=5, number=number)
        for entry in market.snapshot.listings:
            fair = market.values[entry.token_a] / market.values[entry.token_b]
            for direction, price in ((Direction.A_TO_B, fair), (Direction.B_TO_A, 1 / fair)):
                paid = [segment.price for segment in entry.pool.segments(direction, now=NOW)]
                assert max(paid, default=0) <= price


def tried_one_by_one(network: Graph, order: Order) -> int | None:
    """The best over every split of the order among parallel pools, written out."""
    best = -inf
    for parts in product(range(order.amount + 1), repeat=len(network.edges)):
        used = sum(part > 0 for part in parts)
        if sum(parts) == order.amount and used <= order.max_legs:
            best = max(best, signed(network, parts) - order.leg_cost * used)
    return None if best == -inf else int(abs(best) if order.mode is Mode.EXACT_OUT else best)


def signed(network: Graph, parts: Sequence[int]) -> float:
    total = 0.0
    for edge, part in zip(network.edges, parts, strict=True):
        if part == 0:
            continue
        pool = edge.listing.pool
        try:
            if network.mode is Mode.EXACT_OUT:
                total -= pool.quote_exact_out(edge.direction, part, now=NOW).amount_in
            else:
                total += pool.quote_exact_in(edge.direction, part, now=NOW).amount_out or -inf
        except (AmountTooSmall, InsufficientLiquidity):
            return -inf
    return total


def test_the_grids_leave_no_split_out() -> None:
    compared = 0
    for number in range(40):
        market = draw(Part.GRIDS, seed=11, number=number)
        if len(market.values) > 2:
            continue
        for order in market.orders:
            small = replace(order, amount=min(order.amount, 14))
            network = graph(market, small)
            assert grids.optimum(network, small) == tried_one_by_one(network, small)
            compared += 1
    assert compared > 40


@pytest.mark.parametrize("number", [3, 4, 10, 13])
def test_the_general_solvers_agree_with_each_other(number: int) -> None:
    market = draw(Part.DIRECT, seed=7, number=number)
    network = graph(market, market.orders[0])
    by_cone, by_prices = conic.optimum(network), dual.solve(network)
    assert by_cone is not None
    assert by_cone.value == pytest.approx(by_prices.bound, rel=1e-6)
    assert relaxed.execute(network, dict(enumerate(by_cone.flows))) == pytest.approx(by_cone.value, rel=1e-6)


def test_the_command_says_what_it_compared_and_succeeds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--part", "direct", "--seed", "7", "--only", str(BIG)]) == 0
    printed = capsys.readouterr().out
    assert "No bound was beaten" in printed
    assert '"markets": "direct, concave", "drawn": 1, "orders": 4' in printed
