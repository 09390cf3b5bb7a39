"""Through other tokens: split, in sequence, each pool quoted once, and proven like any other route."""

import subprocess
import sys
from contextlib import suppress
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fillwire_dex import (
    AmountTooSmall,
    Direction,
    InsufficientLiquidity,
    NoRoute,
    Pool,
    Route,
    Snapshot,
    Verdict,
    router,
)
from fillwire_dex.tokens import BONK, JUP, MSOL, RAY, SOL, USDC, USDT
from tests.proof.markets import Part, draw
from tests.proof.trial import routed
from tests.unit.dex.markets import NOW, amm, amms, dlmm
from tests.unit.dex.networks import Trade, best_of_all, conserved, fair, network, replayed, trades, two_ways

ONE = 10**9
AMOUNTS = st.integers(1, 10**14)
UNBOUND = 16


def rounding_bps(route: Route) -> float:
    """What integers may cost: a unit of what each leg sells, and one of what it brings."""
    return sum(10_000 / leg.amount_in + 10_000 / leg.amount_out for leg in route.legs)


def test_an_order_goes_through_another_token_where_that_is_deeper() -> None:
    route = router.best(network(two_ways()), amount_in=1_000 * ONE)
    assert [(leg.token_in, leg.token_out) for leg in route.legs] == [(SOL, JUP), (SOL, USDC), (JUP, USDC)]
    assert route.hops == 2
    assert route.legs[0].amount_out == route.legs[2].amount_in
    assert route.gap_bps < 1e-4
    alone = router.best(network(two_ways()), amount_in=1_000 * ONE, max_hops=1)
    assert alone.hops == 1
    assert route.amount_out > alone.amount_out * 1.05


def test_a_small_order_stays_with_the_direct_pool() -> None:
    route = router.best(network(two_ways()), amount_in=ONE)
    assert route.hops == 1
    assert route.gap_bps < 1e-4
    assert [one.verdict for one in route.candidates] == [Verdict.USED, Verdict.OUTPRICED, Verdict.OUTPRICED]


