"""A route is the best there is, and says by how much at most it could be better."""

from collections.abc import Sequence
from functools import cache
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fillwire_dex import (
    AmountTooSmall,
    Direction,
    InsufficientLiquidity,
    NoRoute,
    Pool,
    Snapshot,
    Verdict,
    router,
    tokens,
)
from fillwire_dex.routing.pruning import DUST_BPS
from tests.unit.dex import markets
from tests.unit.dex.markets import amm, at_price, cpmm, damm, listing, market

SELLS = st.sampled_from([tokens.SOL, tokens.USDC])
SMALL = st.integers(50, 5_000)
SOL = 10**9


def quote(snapshot: Snapshot, number: int, amount: int) -> int | None:
    """What one pool gives, 0 for nothing, None when it cannot take the amount."""
    if amount == 0:
        return 0
    entry = snapshot.listings[number]
    try:
        return entry.pool.quote_exact_in(entry.direction(snapshot.token_in), amount, now=snapshot.now).amount_out
    except InsufficientLiquidity:
        return None


def best_by_trying_all(snapshot: Snapshot, amount: int, *, max_legs: int, leg_cost: int = 0) -> int:
    """The greatest output over every split into integers, net of the costs."""

    @cache
    def answer(number: int, part: int) -> int | None:
        return quote(snapshot, number, part)

    def best(chosen: Sequence[int], left: int) -> int | None:
        if not chosen:
            return 0 if left == 0 else None
        found = [
            own + rest - leg_cost
            for part in range(1, left + 1)
            if (own := answer(chosen[0], part)) is not None and (rest := best(chosen[1:], left - part)) is not None
        ]
        return max(found, default=None)

    numbers = range(len(snapshot.listings))
    splits = [best(chosen, amount) for legs in range(1, max_legs + 1) for chosen in combinations(numbers, legs)]
    return max((value for value in splits if value is not None), default=0)


@given(st.lists(markets.pools(), min_size=1, max_size=6), SELLS, st.integers(1, 10**17), st.integers(1, 4))
def test_a_route_is_never_worse_than_its_best_single_pool(
    pools: list[Pool], sell: tokens.Token, amount: int, max_legs: int
) -> None:
    snapshot = market(pools, sell=sell)
    singles = [quote(snapshot, number, amount) for number in range(len(pools))]
    try:
        route = router.best(snapshot, amount_in=amount, max_legs=max_legs)
    except (AmountTooSmall, InsufficientLiquidity):
        assert not any(singles)
        return
    assert route.amount_out >= max((own for own in singles if own is not None), default=0)
    assert route.amount_out <= route.bound
    assert len(route.legs) <= max_legs
    assert sum(leg.amount_in for leg in route.legs) == amount
    assert sum(leg.amount_out for leg in route.legs) == route.amount_out


@given(st.lists(markets.pools(), min_size=1, max_size=6), SELLS, st.integers(1, 10**17))
def test_each_leg_brings_what_its_pool_says(pools: list[Pool], sell: tokens.Token, amount: int) -> None:
    snapshot = market(pools, sell=sell)
    try:
        route = router.best(snapshot, amount_in=amount)
    except (AmountTooSmall, InsufficientLiquidity):
        assume(False)
    by_id = {entry.id: number for number, entry in enumerate(snapshot.listings)}
    for leg in route.legs:
        assert leg.amount_out == quote(snapshot, by_id[leg.pool_id], leg.amount_in)
        assert leg.amount_out > 0


@settings(max_examples=150)
@given(
    st.lists(markets.pools(SMALL), min_size=2, max_size=3),
    SELLS,
    st.integers(2, 40),
    st.integers(1, 3),
    st.integers(0, 20),
)
def test_no_integer_split_beats_the_bound(
    pools: list[Pool], sell: tokens.Token, amount: int, max_legs: int, leg_cost: int
) -> None:
    snapshot = market(pools, sell=sell)
    try:
        route = router.best(snapshot, amount_in=amount, max_legs=max_legs, leg_cost=leg_cost)
    except (AmountTooSmall, InsufficientLiquidity):
        assume(False)
    assert best_by_trying_all(snapshot, amount, max_legs=max_legs, leg_cost=leg_cost) <= route.bound


