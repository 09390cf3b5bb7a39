"""What Raydium CLMM's fee is taken from, how it is shared, and how it grows with the price's moves."""

from dataclasses import replace
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fillwire_dex import Direction
from fillwire_dex.pools import RaydiumClmm
from fillwire_dex.pools.clmm_volatility import DynamicFee
from fillwire_dex.pools.concentrated.course import NOTHING, Tally
from fillwire_dex.pools.concentrated.raydium_ticks import RAYDIUM
from fillwire_dex.pools.concentrated.slope import SLOPES
from fillwire_dex.pools.concentrated.steps import Stretch, sell
from tests.unit.dex import markets
from tests.unit.dex.markets import CLMM_DYNAMIC_FEE, NOW, SHARES, TICK_OF_160, clmm, part, restless_clmm, whirlpool


@given(markets.clmms(), markets.directions(), SHARES)
def test_the_shares_of_a_fee_are_of_one_token_and_less_than_the_fee(
    pool: RaydiumClmm, direction: Direction, share: float
) -> None:
    swap = pool.quote_exact_in(direction, part(pool, direction, share), now=NOW)
    fee = swap.fee_in + swap.fee_out
    assert min(swap.fee_in, swap.fee_out) == 0
    assert 0 <= swap.protocol_fee <= fee * 12 // 100
    assert 0 <= swap.fund_fee <= fee * 4 // 100


def test_a_share_is_rounded_down_at_every_step() -> None:
    swap = clmm().quote_exact_in(Direction.A_TO_B, 10**12, now=NOW)
    assert (swap.crossed, swap.fee_in) == (0, 2_500_000_000)
    assert (swap.protocol_fee, swap.fund_fee) == (300_000_000, 100_000_000)
    orca = whirlpool().quote_exact_in(Direction.A_TO_B, 10**12, now=NOW)
    assert (orca.crossed, orca.fee_in, orca.protocol_fee) == (0, 3_000_000_000, 390_000_000)


@pytest.mark.parametrize(
    ("fee_on", "direction", "on_input"),
    [
        ("input", Direction.A_TO_B, True),
        ("input", Direction.B_TO_A, True),
        ("only_a", Direction.A_TO_B, True),
        ("only_a", Direction.B_TO_A, False),
        ("only_b", Direction.A_TO_B, False),
        ("only_b", Direction.B_TO_A, True),
    ],
)
def test_the_fee_is_taken_from_the_token_the_pool_names(fee_on: str, direction: Direction, on_input: bool) -> None:
    swap = clmm(fee_on=fee_on).quote_exact_in(direction, 10**9, now=NOW)
    free = clmm(fee_on=fee_on, trade_fee_rate=0).quote_exact_in(direction, 10**9, now=NOW)
    assert (swap.fee_in > 0, swap.fee_out > 0) == (on_input, not on_input)
    assert isclose(swap.amount_out, free.amount_out * 0.9975, rel_tol=1e-4)


def test_a_dynamic_fee_grows_with_the_distance_from_the_reference_and_is_forgotten() -> None:
    rates = [restless_clmm(index).fee_rate(Direction.A_TO_B, now=NOW) for index in (0, 1, -1, 5, 15, 16)]
    assert rates == [0.0025, 0.00252, 0.00252, 0.003, 0.007, 0.007]
    rested = [
        restless_clmm(5, 80_000, rested_seconds=s).fee_rate(Direction.A_TO_B, now=NOW) for s in (29, 30, 599, 600)
    ]
    assert rested == [0.00412, 0.00282, 0.00282, 0.0025]


def test_a_long_swap_pays_more_and_leaves_its_volatility_behind() -> None:
    calm = restless_clmm(0)
    short = calm.quote_exact_in(Direction.A_TO_B, 10**9, now=NOW)
    long = calm.quote_exact_in(Direction.A_TO_B, 5 * 10**11, now=NOW)
    assert short.fee_in / short.amount_in < 0.00251
    assert long.fee_in / long.amount_in > 0.0026
    after = calm.after(long)
    walked_spacings = TICK_OF_160 // 10 - after.place.tick // 10
    assert after.dynamic_fee is not None
    assert after.dynamic_fee.accumulator == walked_spacings * 10_000 > 0
    assert after.fee_rate(Direction.A_TO_B, now=NOW) > calm.fee_rate(Direction.A_TO_B, now=NOW)