def test_a_small_order_needs_no_numerics() -> None:
    code = (
        "import sys; from tests.unit.dex.networks import *; from fillwire_dex import router;"
        "shared = [*two_ways(), fair(JUP, USDT, 10**6), fair(SOL, USDT, 10**6), fair(USDT, USDC, 10**6)];"
        "assert router.best(network(shared), amount_in=10**9).hops == 1; assert 'numpy' not in sys.modules;"
        "assert router.best(network(shared), amount_in=10**13, max_legs=9).hops > 1; assert 'numpy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_pair_without_a_pool_is_reached_through_others() -> None:
    chain = network([fair(SOL, JUP, 10**6), fair(JUP, RAY, 10**6), fair(RAY, USDC, 10**6)])
    route = router.best(chain, amount_in=ONE)
    assert [leg.pool_id for leg in route.legs] == ["pool0", "pool1", "pool2"]
    assert route.hops == 3
    assert round(route.mid_price) == 160
    assert 70 < route.price_impact_bps < 80
    assert (route.best_single, route.improvement_bps) == (None, None)
    with pytest.raises(NoRoute):
        router.best(chain, amount_in=ONE, max_hops=2)


def test_no_way_is_longer_than_allowed() -> None:
    trades = [fair(SOL, USDC, 10**5), fair(SOL, JUP, 10**7), fair(JUP, RAY, 10**7), fair(RAY, USDC, 10**7)]
    assert router.best(network(trades), amount_in=1_000 * ONE, max_hops=3).hops == 3
    assert router.best(network(trades), amount_in=1_000 * ONE, max_hops=2).hops == 1


def test_a_hop_limit_that_binds_splits_the_tokens_into_levels() -> None:
    among = (JUP, RAY, MSOL)
    ends = [fair(SOL, token, 10**6) for token in among] + [fair(token, USDC, 10**6) for token in among]
    between = [fair(one, two, 10**7, off_bps=9) for one in among for two in among if one.symbol < two.symbol]
    snapshot = network([fair(SOL, JUP, 10**7), fair(MSOL, USDC, 10**7), *ends, *between])
    free = router.best(snapshot, amount_in=5_000 * ONE, max_hops=4, max_legs=UNBOUND)
    bound = router.best(snapshot, amount_in=5_000 * ONE, max_hops=3, max_legs=UNBOUND)
    assert bound.hops == 3
    assert bound.amount_out <= free.amount_out <= free.bound
    assert bound.amount_out <= bound.bound <= free.bound
    assert conserved(bound)


def test_orders_of_the_tokens_are_tried_until_none_can_gain_more() -> None:
    market = draw(Part.NETWORKS, seed=7, number=111)
    assert routed(market, market.orders[1], router.best).gap_bps < 0.01


def test_a_pool_that_two_ways_share_is_quoted_once_on_the_sum() -> None:
    shared = [fair(SOL, JUP, 10**6), fair(SOL, USDT, 10**6), fair(JUP, USDT, 10**6), fair(USDT, USDC, 4 * 10**6)]
    snapshot = network([*shared, fair(JUP, USDC, 10**5)])
    route = router.best(snapshot, amount_in=1_000 * ONE, max_legs=UNBOUND)
    assert len({leg.pool_id for leg in route.legs}) == len(route.legs)
    last = next(leg for leg in route.legs if leg.pool_id == "pool3")
    brought = sum(leg.amount_out for leg in route.legs if leg.token_out == USDT)
    assert last.amount_in == brought > 0
    assert replayed(snapshot, route) == {SOL: 0, USDC: route.amount_out} | dict.fromkeys((JUP, USDT), 0)
    assert route.gap_bps < 0.05


@settings(max_examples=60, deadline=None)
@given(trades(), AMOUNTS)
def test_a_route_executes_as_it_is_quoted(found: list[Trade], amount: int) -> None:
    snapshot = network(found)
    try:
        route = router.best(snapshot, amount_in=amount, max_legs=6)
    except (NoRoute, InsufficientLiquidity, AmountTooSmall):
        assume(False)
    held = replayed(snapshot, route)
    assert held.pop(USDC) == route.amount_out
    assert not any(held.values())
    assert len(route.legs) <= 6
    assert route.hops <= 3
    assert route.amount_out <= route.bound


@settings(max_examples=60, deadline=None)
@given(trades(), AMOUNTS)
def test_the_gap_is_tiny_without_limits(found: list[Trade], amount: int) -> None:
    try:
        route = router.best(network(found), amount_in=amount, max_legs=len(found), max_hops=len(found))
    except (NoRoute, InsufficientLiquidity, AmountTooSmall):
        assume(False)
    assert 0 <= route.gap_bps < 0.05 + rounding_bps(route)


@settings(max_examples=60, deadline=None)
@given(trades(), st.integers(10**5, 10**13))  # less is a matter of single units, which tests/proof counts out
def test_buying_takes_no_more_than_its_bound_and_a_little(found: list[Trade], amount: int) -> None:
    try:
        route = router.best(network(found), amount_out=amount, max_legs=len(found), max_hops=len(found))
    except (NoRoute, InsufficientLiquidity):
        assume(False)
    assert route.amount_out == amount
    assert conserved(route)
    assert route.amount_in >= route.bound
    assert 0 <= route.gap_bps < 0.05 + rounding_bps(route)


@settings(max_examples=60, deadline=None)
@given(trades(), st.integers(10**6, 10**14), st.integers(1, 4))
def test_a_longer_way_is_never_worse_than_the_direct_split(found: list[Trade], amount: int, max_legs: int) -> None:
    snapshot = network([*found, fair(SOL, USDC, 10**5)])
    direct = router.best(snapshot, amount_in=amount, max_legs=max_legs, max_hops=1)
    route = router.best(snapshot, amount_in=amount, max_legs=max_legs)
    assert route.amount_out >= direct.amount_out * (1 - 1e-6)
    assert len(route.legs) <= max_legs


SMALL = st.integers(50, 2_000)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(amms(SMALL), min_size=0, max_size=1),
    st.lists(amms(SMALL), min_size=1, max_size=2),
    st.lists(amms(SMALL), min_size=1, max_size=2),
    st.integers(1, 25),
)
def test_no_integer_execution_through_a_token_beats_the_bound(
    direct: list[Pool], first: list[Pool], second: list[Pool], amount: int
) -> None:
    found = [(SOL, USDC, pool) for pool in direct] + [(SOL, JUP, pool) for pool in first]
    snapshot = network([*found, *((JUP, USDC, pool) for pool in second)])
    try:
        route = router.best(snapshot, amount_in=amount, max_legs=5)
    except (AmountTooSmall, InsufficientLiquidity):
        assume(False)
    at_once = best_of_all([(pool, True) for pool in direct], amount)
    onto = best_of_all([(pool, True) for pool in first], amount)
    onward = best_of_all([(pool, True) for pool in second], onto[-1])
    assert max(at_once[amount - part] + onward[onto[part]] for part in range(amount + 1)) <= route.bound
    assert route.amount_out <= route.bound