@given(
    st.lists(markets.pools(st.integers(10**14, 10**16)), min_size=2, max_size=6),
    SELLS,
    st.integers(10**11, 10**15),
)
def test_the_gap_is_tiny_when_every_pool_may_be_used(pools: list[Pool], sell: tokens.Token, amount: int) -> None:
    try:
        route = router.best(market(pools, sell=sell), amount_in=amount, max_legs=len(pools))
    except InsufficientLiquidity:
        assume(False)
    # The fee of a pool that walks back to its reference falls on the way: the bound is then that of its hull.
    assert 0 <= route.gap_bps < (0.05 if all(markets.rests(pool) for pool in pools) else 10_000)


def test_an_order_is_split_so_that_the_pools_end_at_one_price() -> None:
    pools = [at_price("160", 8_000_000), at_price("160", 4_000_000), at_price("160", 2_000_000)]
    route = router.best(market(pools), amount_in=100 * SOL)
    assert [round(leg.share_bps) for leg in route.legs] == [5714, 2857, 1429]
    assert route.improvement_bps is not None
    assert route.improvement_bps > 0
    assert route.gap_bps < 1e-5


def test_costs_are_compared_net_of_fees() -> None:
    dear_and_better_priced = at_price("160.5", 8_000_000, fee_rate=10_000)
    cheap = at_price("160", 8_000_000, fee_rate=2_500)
    route = router.best(market([dear_and_better_priced, cheap]), amount_in=SOL)
    assert [leg.pool_id for leg in route.legs] == ["pool1"]
    assert route.candidates[0].verdict is Verdict.OUTPRICED


def test_a_leg_that_costs_more_than_it_brings_is_left_out() -> None:
    pools = [at_price("160", 8_000_000), at_price("160", 4_000_000)]
    free = router.best(market(pools), amount_in=10 * SOL)
    dear = router.best(market(pools), amount_in=10 * SOL, leg_cost=10**6)
    assert len(free.legs) == 2
    assert [leg.pool_id for leg in dear.legs] == ["pool0"]
    assert dear.candidates[1].verdict is Verdict.LEG_COST
    assert dear.amount_out - 10**6 <= dear.bound


def test_a_leg_of_dust_is_left_out() -> None:
    pools = [at_price("160", 8_000_000), at_price("160", 8)]
    route = router.best(market(pools), amount_in=10 * SOL)
    assert [leg.pool_id for leg in route.legs] == ["pool0"]
    assert route.candidates[1].verdict is Verdict.DUST
    assert route.gap_bps < DUST_BPS * 1.1


def test_the_legs_that_help_most_are_kept_when_there_are_too_many() -> None:
    depths = [1_000_000, 8_000_000, 2_000_000, 4_000_000, 500_000]
    route = router.best(market([at_price("160", depth) for depth in depths]), amount_in=500 * SOL, max_legs=3)
    assert [leg.pool_id for leg in route.legs] == ["pool1", "pool3", "pool2"]
    verdicts = [candidate.verdict for candidate in route.candidates]
    assert verdicts == [Verdict.MAX_LEGS, Verdict.USED, Verdict.USED, Verdict.USED, Verdict.MAX_LEGS]


def test_only_venues_that_are_allowed_are_used() -> None:
    snapshot = market([amm(), cpmm(), damm()])
    only = router.best(snapshot, amount_in=SOL, venues=["raydium_cpmm"])
    without = router.best(snapshot, amount_in=1_000 * SOL, excluded_venues=["raydium_cpmm"])
    assert {leg.venue for leg in only.legs} == {"raydium_cpmm"}
    assert {leg.venue for leg in without.legs} == {"raydium_amm_v4", "meteora_damm_v2"}
    assert [c.venue for c in only.candidates if c.verdict is Verdict.EXCLUDED] == ["raydium_amm_v4", "meteora_damm_v2"]


def test_every_loser_says_by_how_much_it_lost() -> None:
    pools = [at_price("160", 8_000_000), at_price("158", 8_000_000)]
    route = router.best(market(pools), amount_in=SOL)
    lost_by_bps = route.candidates[1].lost_by_bps
    assert lost_by_bps is not None
    assert round(lost_by_bps) == 125
    assert route.candidates[0].lost_by_bps == 0
    assert route.best_single == route.candidates[0]


def test_a_pool_that_ends_before_the_amount_still_takes_its_share() -> None:
    narrow = damm(sqrt_min_price_x64=DAMM_NARROW)
    snapshot = market([narrow, at_price("155", 8_000_000)])
    route = router.best(snapshot, amount_in=5_000 * SOL)
    assert {leg.pool_id for leg in route.legs} == {"pool0", "pool1"}
    assert route.candidates[0].amount_out is None
    assert route.candidates[0].verdict is Verdict.USED
    assert route.gap_bps < 1e-4