def test_a_curve_is_that_of_the_fee_at_the_time() -> None:
    pool = restless_clmm(5, 80_000)
    restless, rested = (pool.segments(Direction.A_TO_B, now=NOW + seconds)[0].price for seconds in (0, 600))
    assert isclose(restless / rested, (1 - 0.00412) / (1 - 0.0025), rel_tol=1e-9)


def test_a_fee_at_its_most_stays_there_up_to_the_next_initialized_tick() -> None:
    pool = restless_clmm(-30)
    swap = pool.quote_exact_in(Direction.A_TO_B, 1_605 * 10**9, now=NOW)
    assert (swap.crossed, swap.place.tick // 10) == (0, -1850)
    assert isclose(swap.fee_in / swap.amount_in, 0.007, rel_tol=1e-9)
    beyond = pool.quote_exact_in(Direction.A_TO_B, 1_700 * 10**9, now=NOW)
    assert beyond.crossed == 1
    assert beyond.fee_in / beyond.amount_in < 0.007


def walked(pool: RaydiumClmm, direction: Direction, amount: int) -> tuple[Tally, int, int]:
    """A sale step by step as the program's loop has it: (what it came to, sqrt price, volatility)."""
    assert pool.dynamic_fee is not None
    fee, spacing, way = pool.dynamic_fee, pool.tick_spacing, pool.place.ladder.way(direction)
    (rung, sqrt_price), tally, volatility = pool.place.point(direction), NOTHING, fee.accumulator
    index, onward = pool.place.tick // spacing, -1 if way.down else 1
    while amount and rung < len(way.targets):
        volatility = min(fee.reference + abs(fee.reference_index - index) * 10_000, fee.max_accumulator)
        variable = -(-fee.control * (volatility * spacing) ** 2 // 10**13)
        levy = pool.fees.levy(direction)._replace(rate=min(100_000, pool.fees.trade_rate + min(100_000, variable)))
        skipping = way.liquidity[rung] == 0 or volatility == fee.max_accumulator
        target = way.targets[rung]
        if not skipping:
            bound = RAYDIUM.sqrt_price_at((index if way.down else index + 1) * spacing)
            target = max(target, bound) if way.down else min(target, bound)
        step = sell(SLOPES[direction], Stretch(way.liquidity[rung], sqrt_price, target), levy, amount)
        tally, amount, sqrt_price = tally.plus(step, levy), amount - step.amount_in, step.sqrt_price
        reached = way.ticks[rung] if sqrt_price == way.targets[rung] else RAYDIUM.tick_at(sqrt_price)
        if skipping:
            index = reached // spacing - (not way.down and reached % spacing == 0)
        index += onward
        rung += sqrt_price == way.targets[rung]
    return tally, sqrt_price, volatility


@given(markets.clmms(), markets.directions(), SHARES, st.integers(-25, 25), st.integers(0, 150_000))
def test_a_dynamic_fee_is_met_step_by_step_as_the_program_does(
    pool: RaydiumClmm, direction: Direction, share: float, index: int, reference: int
) -> None:
    there = pool.place.tick // pool.tick_spacing + index
    memory = {"tick_spacing_index_reference": there, "volatility_reference": reference}
    pool = replace(pool, dynamic_fee=DynamicFee.from_state({**CLMM_DYNAMIC_FEE, **memory}))
    amount = part(pool, direction, share)
    swap = pool.quote_exact_in(direction, amount, now=NOW)
    tally, sqrt_price, volatility = walked(pool, direction, amount)
    assert (swap.amount_in, swap.amount_out, swap.fee_in + swap.fee_out) == tally[:3]
    assert swap.place.sqrt_price == sqrt_price
    assert swap.dynamic_fee is not None
    assert swap.dynamic_fee.accumulator == volatility
