"""The base fees of Meteora DAMM v2 that depend on the amount or on the price."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fillwire_dex import Direction, InsufficientLiquidity, Segment, UnsupportedPool
from fillwire_dex.pools import MeteoraDammV2
from tests.unit.dex.markets import DYNAMIC_FEE, NOW, damm

A_TO_B, B_TO_A = Direction.A_TO_B, Direction.B_TO_A
LIMITER: dict[str, Any] = {
    "mode": "rate_limiter",
    "cliff_fee_numerator": "10000000",
    "fee_increment_bps": 100,
    "max_limiter_duration": 600,
    "max_fee_bps": 350,
    "reference_amount": "1000000",
}
MARKET_CAP: dict[str, Any] = {
    "mode": "market_cap_linear",
    "cliff_fee_numerator": "100000000",
    "number_of_period": 9,
    "reduction_factor": "10000000",
    "price_step_bps": 100,
    "scheduler_expiration_duration": 600,
    "init_sqrt_price_x64": str(damm().sqrt_price),
}


def limited(*, started: int = NOW, dynamic_fee: dict[str, Any] | None = None, **changes: Any) -> MeteoraDammV2:
    """A pool whose buyers of a pay 1 % of the first USDC sold, 2 % of the second and so on, at most 3.5 %."""
    return damm(
        collect_fee_mode="only_b",
        activation_point=started,
        dynamic_fee=dynamic_fee,
        base_fee={**LIMITER, **changes},
    )


@st.composite
def limiters(draw: st.DrawFn) -> MeteoraDammV2:
    cliff = draw(st.integers(1, 50))
    dynamic = draw(st.sampled_from([None, {**DYNAMIC_FEE, "volatility_accumulator": 14_000_000}]))
    return limited(
        dynamic_fee=dynamic,
        cliff_fee_numerator=cliff * 10**5 + draw(st.integers(0, 99_999)),
        fee_increment_bps=draw(st.sampled_from([1, 7, 100, 2_000])),
        max_fee_bps=draw(st.sampled_from([51, 500, 9_900])),
        reference_amount=draw(st.integers(0, 13).flatmap(lambda digits: st.integers(1, 10**digits))),
    )


def curve_output(curve: tuple[Segment, ...], amount: int) -> float:
    total, rest = 0.0, float(amount)
    for segment in curve:
        taken = min(rest, segment.capacity)
        total += segment.price * taken / (1 + taken / segment.depth)
        rest -= taken
    return total


def test_every_further_amount_pays_the_next_bracket() -> None:
    pool = limited()
    fees = [pool.quote_exact_in(B_TO_A, millions * 10**6, now=NOW).fee_in for millions in (1, 2, 3, 4, 5)]
    assert fees == [10_000, 30_000, 60_000, 95_000, 130_000]
    rounded_up_as_a_rate = 20_001
    assert pool.quote_exact_in(B_TO_A, 1_500_000, now=NOW).fee_in == rounded_up_as_a_rate


def test_only_buyers_of_a_within_the_window_are_limited() -> None:
    pool = limited()
    fees = [pool.quote_exact_in(B_TO_A, 2 * 10**6, now=NOW + after).fee_in for after in (-1, 0, 600, 601)]
    assert fees == [20_000, 30_000, 30_000, 20_000]
    sold = pool.quote_exact_in(A_TO_B, 2 * 10**9, now=NOW)
    assert sold.fee_out == -(-(sold.amount_out + sold.fee_out) // 100)
    assert len(pool.segments(A_TO_B, now=NOW)) == len(pool.segments(B_TO_A, now=NOW + 601)) == 1
    assert pool.fee_rate(A_TO_B, now=NOW) == pool.fee_rate(B_TO_A, now=NOW) == 0.01


@given(limiters(), st.integers(1, 15).flatmap(lambda digits: st.integers(1, 10**digits)))
def test_the_curve_of_a_limited_pool_never_lies_below_its_quotes(pool: MeteoraDammV2, amount: int) -> None:
    try:
        quoted = pool.quote_exact_in(B_TO_A, amount, now=NOW)
    except InsufficientLiquidity:
        assume(False)
    assert quoted.amount_out <= curve_output(pool.segments(B_TO_A, now=NOW), amount) * (1 + 1e-12)


@given(limiters())
def test_the_curve_of_a_limited_pool_is_concave_and_of_few_pieces(pool: MeteoraDammV2) -> None:
    curve = pool.segments(B_TO_A, now=NOW)
    assert len(curve) <= 125
    for better, worse in pairwise(curve):
        assert worse.price <= better.price / (1 + better.capacity / better.depth) ** 2 * (1 + 1e-12)


def test_the_curve_of_a_limited_pool_ends_where_its_price_range_does() -> None:
    pool = limited()
    assert curve_output(pool.segments(B_TO_A, now=NOW), 10**30) == pytest.approx(pool.reserves()[0], rel=1e-9)


def test_many_brackets_are_bridged_closely() -> None:
    pool = limited(fee_increment_bps=1, max_fee_bps=9_900, reference_amount="1000000000")
    curve = pool.segments(B_TO_A, now=NOW)
    for amount in (10**9, 67 * 10**9, 10**11, 1_111 * 10**9, 3 * 10**12):
        quoted = pool.quote_exact_in(B_TO_A, amount, now=NOW).amount_out
        assert quoted <= curve_output(curve, amount) <= quoted * 1.0005


def test_the_limiters_exact_out_answer_is_close_to_what_its_input_buys() -> None:
    pool = limited()
    for wanted in (10**6, 10**7, 3 * 10**7, 10**9):
        asked = pool.quote_exact_out(B_TO_A, wanted, now=NOW)
        assert asked.amount_out == wanted
        assert abs(pool.quote_exact_in(B_TO_A, asked.amount_in, now=NOW).amount_out - wanted) <= 10


def test_a_fee_falls_as_the_price_rises_and_when_the_schedule_ends() -> None:
    pool = damm(base_fee=MARKET_CAP, activation_point=NOW)
    assert pool.fee_rate(B_TO_A, now=NOW) == 0.1
    risen = pool.after(pool.quote_exact_in(B_TO_A, 4 * 10**11, now=NOW))
    steps = (risen.sqrt_price - pool.sqrt_price) * 100 // pool.sqrt_price
    assert 0 < steps < 9
    assert risen.fee_rate(B_TO_A, now=NOW) == pytest.approx(0.1 - 0.01 * steps)
    fallen = pool.after(pool.quote_exact_in(A_TO_B, 10**12, now=NOW))
    assert fallen.fee_rate(B_TO_A, now=NOW + 600) == 0.1
    assert fallen.fee_rate(B_TO_A, now=NOW + 601) == fallen.fee_rate(B_TO_A, now=NOW - 1) == 0.01


@pytest.mark.parametrize("base_fee", [LIMITER, MARKET_CAP, {**MARKET_CAP, "mode": "market_cap_exponential"}])
def test_a_base_fee_survives_being_stored(base_fee: dict[str, Any]) -> None:
    pool = damm(base_fee=base_fee, collect_fee_mode="only_b")
    assert MeteoraDammV2.from_state(pool.state()) == pool


@pytest.mark.parametrize(
    ("mode", "base_fee", "message"),
    [
        ("only_b", {**LIMITER, "reference_amount": "0"}, "all its limits or none"),
        ("only_b", {**LIMITER, "max_fee_bps": 99}, "all its limits or none"),
        ("both", LIMITER, "in b alone"),
        ("both", {**MARKET_CAP, "price_step_bps": 0}, "steps"),
        ("both", {**MARKET_CAP, "mode": "market_cap_cubic"}, "market_cap_cubic"),
    ],
)
def test_a_base_fee_the_program_refuses_is_refused(mode: str, base_fee: dict[str, Any], message: str) -> None:
    with pytest.raises(UnsupportedPool, match=message):
        damm(base_fee=base_fee, collect_fee_mode=mode)


def test_a_limiter_without_limits_limits_nothing() -> None:
    nothing: dict[str, Any] = dict.fromkeys(
        ("fee_increment_bps", "max_limiter_duration", "max_fee_bps", "reference_amount"), "0"
    )
    pool = limited(**nothing)
    assert pool.quote_exact_in(B_TO_A, 10**10, now=NOW).fee_in == 10**8