def arbitrage() -> Snapshot:
    """JUP and RAY trade in a circle at a profit, which is not on any sensible way."""
    circle = [fair(JUP, RAY, 10**7, off_bps=-500), fair(JUP, RAY, 10**7, off_bps=500)]
    ends = [fair(SOL, JUP, 10**6), fair(RAY, USDC, 10**6), fair(SOL, RAY, 10**6), fair(JUP, USDC, 10**6)]
    return network([fair(SOL, USDC, 10**6), *circle, *ends])


def test_arbitrage_between_pools_on_the_way_is_neither_taken_nor_promised() -> None:
    route = router.best(arbitrage(), amount_in=2_000 * ONE, max_legs=UNBOUND)
    assert conserved(route)
    assert len({frozenset((leg.token_in.symbol, leg.token_out.symbol)) for leg in route.legs}) == len(
        {(leg.token_in.symbol, leg.token_out.symbol) for leg in route.legs}
    )
    assert 0 <= route.gap_bps < 0.05
    assert route.hops == 3


def test_the_same_question_has_the_same_answer_in_any_order_of_the_pools() -> None:
    snapshot = arbitrage()
    turned = Snapshot(snapshot.token_in, snapshot.token_out, 1, snapshot.now, snapshot.listings[::-1])
    several: tuple[dict[str, Any], ...] = ({"max_legs": 3}, {"max_legs": UNBOUND}, {"max_hops": 2})
    for limits in several:
        route = router.best(snapshot, amount_in=500 * ONE, **limits)
        assert route == router.best(snapshot, amount_in=500 * ONE, **limits)
        assert route.legs == router.best(turned, amount_in=500 * ONE, **limits).legs


def test_few_legs_are_used_for_the_best_way_not_for_its_beginning() -> None:
    snapshot = network([*two_ways(), fair(SOL, RAY, 10**6), fair(RAY, USDC, 10**6), fair(SOL, USDC, 10**5)])
    route = router.best(snapshot, amount_in=5_000 * ONE, max_legs=2)
    assert [leg.pool_id for leg in route.legs] == ["pool1", "pool2"]
    third = router.best(snapshot, amount_in=5_000 * ONE, max_legs=3)
    assert {leg.pool_id for leg in third.legs} == {"pool0", "pool1", "pool2"}
    assert third.candidates[3].verdict is Verdict.MAX_LEGS


def test_every_pool_on_a_way_is_a_candidate_and_no_other() -> None:
    snapshot = network([*two_ways(), fair(BONK, RAY, 10**6), fair(JUP, BONK, 10**6)])
    route = router.best(snapshot, amount_in=1_000 * ONE)
    assert [(one.pool_id, one.token_in, one.token_out) for one in route.candidates] == [
        ("pool0", SOL, USDC),
        ("pool1", SOL, JUP),
        ("pool2", JUP, USDC),
    ]
    direct, *others = route.candidates
    assert (direct.amount_in, direct.amount_out is None) == (1_000 * ONE, False)
    assert [(one.amount_in, one.amount_out, one.lost_by_bps) for one in others] == [(None, None, None)] * 2


