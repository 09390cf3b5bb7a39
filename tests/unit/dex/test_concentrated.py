"""How Raydium CLMM and Orca Whirlpool walk through ticks, and what a state of theirs must be."""

from collections.abc import Callable
from math import isclose, sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fillwire_dex import Direction, InsufficientLiquidity, UnsupportedPool, pools
from fillwire_dex.pools import OrcaWhirlpool
from fillwire_dex.pools.concentrated.course import (
    NOTHING,
    PURCHASE,
    SALE,
    Fill,
    Order,
    Point,
    Tally,
    TicksExhausted,
    course,
)
from fillwire_dex.pools.concentrated.ladder import Way
from fillwire_dex.pools.concentrated.orca_ticks import ORCA
from fillwire_dex.pools.concentrated.raydium_ticks import RAYDIUM
from fillwire_dex.pools.concentrated.slope import SLOPES
from fillwire_dex.pools.concentrated.steps import Levy, Stretch
from tests.unit.dex import markets
from tests.unit.dex.markets import (
    CLMM_DYNAMIC_FEE,
    CLMM_STATE,
    NOW,
    SHARES,
    TICK_OF_160,
    WHIRLPOOL_STATE,
    Concentrated,
    clmm,
    part,
    ranged,
    whirlpool,
)

AMOUNTS = st.integers(0, 17).flatmap(lambda digits: st.integers(10**digits, 10 ** (digits + 1)))


def walked(way: Way, levy: Levy, order: Order, start: Point, amount: int) -> Fill:
    """A swap that takes every step, as the programs do."""
    (rung, sqrt_price), tally = start, NOTHING
    while rung < len(way.targets):
        stretch = Stretch(way.liquidity[rung], sqrt_price, way.targets[rung])
        step = order.step(SLOPES[way.direction], stretch, levy, amount)
        tally, amount, sqrt_price = tally.plus(step, levy), amount - order.spent(step), step.sqrt_price
        rung += sqrt_price == stretch.target
        if not amount:
            return Fill(tally, Point(rung, sqrt_price))
    raise TicksExhausted(tally)


def outcome(swap: Callable[[], Fill]) -> Fill | Tally:
    try:
        return swap()
    except TicksExhausted as error:
        return error.filled


LEVIES = st.builds(Levy, st.sampled_from([0, 100, 40_000]), st.booleans(), st.just(120_000), st.just(40_000))


@given(markets.concentrated(), markets.directions(), st.sampled_from([SALE, PURCHASE]), LEVIES, AMOUNTS)
def test_looking_up_whole_rungs_equals_taking_every_step(
    pool: Concentrated, direction: Direction, order: Order, levy: Levy, amount: int
) -> None:
    way, start = pool.place.ladder.way(direction), pool.place.point(direction)
    expected = outcome(lambda: walked(way, levy, order, start, amount))
    assert outcome(lambda: course(way, levy).run(order, start, amount)) == expected


@given(markets.concentrated(), markets.directions(), SHARES)
def test_asking_back_costs_no_more_unless_it_empties_a_range(
    pool: Concentrated, direction: Direction, share: float
) -> None:
    bought = pool.quote_exact_in(direction, part(pool, direction, share), now=NOW)
    assume(bought.amount_out > 0)
    back = pool.quote_exact_out(direction, bought.amount_out, now=NOW)
    scale = pool.place.ladder.scale
    on_a_tick = back.place.sqrt_price == scale.sqrt_price_at(scale.tick_at(back.place.sqrt_price))
    assert back.amount_in <= bought.amount_in or on_a_tick


@given(markets.whirlpools(), markets.directions(), SHARES, st.floats(0, 1))
def test_selling_in_two_parts_never_brings_more(
    pool: OrcaWhirlpool, direction: Direction, share: float, first_share: float
) -> None:
    amount = part(pool, direction, share)
    one = int(amount * first_share)
    assume(0 < one < amount)
    whole = pool.quote_exact_in(direction, amount, now=NOW)
    first = pool.quote_exact_in(direction, one, now=NOW)
    second = pool.after(first).quote_exact_in(direction, amount - one, now=NOW)
    assert first.amount_out + second.amount_out <= whole.amount_out


