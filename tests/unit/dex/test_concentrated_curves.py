"""The curves of Raydium CLMM and Orca Whirlpool: concave, never below the integers, and close to them."""

from itertools import pairwise
from math import inf, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fillwire_dex import Direction, Segment
from fillwire_dex.pools import OrcaWhirlpool
from fillwire_dex.pools.concentrated.hull import hull
from tests.unit.dex import markets
from tests.unit.dex.markets import NOW, SHARES, Concentrated, clmm, part, restless_clmm, whirlpool


def curve_output(curve: tuple[Segment, ...], amount: float) -> float:
    total = 0.0
    for segment in curve:
        taken = min(amount, segment.capacity)
        total += segment.price * taken / (1 + taken / segment.depth)
        amount -= taken
    return total


def last_price(segment: Segment) -> float:
    return segment.price / (1 + segment.capacity / segment.depth) ** 2


@given(markets.concentrated(), markets.directions())
def test_no_curve_has_a_price_that_rises(pool: Concentrated, direction: Direction) -> None:
    curve = pool.segments(direction, now=NOW)
    for before, after in pairwise(curve):
        assert after.price <= last_price(before) * (1 + 1e-13)
    assert all(segment.price > 0 and segment.capacity > 0 for segment in curve)


@given(markets.concentrated(), markets.directions(), st.integers(0, 10), st.integers(-2, 2))
def test_the_curve_never_lies_below_a_quote_that_ends_where_a_segment_does(
    pool: Concentrated, direction: Direction, joint: int, more: int
) -> None:
    curve = pool.segments(direction, now=NOW)
    here = sum(segment.capacity for segment in curve[:joint])
    amount = min(part(pool, direction, 0.999), max(1, int(here) + more))
    quoted = pool.quote_exact_in(direction, amount, now=NOW)
    assert quoted.amount_out <= curve_output(curve, amount) * (1 + 1e-12)


@given(markets.concentrated(), markets.directions())
def test_a_pool_fills_what_its_curve_holds_short_of_a_unit(pool: Concentrated, direction: Direction) -> None:
    amount = part(pool, direction, 1 - 1e-12) - 1
    assert pool.quote_exact_in(direction, amount, now=NOW).amount_in == amount


@given(markets.whirlpools(), markets.directions(), SHARES)
def test_a_quote_lies_below_the_curve_by_no_more_than_its_roundings(
    pool: OrcaWhirlpool, direction: Direction, share: float
) -> None:
    amount, curve = part(pool, direction, share), pool.segments(direction, now=NOW)
    quoted = pool.quote_exact_in(direction, amount, now=NOW)
    # Every step may lose a unit of the output, and of the input one to the price, one to the fee and two to the next.
    lost = (quoted.crossed + 1) * (1 + 4 * curve[0].price)
    assert curve_output(curve, amount) * (1 - 1e-9) - lost <= quoted.amount_out


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("index", [0, -6, 6, -30, 30])
def test_a_dynamic_curve_dominates_every_size_on_both_sides_of_its_reference(direction: Direction, index: int) -> None:
    pool = restless_clmm(index, 40_000)
    curve = pool.segments(direction, now=NOW)
    held = sum(segment.capacity for segment in curve)
    for share in range(1, 100):
        amount = int(held * (share / 100) ** 6) + 1
        quoted = pool.quote_exact_in(direction, amount, now=NOW).amount_out
        assert quoted <= curve_output(curve, amount) * (1 + 1e-12)


@pytest.mark.parametrize(("direction", "index"), [(Direction.A_TO_B, -8), (Direction.B_TO_A, 8)])
def test_the_curve_towards_the_reference_is_the_least_concave_one(direction: Direction, index: int) -> None:
    """It equals the hull of the quotes themselves, taken at many sizes."""
    pool = restless_clmm(index)
    curve = pool.segments(direction, now=NOW)
    assert any(segment.depth == inf for segment in curve)
    reach = 1.5 * sum(segment.capacity for segment in curve[:12])
    corners = [(0.0, 0.0)]
    for step in range(1, 4_001):
        size = int(reach * step / 4_000)
        point = (float(size), float(pool.quote_exact_in(direction, size, now=NOW).amount_out))
        while len(corners) > 1 and _turns_up(corners[-2], corners[-1], point):
            corners.pop()
        corners.append(point)
    for sold, bought in corners[1:]:
        assert isclose(curve_output(curve, sold), bought, rel_tol=2e-6)


def _turns_up(one: tuple[float, float], two: tuple[float, float], three: tuple[float, float]) -> bool:
    return (two[1] - one[1]) * (three[0] - two[0]) <= (three[1] - two[1]) * (two[0] - one[0])


def test_a_concave_curve_is_its_own_hull() -> None:
    curve = clmm().segments(Direction.A_TO_B, now=NOW)
    assert hull(curve) == curve


@given(
    st.lists(
        st.tuples(st.floats(0.5, 2), st.floats(1e2, 1e6), st.floats(1e-3, 3)).map(lambda t: Segment(t[0], t[1], t[1] * t[2])),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_a_hull_is_concave_and_above_and_as_long(curve: list[Segment]) -> None:
    above = hull(curve)
    capacity = sum(segment.capacity for segment in curve)
    assert isclose(sum(segment.capacity for segment in above), capacity, rel_tol=1e-9)
    for before, after in pairwise(above):
        assert after.price <= last_price(before) * (1 + 1e-9)
    for percent in range(101):
        amount = capacity * percent / 100
        assert curve_output(tuple(curve), amount) <= curve_output(above, amount) * (1 + 1e-12)
    assert isclose(curve_output(above, capacity), curve_output(tuple(curve), capacity), rel_tol=1e-9)


@pytest.mark.parametrize("pool", [clmm(), whirlpool(), restless_clmm(3, 40_000)], ids=["clmm", "whirlpool", "dynamic"])
def test_a_curve_is_worked_out_once(pool: Concentrated) -> None:
    assert pool.segments(Direction.A_TO_B, now=NOW) is pool.segments(Direction.A_TO_B, now=NOW)
    assert pool.after(pool.quote_exact_in(Direction.A_TO_B, 10**9, now=NOW)).place.ladder is pool.place.ladder
    assert type(pool).from_state(pool.state()).place.ladder is type(pool).from_state(pool.state()).place.ladder


def test_a_curve_starts_at_the_price_less_the_fee() -> None:
    for pool in (clmm(), whirlpool(), restless_clmm(4)):
        kept = 1 - pool.fee_rate(Direction.A_TO_B, now=NOW)
        assert isclose(pool.segments(Direction.A_TO_B, now=NOW)[0].price, pool.spot_price() * kept, rel_tol=1e-12)
        assert isclose(pool.segments(Direction.B_TO_A, now=NOW)[0].price, kept / pool.spot_price(), rel_tol=1e-12)
