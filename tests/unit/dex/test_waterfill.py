"""Water-filling is optimal on concave curves, straight pieces and full ones included."""

from math import inf, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fillwire_dex import Segment
from fillwire_dex.certificate import upper_bound
from fillwire_dex.waterfill import Curve, fill, output

PRICES = st.floats(0.5, 2.0)
SEGMENTS = st.builds(Segment, PRICES, st.one_of(st.floats(100, 10_000), st.just(inf)), st.floats(1, 1_000))
CURVES = st.lists(st.tuples(SEGMENTS), min_size=1, max_size=6)


def filled(curve: Curve, amount: float) -> float:
    return output(curve[0], min(amount, curve[0].capacity))


@given(CURVES, st.floats(0.01, 0.99))
def test_the_whole_amount_is_placed_and_no_curve_is_overfilled(curves: list[Curve], part: float) -> None:
    amount = part * sum(curve[0].capacity for curve in curves)
    split = fill(curves, amount)
    assert split is not None
    assert isclose(sum(split.inputs), amount, rel_tol=1e-9)
    assert all(taken <= curve[0].capacity * (1 + 1e-12) for curve, taken in zip(curves, split.inputs, strict=True))


@given(CURVES, st.floats(0.01, 0.99))
def test_the_split_meets_its_own_bound(curves: list[Curve], part: float) -> None:
    scaled = [(Segment(s.price, s.depth * 1e12, s.capacity * 1e12),) for (s,) in curves]
    amount = int(part * sum(curve[0].capacity for curve in scaled))
    split = fill(scaled, amount)
    assert split is not None
    bound = upper_bound(scaled, amount, split.marginal_price, max_legs=len(scaled), leg_cost=0)
    assert isclose(sum(split.outputs), bound, rel_tol=1e-9)


@given(CURVES, st.floats(0.01, 0.99), st.data())
def test_moving_a_little_from_one_curve_to_another_never_helps(
    curves: list[Curve], part: float, data: st.DataObject
) -> None:
    amount = part * sum(curve[0].capacity for curve in curves)
    split = fill(curves, amount)
    assert split is not None
    giver = data.draw(st.sampled_from(range(len(curves))))
    taker = data.draw(st.sampled_from(range(len(curves))))
    moved = min(split.inputs[giver], curves[taker][0].capacity - split.inputs[taker], amount / 1_000)
    if giver == taker or moved <= 0:
        return
    before = filled(curves[giver], split.inputs[giver]) + filled(curves[taker], split.inputs[taker])
    after = filled(curves[giver], split.inputs[giver] - moved) + filled(curves[taker], split.inputs[taker] + moved)
    assert after <= before * (1 + 1e-9)


def test_a_straight_segment_at_the_margin_takes_what_is_left() -> None:
    curves = [(Segment(2.0, inf, 10.0),), (Segment(1.0, inf, 100.0),), (Segment(0.5, inf, 100.0),)]
    split = fill(curves, 30.0)
    assert split is not None
    assert split.inputs == [10.0, 20.0, 0.0]
    assert split.outputs == [20.0, 20.0, 0.0]
    assert isclose(split.marginal_price, 1.0)


def test_several_segments_of_one_curve_are_filled_in_their_order() -> None:
    bins = (Segment(1.2, inf, 5.0), Segment(1.1, inf, 5.0), Segment(1.0, inf, 5.0))
    split = fill([bins, (Segment(1.15, 1_000.0, inf),)], 20.0)
    assert split is not None
    assert split.inputs[0] == pytest.approx(5.0)
    assert split.inputs[1] == pytest.approx(15.0)


def test_what_all_curves_together_cannot_take_has_no_split() -> None:
    assert fill([(Segment(1.0, inf, 10.0),), (Segment(1.0, 5.0, 10.0),)], 20.1) is None
    assert fill([()], 1.0) is None
