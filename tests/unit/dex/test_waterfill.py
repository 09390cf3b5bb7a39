"""Water-filling is optimal on concave curves, straight pieces and full ones included."""

from math import inf, isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fillwire_dex import Mode, Segment
from fillwire_dex.routing.ladder import Curve, climb, ladder, last_price, output
from fillwire_dex.routing.waterfill import Fill, Waterfill, fill

PRICES = st.floats(0.5, 2.0)
SEGMENTS = st.builds(Segment, PRICES, st.one_of(st.floats(100, 10_000), st.just(inf)), st.floats(1, 1_000))
CURVES = st.lists(st.tuples(SEGMENTS), min_size=1, max_size=6)
PARTS = st.floats(0.01, 0.99)


def held(curves: list[Curve], mode: Mode) -> float:
    """How much all curves take, or give."""
    ends = [(curve[0].capacity, output(curve[0], curve[0].capacity)) for curve in curves]
    return sum(end[mode is Mode.EXACT_OUT] for end in ends)


def filled(curves: list[Curve], amount: float, mode: Mode = Mode.EXACT_IN) -> Fill:
    found = fill([climb(curve) for curve in curves], amount, mode)
    assert found is not None
    return found


def brought(curve: Curve, amount: float) -> float:
    return output(curve[0], min(amount, curve[0].capacity))


@given(CURVES, PARTS, st.sampled_from(Mode))
def test_the_whole_amount_is_placed_and_no_curve_is_overfilled(curves: list[Curve], part: float, mode: Mode) -> None:
    amount = part * held(curves, mode)
    split = filled(curves, amount, mode)
    assert isclose(split.amount_in if mode is Mode.EXACT_IN else split.amount_out, amount, rel_tol=1e-9)
    assert all(taken <= curves[number][0].capacity * (1 + 1e-9) for number, (taken, _) in split.flows.items())
    assert all(isclose(got, brought(curves[n], taken), rel_tol=1e-9) for n, (taken, got) in split.flows.items())


@given(CURVES, PARTS)
def test_the_split_meets_its_own_bound(curves: list[Curve], part: float) -> None:
    split = filled(curves, part * held(curves, Mode.EXACT_IN))
    surpluses = sum(climb(curve).surplus(split.level) for curve in curves)
    assert isclose(split.amount_out, split.marginal_price * split.amount_in + surpluses, rel_tol=1e-9)


@given(CURVES, PARTS)
def test_buying_what_a_sale_brings_takes_what_was_sold(curves: list[Curve], part: float) -> None:
    sale = filled(curves, part * held(curves, Mode.EXACT_IN))
    purchase = filled(curves, sale.amount_out, Mode.EXACT_OUT)
    assert isclose(purchase.amount_in, sale.amount_in, rel_tol=1e-9)


@given(CURVES, PARTS, st.data())
def test_moving_a_little_from_one_curve_to_another_never_helps(
    curves: list[Curve], part: float, data: st.DataObject
) -> None:
    amount = part * held(curves, Mode.EXACT_IN)
    inputs = {number: taken for number, (taken, _) in filled(curves, amount).flows.items()}
    giver = data.draw(st.sampled_from(range(len(curves))))
    taker = data.draw(st.sampled_from(range(len(curves))))
    gives, takes = inputs.get(giver, 0.0), inputs.get(taker, 0.0)
    moved = min(gives, curves[taker][0].capacity - takes, amount / 1_000)
    if giver == taker or moved <= 0:
        return
    before = brought(curves[giver], gives) + brought(curves[taker], takes)
    after = brought(curves[giver], gives - moved) + brought(curves[taker], takes + moved)
    assert after <= before * (1 + 1e-9)


@given(CURVES, PARTS, PARTS, st.sampled_from(Mode))
def test_a_guess_of_the_level_does_not_change_the_answer(
    curves: list[Curve], part: float, guessed: float, mode: Mode
) -> None:
    waterfill = Waterfill([climb(curve) for curve in curves])
    amount = part * held(curves, mode)
    guess = waterfill.fill(guessed * held(curves, mode), mode)
    assert guess is not None
    assert waterfill.fill(amount, mode, near=guess.level) == waterfill.fill(amount, mode)


