"""Arbitrage brings a pool to the edge of its fee and no further, and never loses."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from fillwire_dex import Direction, Pool, Segment, Unquotable
from fillwire_dex.pools import RaydiumAmmV4
from fillwire_dex.simulated.motion import Arbitrage, Worth
from tests.unit.dex import markets


def gain(pool: Pool, direction: Direction, amount_in: int, worth: Worth) -> float:
    value_in, value_out = worth.of_pair(direction)
    swap = pool.quote_exact_in(direction, amount_in, now=markets.NOW)
    return swap.amount_out * value_out - swap.amount_in * value_in


EAGER = Arbitrage(chance=1, margin=0, least_gain=0)


@given(markets.pools(), st.floats(0.2, 5))
def test_arbitrage_never_loses_and_no_other_amount_gains_more(pool: Pool, ratio: float) -> None:
    worth = Worth(pool.spot_price() * ratio, 1.0)
    direction = EAGER.way(pool, worth, now=markets.NOW)
    assume(direction)
    assert direction
    swap = EAGER.swap(pool, direction, worth, now=markets.NOW)
    assume(swap and min(swap.amount_in, swap.amount_out) > 10**4)
    assert swap
    gained = gain(pool, direction, swap.amount_in, worth)
    assert gained > 0
    value_in, value_out = worth.of_pair(direction)
    whole_units = 2 * (value_in + value_out)
    for other in (swap.amount_in * 9 // 10, swap.amount_in * 11 // 10):
        assume(other)
        try:
            assert gain(pool, direction, other, worth) <= gained * (1 + 1e-9) + whole_units
        except Unquotable:
            continue


@given(markets.pools(), st.sampled_from([0.9, 0.9989, 0.99985, 1.00015, 1.0011, 1.1]))
def test_arbitrage_is_there_exactly_where_the_price_is_off_by_more_than_the_fee(pool: Pool, ratio: float) -> None:
    worth = Worth(pool.spot_price() * ratio, 1.0)
    direction = Direction.B_TO_A if ratio > 1 else Direction.A_TO_B
    kept = 1 - pool.fee_rate(direction, now=markets.NOW)
    expected = direction if max(ratio, 1 / ratio) * kept > 1 else None
    assert EAGER.way(pool, worth, now=markets.NOW) == expected


@given(markets.pools(), st.sampled_from([0.5, 0.95, 1.05, 2.0]))
def test_arbitrage_leaves_little_to_whoever_comes_next(pool: Pool, ratio: float) -> None:
    worth = Worth(pool.spot_price() * ratio, 1.0)
    direction = EAGER.way(pool, worth, now=markets.NOW)
    assume(direction)
    assert direction
    swap = EAGER.swap(pool, direction, worth, now=markets.NOW)
    assume(swap and min(swap.amount_in, swap.amount_out) > 10**6)
    assert swap
    after = pool.after(swap)
    again = EAGER.swap(after, direction, worth, now=markets.NOW)
    if again:
        left = gain(after, direction, again.amount_in, worth)
        assert left < gain(pool, direction, swap.amount_in, worth) / 1_000 + 2 * (worth.a + worth.b)


class Boastful(RaydiumAmmV4):
    """A pool whose curve promises more than it pays, as one may where its fee changes along the way."""

    def segments(self, direction: Direction, *, now: int) -> tuple[Segment, ...]:
        return tuple(replace(segment, price=segment.price * 1.02) for segment in super().segments(direction, now=now))


def test_arbitrage_on_a_curve_that_promises_too_much_tries_less() -> None:
    pool = Boastful.from_state(markets.AMM_STATE)
    worth = Worth(pool.spot_price() * 1.011, 1.0)
    swap = EAGER.swap(pool, Direction.B_TO_A, worth, now=markets.NOW)
    assert swap
    assert gain(pool, Direction.B_TO_A, swap.amount_in, worth) > 0
    assert gain(pool, Direction.B_TO_A, swap.amount_in * 2, worth) < 0


def test_arbitrage_that_gains_too_little_is_left() -> None:
    pool = markets.amm()
    worth = Worth(pool.spot_price() * 1.0035 / 10**6, 1 / 10**6)
    way = Arbitrage().way(pool, worth, now=markets.NOW)
    assert way is Direction.B_TO_A
    swap = Arbitrage(least_gain=0).swap(pool, way, worth, now=markets.NOW)
    assert swap
    gained = gain(pool, way, swap.amount_in, worth)
    assert Arbitrage(least_gain=gained * 0.99).swap(pool, way, worth, now=markets.NOW) == swap
    assert Arbitrage(least_gain=gained * 1.01).swap(pool, way, worth, now=markets.NOW) is None
