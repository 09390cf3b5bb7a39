"""Curves are prepared once, and again when the pool is another or its fees are."""

from dataclasses import replace
from typing import Final

from fillwire_dex import Direction
from fillwire_dex.pools import MeteoraDammV2
from fillwire_dex.routing.curves import curve
from tests.unit.dex.markets import NOW, damm

B_TO_A = Direction.B_TO_A
WINDOW_SECONDS: Final = 600


def limited() -> MeteoraDammV2:
    """A pool whose buyers of a pay more fees in the first ten minutes."""
    return damm(
        collect_fee_mode="only_b",
        activation_point=NOW,
        base_fee={
            "mode": "rate_limiter",
            "cliff_fee_numerator": "10000000",
            "fee_increment_bps": 100,
            "max_limiter_duration": WINDOW_SECONDS,
            "max_fee_bps": 350,
            "reference_amount": "1000000",
        },
    )


def test_a_pool_that_is_the_same_is_not_prepared_again() -> None:
    pool = limited()
    prepared = curve(pool, B_TO_A, now=NOW)
    later = curve(pool, B_TO_A, now=NOW + 1)
    assert prepared == (pool.segments(B_TO_A, now=NOW), prepared[1])
    assert later[1] is prepared[1]


def test_fees_of_another_time_make_another_curve_and_those_of_the_first_the_first_again() -> None:
    pool, after = limited(), NOW + WINDOW_SECONDS + 1
    assert curve(pool, B_TO_A, now=NOW)[0] == pool.segments(B_TO_A, now=NOW)
    assert curve(pool, B_TO_A, now=after)[0] == pool.segments(B_TO_A, now=after)
    assert curve(pool, B_TO_A, now=after)[1].segments == pool.segments(B_TO_A, now=after)
    assert curve(pool, B_TO_A, now=NOW)[0] == pool.segments(B_TO_A, now=NOW)
    assert pool.segments(B_TO_A, now=NOW) != pool.segments(B_TO_A, now=after)


def test_each_way_through_a_pool_and_each_of_its_states_has_a_curve_of_its_own() -> None:
    pool = limited()
    moved = replace(pool, liquidity=pool.liquidity * 2)
    for each in (pool, moved):
        for direction in Direction:
            assert curve(each, direction, now=NOW)[0] == each.segments(direction, now=NOW)
    assert pool.segments(B_TO_A, now=NOW) != moved.segments(B_TO_A, now=NOW)