@given(CURVES, PARTS)
def test_a_fill_among_some_curves_is_the_fill_of_those_alone(curves: list[Curve], part: float) -> None:
    some = curves[::2]
    amount = part * held(some, Mode.EXACT_IN)
    among = Waterfill([climb(curve) for curve in curves]).fill(amount, Mode.EXACT_IN, among=range(0, len(curves), 2))
    assert among is not None
    assert isclose(among.amount_out, filled(some, amount).amount_out, rel_tol=1e-9)


@pytest.mark.parametrize(("amount", "mode"), [(30.0, Mode.EXACT_IN), (40.0, Mode.EXACT_OUT)])
def test_a_straight_segment_at_the_margin_takes_what_is_left(amount: float, mode: Mode) -> None:
    curves: list[Curve] = [(Segment(2.0, inf, 10.0),), (Segment(1.0, inf, 100.0),), (Segment(0.5, inf, 100.0),)]
    split = filled(curves, amount, mode)
    assert split.flows == {0: (10.0, 20.0), 1: (20.0, 20.0)}
    assert isclose(split.marginal_price, 1.0)


def test_several_segments_of_one_curve_are_filled_in_their_order() -> None:
    bins = (Segment(1.2, inf, 5.0), Segment(1.1, inf, 5.0), Segment(1.0, inf, 5.0))
    split = filled([bins, (Segment(1.15, 1_000.0, inf),)], 20.0)
    assert split.flows[0] == pytest.approx((5.0, 6.0))
    assert split.flows[1][0] == pytest.approx(15.0)


@pytest.mark.parametrize("mode", Mode)
def test_what_all_curves_together_cannot_fill_has_no_split(mode: Mode) -> None:
    curves: list[Curve] = [(Segment(1.0, inf, 10.0),), (Segment(1.0, 5.0, 10.0),)]
    assert fill([climb(curve) for curve in curves], held(curves, mode) + 0.1, mode) is None
    assert fill([climb(())], 1.0, mode) is None


def test_no_more_can_be_bought_than_a_curve_without_an_end_approaches() -> None:
    product = climb((Segment(2.0, 100.0),))
    assert fill([product], 200.1, Mode.EXACT_OUT) is None
    bought = fill([product], 199.0, Mode.EXACT_OUT)
    assert bought is not None
    assert bought.amount_in == pytest.approx(19_900.0)


def test_a_dust_order_is_placed_though_it_is_below_the_rounding_of_its_level() -> None:
    deep: list[Curve] = [(Segment(1.0, 1e18),), (Segment(1.0, 1e18),)]
    assert filled(deep, 3.0).amount_in == 3.0


def test_the_surplus_of_a_curve_is_what_is_above_the_price() -> None:
    bins = climb((Segment(2.0, inf, 10.0), Segment(1.0, inf, 1_000.0)))
    assert bins.surplus(sqrt(2)) == pytest.approx(10 * 1.5 + 1_000 * 0.5)
    assert bins.surplus(1 / sqrt(1.5)) == pytest.approx(10 * 0.5)
    assert bins.surplus(0.5) == 0.0


@given(CURVES, PARTS)
def test_what_is_bought_from_a_ladder_is_what_selling_into_it_brings(curves: list[Curve], part: float) -> None:
    made = climb(curves[0])
    amount = part * made.capacity
    assert isclose(made.sold(amount), brought(curves[0], amount), rel_tol=1e-9)
    assert isclose(made.bought(made.sold(amount)), amount, rel_tol=1e-9)


def test_a_ladder_ends_before_its_pool_does_and_its_surplus_does_not() -> None:
    curve = (Segment(1.0, inf, 10_000.0),)
    assert ladder(curve).capacity == pytest.approx(9_999.0)
    assert ladder(curve).surplus(sqrt(2)) == pytest.approx(5_000.0)


def test_a_ladder_is_remembered_by_the_curve_itself() -> None:
    curve = (Segment(1.0, 5.0),)
    assert ladder(curve) is ladder(curve)
    assert ladder((Segment(1.0, 5.0),)) is not ladder(curve)


@given(SEGMENTS)
def test_the_last_price_of_a_segment_is_that_of_its_last_unit(segment: Segment) -> None:
    step = segment.capacity * 1e-6
    slope = (output(segment, segment.capacity) - output(segment, segment.capacity - step)) / step
    assert isclose(last_price(segment), slope, rel_tol=1e-4)
