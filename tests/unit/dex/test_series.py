"""Pools side by side and one after the other are one curve, exactly."""

from collections.abc import Sequence
from itertools import pairwise
from math import inf, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fillwire_dex import Mode, Segment
from fillwire_dex.routing.ladder import Curve, climb, last_price, output
from fillwire_dex.routing.series import after, beside, until
from fillwire_dex.routing.waterfill import fill

PARTS = st.floats(0.01, 0.99)


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    """Up to four segments, each beginning where the last one ended or lower, the last one perhaps without an end."""
    price, made = draw(st.floats(0.5, 2.0)), []
    count = draw(st.integers(1, 4))
    for index in range(count):
        depth = draw(st.one_of(st.floats(100, 10_000), st.just(inf)))
        endless = index == count - 1 and depth != inf and draw(st.booleans())
        made.append(Segment(price, depth, inf if endless else draw(st.floats(1, 1_000))))
        price = last_price(made[-1]) * draw(st.floats(0.9, 1.0)) if not endless else price
    return tuple(made)


def held(curve: Sequence[Segment]) -> float:
    return min(sum(segment.capacity for segment in curve), 5_000.0)


def brought(curve: Sequence[Segment], amount: float) -> float:
    """What a curve gives, walked from its beginning."""
    total = 0.0
    for segment in curve:
        taken = min(amount, segment.capacity)
        total += output(segment, taken)
        amount -= taken
    return total


@given(st.lists(curves(), min_size=1, max_size=4), PARTS)
def test_pools_side_by_side_bring_what_their_best_split_brings(found: list[Curve], part: float) -> None:
    ladders = [climb(curve) for curve in found]
    amount = part * sum(held(curve) for curve in found)
    split = fill(ladders, amount, Mode.EXACT_IN)
    assert split is not None
    assert isclose(brought(list(beside(ladders)), amount), split.amount_out, rel_tol=1e-9)


@given(st.lists(curves(), min_size=1, max_size=3))
def test_the_curve_of_pools_side_by_side_never_rises(found: list[Curve]) -> None:
    joined = list(beside([climb(curve) for curve in found]))
    for one, two in pairwise(joined):
        assert two.price <= last_price(one) * (1 + 1e-9)


@given(curves(), curves(), PARTS)
def test_one_pool_after_another_brings_what_the_second_gives_for_what_the_first_gives(
    first: Curve, second: Curve, part: float
) -> None:
    chain = list(after(first, second))
    amount = part * held(chain)
    assert isclose(brought(chain, amount), brought(second, brought(first, amount)), rel_tol=1e-9)


def test_a_chain_ends_where_either_pool_does() -> None:
    small, large = (Segment(2.0, inf, 10.0),), (Segment(1.0, inf, 50.0),)
    assert list(after(small, large)) == [Segment(2.0, inf, 10.0)]
    assert list(after(large, small)) == [Segment(2.0, inf, 10.0)]
    assert list(after(small, ())) == []


@given(curves(), curves())
def test_a_chain_is_made_no_further_than_it_is_asked_for(first: Curve, second: Curve) -> None:
    whole = list(after(first, second))
    priced = until(whole, price=whole[-1].price, amount=inf, side=0)
    assert priced == tuple(segment for segment in whole if segment.price > whole[-1].price)
    asked = until(whole, price=0.0, amount=whole[0].capacity / 2, side=0)
    assert asked == (whole[0],)


def test_two_product_pools_in_a_row_are_one_product_pool() -> None:
    chain = list(after([Segment(0.5, 100.0)], [Segment(4.0, 50.0)]))
    assert len(chain) == 1
    assert (chain[0].price, chain[0].depth, chain[0].capacity) == pytest.approx((2.0, 50.0, inf))