def test_the_mid_of_a_pair_without_pools_is_that_of_its_best_way() -> None:
    ways = [fair(SOL, JUP, 10**6, off_bps=-50), fair(JUP, USDC, 10**6), fair(SOL, RAY, 10**6), fair(RAY, USDC, 10**6)]
    route = router.best(network(ways), amount_in=ONE)
    assert abs(route.mid_price - Decimal(160)) < Decimal("0.001")
    assert [leg.token_in for leg in route.legs] == [SOL, RAY]


def test_shares_are_of_what_is_sold_of_each_token() -> None:
    snapshot = network([fair(SOL, JUP, 10**6), fair(JUP, USDC, 3 * 10**6), fair(JUP, USDC, 10**6)])
    route = router.best(snapshot, amount_in=100 * ONE)
    assert [round(leg.share_bps) for leg in route.legs] == [10_000, 7_500, 2_500]


def test_a_way_ends_where_its_narrowest_pool_is_empty() -> None:
    snapshot = network([fair(SOL, USDT, 10**6), fair(USDT, USDC, 10**4)])
    with pytest.raises(InsufficientLiquidity):
        router.best(snapshot, amount_out=10**4 * 10**6)
    assert router.best(snapshot, amount_out=9_000 * 10**6).amount_out == 9_000 * 10**6


def test_a_way_is_filled_to_the_end_of_its_pool_while_another_takes_what_whole_units_leave() -> None:
    bins = dlmm()
    snapshot = network([(SOL, USDT, bins), fair(USDT, USDC, 10**8), fair(SOL, USDC, 10**6)])
    route = router.best(snapshot, amount_out=85 * 10**11)
    through = next(leg for leg in route.legs if leg.pool_id == "pool0")
    end = sum(segment.capacity for segment in bins.segments(Direction.A_TO_B, now=NOW))
    assert through.amount_in > 0.999 * end
    assert conserved(route)
    assert route.gap_bps < 0.05


@pytest.mark.parametrize("max_legs", [2, 3, 4, 5])
def test_few_legs_are_the_best_of_all_choices_of_so_many(max_legs: int) -> None:
    ways = [*two_ways(), fair(SOL, JUP, 2 * 10**6), fair(SOL, USDC, 500_000), fair(SOL, USDC, 700_000)]
    best = 0
    for kept in combinations([*ways, fair(JUP, USDC, 3 * 10**6)], max_legs):
        with suppress(NoRoute):
            best = max(best, router.best(network(kept), amount_in=2_000 * ONE, max_legs=max_legs).amount_out)
    all_pools = network([*ways, fair(JUP, USDC, 3 * 10**6)])
    route = router.best(all_pools, amount_in=2_000 * ONE, max_legs=max_legs)
    assert len(route.legs) <= max_legs
    assert route.amount_out >= best - max_legs
    assert route.bound >= best


def test_one_leg_is_proven_by_the_price_that_it_ends_at() -> None:
    snapshot = network([fair(SOL, USDC, 10**7), fair(SOL, USDC, 10**6), *two_ways()[1:]])
    route = router.best(snapshot, amount_in=5_000 * ONE, max_legs=1)
    assert [leg.pool_id for leg in route.legs] == ["pool0"]
    assert route.gap_bps < 1e-4


def test_an_order_of_one_unit_that_nearly_empty_pools_cannot_take_comes_to_an_end() -> None:
    """Its plan through JUP is refused without a pool to blame; it was once made again for ever."""

    def pool(reserve_a: int, reserve_b: int, fee: int) -> Pool:
        return amm(reserve_a=str(reserve_a), reserve_b=str(reserve_b), swap_fee_numerator=str(fee))

    ways = [(SOL, JUP, pool(242, 1479, 0)), (SOL, JUP, pool(1420, 700, 25))]
    onward = [(JUP, USDC, pool(629, 1150, 0)), (JUP, USDC, pool(788, 136, 300))]
    snapshot = network([(SOL, USDC, pool(108, 1200, 25)), *ways, *onward])
    route = router.best(snapshot, amount_in=1, max_legs=5)
    assert route.amount_out >= 1