@given(markets.concentrated(), markets.directions())
def test_an_order_beyond_the_last_tick_says_what_it_would_have_filled(pool: Concentrated, direction: Direction) -> None:
    with pytest.raises(TicksExhausted) as error:
        pool.quote_exact_in(direction, 10**40, now=NOW)
    filled = error.value.filled
    assert filled.amount_out <= pool.reserves()[direction is Direction.A_TO_B]
    assume(filled.amount_out > 0)
    whole = pool.quote_exact_in(direction, filled.amount_in, now=NOW)
    assert (whole.amount_in, whole.amount_out) == filled[:2]
    with pytest.raises(TicksExhausted):
        pool.quote_exact_out(direction, filled.amount_out + 1, now=NOW)


@pytest.mark.parametrize("amount", [10**6, 10**9, 10**12])
def test_a_mirrored_pool_sells_the_other_token_alike(amount: int) -> None:
    ranges = [(-1_000, 2_000, 10**13), (-200, 300, 10**14)]
    mirrored = [(-upper, -lower, liquidity) for lower, upper, liquidity in ranges]
    pool = clmm(**ranged(RAYDIUM, ranges, tick=100))
    mirror = clmm(**ranged(RAYDIUM, mirrored, tick=-101))
    sold = pool.quote_exact_in(Direction.A_TO_B, amount, now=NOW)
    bought = mirror.quote_exact_in(Direction.B_TO_A, amount, now=NOW)
    assert isclose(sold.amount_out, bought.amount_out, rel_tol=1e-6, abs_tol=1)
    assert (sold.fee_in, sold.crossed) == (bought.fee_in, bought.crossed)


@pytest.mark.parametrize("pool", [clmm(), whirlpool()], ids=lambda pool: pool.kind.value)
def test_a_price_that_falls_to_a_tick_stands_below_it_until_it_moves(pool: Concentrated) -> None:
    below = 10**9
    reached = pool.place.ladder.scale.sqrt_price_at(-18_500)
    while (swap := pool.quote_exact_in(Direction.A_TO_B, below, now=NOW)).crossed == 0:
        below *= 2
    least, most = below // 2, below
    while most - least > 1:
        middle = (least + most) // 2
        crossed = pool.quote_exact_in(Direction.A_TO_B, middle, now=NOW).crossed
        least, most = (least, middle) if crossed else (middle, most)
    swap = pool.quote_exact_in(Direction.A_TO_B, most, now=NOW)
    assert (swap.place.sqrt_price, swap.place.tick, swap.crossed) == (reached, -18_501, 1)
    assert swap.place.liquidity == 24 * 10**12
    fallen = pools.decode(pool.kind, pool.after(swap).state())
    dust = fallen.quote_exact_in(Direction.A_TO_B, 1, now=NOW)
    assert (dust.amount_out, fallen.after(dust)) == (0, fallen)
    risen = pool.after(swap).quote_exact_in(Direction.B_TO_A, 10**6, now=NOW)
    assert (risen.place.tick, risen.place.liquidity, risen.crossed) == (-18_500, 74 * 10**12, 1)