DAMM_NARROW = int(markets.DAMM_STATE["sqrt_price_x64"]) * 99 // 100


def test_a_pool_that_ends_just_before_the_amount_leaves_the_rest_to_the_next() -> None:
    first = damm(sqrt_price_x64=2 << 64, sqrt_min_price_x64=1 << 64, sqrt_max_price_x64=4 << 64, liquidity=2 * 10**14 << 64,
                 base_fee={**markets.BASE_FEE, "cliff_fee_numerator": 1})  # fmt: skip
    capacity = 10**14
    for amount in range(capacity - 3, capacity + 4):
        route = router.best(market([amm(reserve_a=10**14, reserve_b=10**14), first]), amount_in=amount)
        assert route.legs[0].pool_id == "pool1"
        assert route.gap_bps < 1e-5


def test_a_single_pool_can_be_sold_all_it_takes() -> None:
    pool = damm()
    most = pool.quote_partial_in(Direction.A_TO_B, 10**20, now=markets.NOW).amount_in
    route = router.best(market([pool]), amount_in=most - 1)
    assert route.gap_bps < 1e-5
    with pytest.raises(InsufficientLiquidity):
        router.best(market([pool]), amount_in=most + 1)


def test_more_than_all_pools_hold_is_insufficient_liquidity() -> None:
    with pytest.raises(InsufficientLiquidity):
        router.best(market([damm(), damm()]), amount_in=10**17)


def test_what_takes_more_legs_than_allowed_is_insufficient_liquidity() -> None:
    capacity = damm().segments(Direction.A_TO_B, now=markets.NOW)[0].capacity
    amount = int(capacity * 1.5)
    assert len(router.best(market([damm(), damm()]), amount_in=amount, max_legs=2).legs) == 2
    with pytest.raises(InsufficientLiquidity):
        router.best(market([damm(), damm()]), amount_in=amount, max_legs=1)


def test_a_pair_that_nobody_trades_has_no_route() -> None:
    with pytest.raises(NoRoute):
        router.best(market([]), amount_in=SOL)
    with pytest.raises(NoRoute):
        router.best(market([amm()]), amount_in=SOL, excluded_venues=["raydium_amm_v4"])


@pytest.mark.parametrize("amount", [-1, 0, 1])
def test_an_amount_that_buys_nothing_is_too_small(amount: int) -> None:
    with pytest.raises(AmountTooSmall):
        router.best(market([amm(), cpmm()]), amount_in=amount)


def test_a_route_explains_its_price() -> None:
    route = router.best(market([at_price("160", 8_000_000)]), amount_in=SOL)
    assert round(route.mid_price, 4) == 160
    assert route.price < route.mid_price
    assert round(route.price_impact_bps, 1) == 25.2
    assert round(route.legs[0].fee_bps, 2) == 25
    assert route.legs[0].fee_in == 2_500_000


def test_a_route_sells_either_token() -> None:
    pools = [at_price("160", 8_000_000), at_price("160", 4_000_000)]
    route = router.best(market(pools, sell=tokens.USDC), amount_in=16_000 * 10**6)
    assert (route.token_in, route.token_out) == (tokens.USDC, tokens.SOL)
    assert round(1 / route.mid_price) == 160
    assert 99 * SOL < route.amount_out < 100 * SOL


def test_a_pool_that_calls_the_tokens_the_other_way_round_is_sold_to_as_well() -> None:
    swapped = cpmm(vault_a=4_800_000 * 10**6, vault_b=30_000 * SOL)
    entry = listing(swapped)
    reverse = type(entry)(entry.id, entry.venue, tokens.USDC, tokens.SOL, 1, 1, swapped)
    snapshot = Snapshot(tokens.SOL, tokens.USDC, 1, markets.NOW, (reverse,))
    assert 159 < router.best(snapshot, amount_in=SOL).price < 160


@pytest.mark.parametrize(("slippage_bps", "least"), [(0, 1_000_001), (1, 999_901), (50, 995_001), (10_000, 0)])
def test_the_floor_is_rounded_in_favour_of_the_trader(slippage_bps: int, least: int) -> None:
    route = router.best(market([at_price("160", 8_000_000)]), amount_in=SOL)
    object.__setattr__(route, "amount_out", 1_000_001)
    assert route.floor(slippage_bps) == least


def test_the_same_question_has_the_same_answer() -> None:
    snapshot = market([amm(), cpmm(), damm(), at_price("160.1", 1_000_000)])
    assert router.best(snapshot, amount_in=77 * SOL) == router.best(snapshot, amount_in=77 * SOL)
