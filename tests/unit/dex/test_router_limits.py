"""Buying instead of selling, distrusted venues, and what else a route is told."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fillwire_dex import AmountTooSmall, Direction, InsufficientLiquidity, Mode, NoRoute, Pool, Verdict, router, tokens
from tests.unit.dex import markets
from tests.unit.dex.markets import amm, at_price, cpmm, market
from tests.unit.dex.networks import fair, network, two_ways

SOL = 10**9
USDC = 10**6


def test_buying_is_split_so_that_the_pools_end_at_one_price() -> None:
    pools = [at_price("160", 8_000_000), at_price("160", 4_000_000), at_price("160", 2_000_000)]
    route = router.best(market(pools), amount_out=16_000 * USDC)
    assert route.mode is Mode.EXACT_OUT
    assert [leg.amount_out for leg in route.legs] == pytest.approx([9142857143, 4571428571, 2285714286], abs=2)
    assert sum(leg.amount_out for leg in route.legs) == route.amount_out == 16_000 * USDC
    assert sum(leg.amount_in for leg in route.legs) == route.amount_in >= route.bound
    assert route.gap_bps < 1e-5
    assert route.improvement_bps is not None
    assert route.improvement_bps > 0


@given(st.lists(markets.pools(), min_size=1, max_size=5), st.integers(1, 10**15), st.integers(1, 4))
def test_buying_never_takes_more_than_the_best_single_pool(pools: list[Pool], amount: int, max_legs: int) -> None:
    snapshot = market(pools)
    singles = []
    for pool in pools:
        try:
            singles.append(pool.quote_exact_out(Direction.A_TO_B, amount, now=markets.NOW).amount_in)
        except InsufficientLiquidity:
            continue
    try:
        route = router.best(snapshot, amount_out=amount, max_legs=max_legs)
    except InsufficientLiquidity:
        assert not singles
        return
    assert route.amount_in <= min(singles, default=route.amount_in)
    assert route.amount_out == sum(leg.amount_out for leg in route.legs) == amount
    assert route.bound <= route.amount_in
    assert len(route.legs) <= max_legs


SMALL = st.integers(50, 5_000)


@given(st.lists(markets.pools(SMALL), min_size=2, max_size=2), st.integers(1, 40), st.integers(0, 10))
def test_no_integer_purchase_beats_the_bound(pools: list[Pool], amount: int, leg_cost: int) -> None:
    def price(pool: Pool, part: int) -> int | None:
        try:
            return pool.quote_exact_out(Direction.A_TO_B, part, now=markets.NOW).amount_in + leg_cost if part else 0
        except InsufficientLiquidity:
            return None

    try:
        route = router.best(market(pools), amount_out=amount, leg_cost=leg_cost)
    except InsufficientLiquidity:
        assume(False)
    costs = [(price(pools[0], part), price(pools[1], amount - part)) for part in range(amount + 1)]
    assert min(one + two for one, two in costs if one is not None and two is not None) >= route.bound


def test_what_was_bought_for_is_what_selling_that_much_brings() -> None:
    sale = router.best(network(two_ways()), amount_in=1_000 * SOL)
    purchase = router.best(network(two_ways()), amount_out=sale.amount_out)
    assert purchase.amount_in == pytest.approx(1_000 * SOL, rel=1e-8)
    assert [leg.pool_id for leg in purchase.legs] == [leg.pool_id for leg in sale.legs]


@pytest.mark.parametrize(("slippage_bps", "most"), [(0, 1_000_001), (1, 1_000_101), (50, 1_005_001)])
def test_the_ceiling_is_rounded_in_favour_of_the_trader(slippage_bps: int, most: int) -> None:
    route = router.best(market([at_price("160", 8_000_000)]), amount_out=SOL // 10)
    object.__setattr__(route, "amount_in", 1_000_001)
    assert route.ceiling(slippage_bps) == most


def test_exactly_one_amount_is_asked_for() -> None:
    wrong: tuple[dict[str, Any], ...] = ({}, {"amount_in": 1, "amount_out": 1})
    for amounts in wrong:
        with pytest.raises(ValueError, match="one amount"):
            router.best(market([amm()]), **amounts)
    with pytest.raises(AmountTooSmall):
        router.best(market([amm()]), amount_out=0)


@pytest.mark.parametrize("limits", [{"max_legs": 0}, {"max_hops": 0}, {"leg_cost": -1}, {"haircuts": {"a": 10_000.0}}])
def test_limits_that_no_route_can_keep_are_refused(limits: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^a (route|haircut)"):
        router.best(market([amm()]), amount_in=SOL, **limits)


@pytest.mark.parametrize("amounts", [{"amount_in": SOL}, {"amount_out": 160 * USDC}])
def test_a_distrusted_venue_is_used_only_if_it_is_better_by_its_haircut(amounts: dict[str, Any]) -> None:
    snapshot = market([at_price("160.4", 8_000_000), amm(reserve_a=50_000 * SOL, reserve_b=8_000_000 * USDC)])
    plain = router.best(snapshot, **amounts)
    assert [leg.pool_id for leg in plain.legs] == ["pool0"]
    little = router.best(snapshot, **amounts, haircuts={"raydium_cpmm": 10.0})
    assert little.legs == plain.legs
    much = router.best(snapshot, **amounts, haircuts={"raydium_cpmm": 40.0})
    assert [leg.pool_id for leg in much.legs] == ["pool1"]
    assert much.bound == pytest.approx(plain.bound, rel=1e-9)
    assert round(much.gap_bps) == 25
    assert [one.haircut_bps for one in much.candidates] == [40.0, 0.0]
    assert much.candidates[0].amount_out == plain.candidates[0].amount_out


def test_a_distrusted_pool_gets_less_of_a_split() -> None:
    snapshot = market([at_price("160", 8_000_000), amm(reserve_a=50_000 * SOL, reserve_b=8_000_000 * USDC)])
    plain = router.best(snapshot, amount_in=1_000 * SOL)
    assert [round(leg.share_bps, -1) for leg in plain.legs] == [5_000, 5_000]
    wary = router.best(snapshot, amount_in=1_000 * SOL, haircuts={"raydium_cpmm": 40.0})
    assert [(leg.pool_id, round(leg.share_bps, -2)) for leg in wary.legs] == [("pool1", 5_500), ("pool0", 4_500)]
    assert plain.gap_bps < 1e-5 < wary.gap_bps


def test_distrust_adds_up_along_a_way() -> None:
    snapshot = network(two_ways())
    assert router.best(snapshot, amount_in=1_000 * SOL, haircuts={"raydium_cpmm": 50.0}).hops == 2
    direct = amm(reserve_a=6_250 * SOL, reserve_b=980_000 * USDC)
    apart = network([(tokens.SOL, tokens.USDC, direct), *two_ways()[1:]])
    assert router.best(apart, amount_in=30 * SOL, max_legs=2).hops == 2
    assert router.best(apart, amount_in=30 * SOL, max_legs=2, haircuts={"raydium_cpmm": 150.0}).hops == 1


def test_a_venue_that_is_excluded_is_excluded_on_the_way_too() -> None:
    far = [fair(tokens.SOL, tokens.JUP, 10**6), (tokens.JUP, tokens.USDC, amm(reserve_a=10**13, reserve_b=5 * 10**12))]
    snapshot = network(far)
    assert router.best(snapshot, amount_in=SOL).hops == 2
    with pytest.raises(NoRoute):
        router.best(snapshot, amount_in=SOL, excluded_venues=["raydium_amm_v4"])
    both = network([*far, fair(tokens.SOL, tokens.USDC, 10**5)])
    route = router.best(both, amount_in=SOL, venues=["raydium_cpmm"])
    assert [(one.pool_id, one.verdict) for one in route.candidates] == [
        ("pool1", Verdict.EXCLUDED),
        ("pool2", Verdict.USED),
    ]


def test_many_pools_are_split_to_within_a_twentieth_of_a_basis_point() -> None:
    pools = [at_price(f"{160 + number % 7 / 100}", 10_000 * (1 + number**2)) for number in range(64)]
    for exponent in range(3, 16):
        route = router.best(market(pools), amount_in=10**exponent, max_legs=64)
        rounding = sum(10_000 / leg.amount_in + 10_000 / leg.amount_out for leg in route.legs)
        assert route.gap_bps <= 0.05 + rounding


def test_a_cost_per_leg_counts_on_the_side_that_is_open() -> None:
    pools = [at_price("160", 8_000_000), at_price("160", 4_000_000)]
    assert len(router.best(market(pools), amount_out=1_600 * USDC).legs) == 2
    dear = router.best(market(pools), amount_out=1_600 * USDC, leg_cost=SOL // 100)
    assert [leg.pool_id for leg in dear.legs] == ["pool0"]
    assert dear.candidates[1].verdict is Verdict.LEG_COST
    assert dear.amount_in + SOL // 100 >= dear.bound


def test_a_route_says_how_long_it_took_and_that_is_no_part_of_it() -> None:
    one, two = (router.best(market([cpmm()]), amount_in=SOL) for _ in range(2))
    assert one.elapsed_us > 0
    assert one == two