def test_a_swap_through_a_gap_goes_on_behind_it() -> None:
    pool = whirlpool(**ranged(ORCA, [(-19_000, -18_000, 10**13), (-17_000, -16_000, 10**10)]))
    held = pool.reserves()[0]
    all_here = pool.quote_exact_out(Direction.B_TO_A, held // 2, now=NOW)
    behind = pool.quote_exact_out(Direction.B_TO_A, held - 5 * 10**8, now=NOW)
    assert (all_here.crossed, behind.crossed) == (0, 2)
    assert -17_000 <= behind.place.tick < -16_000
    assert len(pool.segments(Direction.B_TO_A, now=NOW)) == 2


def test_reserves_are_what_the_ranges_hold() -> None:
    pool = whirlpool(
        **ranged(ORCA, [(-19_000, -18_000, 10**13), (-17_000, -16_000, 10**13), (-20_000, -19_500, 10**13)])
    )
    low, price, high = (sqrt(1.0001**tick) for tick in (-19_000, TICK_OF_160 + 0.5, -18_000))
    above = sqrt(1.0001**17_000) - sqrt(1.0001**16_000)
    below = sqrt(1.0001**-19_500) - sqrt(1.0001**-20_000)
    held_a, held_b = pool.reserves()
    assert isclose(held_a, 10**13 * (1 / price - 1 / high + above), rel_tol=1e-6)
    assert isclose(held_b, 10**13 * (price - low + below), rel_tol=1e-6)


@given(markets.whirlpools(), markets.directions())
def test_a_whole_pool_can_be_bought_and_not_a_unit_more(pool: OrcaWhirlpool, direction: Direction) -> None:
    held = pool.reserves()[direction is Direction.A_TO_B]
    with pytest.raises(InsufficientLiquidity):
        pool.quote_exact_out(direction, held + 1, now=NOW)
    roundings = len(pool.place.ladder.ticks)
    assume(held > roundings)
    assert pool.quote_exact_out(direction, held - roundings, now=NOW).amount_out == held - roundings


def spoilt(**changes: object) -> dict[str, object]:
    return {**CLMM_STATE, **ranged(RAYDIUM), **changes}


TWO_TICKS = ranged(RAYDIUM, [(-18_500, -18_150, 10**12)])["ticks"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"liquidity": "1"}, "liquidity"),
        ({"tick_current": TICK_OF_160 + 1}, "within its tick"),
        ({"sqrt_price_x64": str(RAYDIUM.sqrt_price_at(TICK_OF_160) - 1)}, "within its tick"),
        ({"sqrt_price_x64": str(RAYDIUM.sqrt_price_at(TICK_OF_160 + 1) + 1)}, "within its tick"),
        ({"tick_current": 900_000}, "tick 900000"),
        ({"ticks": TWO_TICKS[::-1], "liquidity": str(10**12)}, "rise|below"),
        ({"ticks": [TWO_TICKS[0], TWO_TICKS[0]], "liquidity": str(2 * 10**12)}, "rise"),
        ({"ticks": TWO_TICKS[:1], "liquidity": str(10**12)}, "sum to nothing"),
        ({"ticks": [{**TWO_TICKS[0], "liquidity_gross": "1"}, TWO_TICKS[1]], "liquidity": str(10**12)}, "initialized"),
        ({"tick_spacing": 60}, "multiple of 60"),
        ({"tick_spacing": 0}, "multiple of 0"),
        ({"trade_fee_rate": 1_000_000}, "fee rate"),
        ({"protocol_fee_rate": 990_000}, "shares"),
        ({"fee_on": "nobody"}, "nobody"),
        ({"dynamic_fee": {**CLMM_DYNAMIC_FEE, "max_volatility_accumulator": 1 << 31}}, "volatility"),
        ({"dynamic_fee": {**CLMM_DYNAMIC_FEE, "filter_period": -1}}, "negative"),
        ({"dynamic_fee": {**CLMM_DYNAMIC_FEE, "volatility_accumulator": -1}}, "volatility"),
    ],
)
def test_a_malformed_clmm_state_is_refused(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(UnsupportedPool, match=reason):
        pools.decode("raydium_clmm", spoilt(**changes))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"fee_rate": 1_000_000}, "fee rate"),
        ({"protocol_fee_rate": 10_001}, "protocol"),
        ({"liquidity": "7"}, "liquidity"),
    ],
)
def test_a_malformed_whirlpool_state_is_refused(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(UnsupportedPool, match=reason):
        pools.decode("orca_whirlpool", {**WHIRLPOOL_STATE, **ranged(ORCA), **changes})


def test_a_pool_without_liquidity_quotes_nothing() -> None:
    pool = clmm(**ranged(RAYDIUM, []))
    assert pool.reserves() == (0, 0)
    assert pool.segments(Direction.A_TO_B, now=NOW) == ()
    with pytest.raises(InsufficientLiquidity):
        pool.quote_exact_in(Direction.A_TO_B, 1, now=NOW)
