"""A venue is distrusted for what it did, as far as chance does not explain it, and forgiven in time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fillwire_dex.scores import HALF_LIFE_SECONDS, MAX_HAIRCUT_BPS, Record, haircuts, score

QUOTED = 1_000_000


def fills(count: int, *, filled: int = QUOTED, landing_seconds: float = 0.4) -> Record:
    record = Record()
    for _ in range(count):
        record = record.plus(Record.of_fill(quoted=QUOTED, filled=filled, landing_seconds=landing_seconds))
    return record


def refusals(count: int, *, legs: int = 1) -> Record:
    record = Record()
    for _ in range(count):
        record = record.plus(Record.of_refusal(legs=legs))
    return record


records = st.builds(
    Record,
    fills=st.floats(0, 1e4),
    error_bps=st.floats(-1e6, 1e6),
    error_bps_squared=st.floats(0, 1e9),
    refusals=st.floats(0, 1e4),
    landing_seconds=st.floats(0, 1e6),
)


def test_a_venue_that_nobody_knows_is_trusted() -> None:
    assert score(Record()).haircut_bps == 0


def test_fills_as_quoted_cost_a_venue_nothing() -> None:
    assert score(fills(1_000)).haircut_bps == 0
    assert score(fills(1_000)).fill_error_bps == 0


def test_fills_above_the_quote_earn_no_bonus() -> None:
    assert score(fills(1_000, filled=QUOTED + 500)).haircut_bps == 0


def test_a_venue_that_always_gives_ten_bps_less_is_distrusted_by_nearly_that() -> None:
    told = score(fills(500, filled=QUOTED - 1_000))
    assert told.fill_error_bps == pytest.approx(-10)
    assert 9 < told.haircut_bps <= 10


def test_one_bad_fill_condemns_nobody() -> None:
    assert score(fills(1, filled=QUOTED // 2)).haircut_bps == 0


def test_errors_both_ways_are_chance() -> None:
    both = fills(200, filled=QUOTED - 3_000).plus(fills(195, filled=QUOTED + 3_000))
    assert score(both).fill_error_bps < 0
    assert score(both).haircut_bps == 0


def test_refusals_are_distrusted_in_proportion() -> None:
    few, many = fills(90).plus(refusals(10)), fills(50).plus(refusals(50))
    assert score(few).reject_rate == pytest.approx(10 / 110)
    assert 0 < score(few).haircut_bps < score(many).haircut_bps


def test_a_refused_route_is_shared_by_its_legs() -> None:
    assert refusals(3, legs=3).refusals == pytest.approx(1)


def test_slow_landing_is_distrusted() -> None:
    assert score(fills(100, landing_seconds=0.9)).haircut_bps == 0
    assert score(fills(1_000, landing_seconds=5)).haircut_bps == pytest.approx(2, abs=0.05)


def test_a_record_fades_by_half_and_with_it_the_haircut() -> None:
    bad = refusals(40)
    assert bad.faded(HALF_LIFE_SECONDS).refusals == pytest.approx(20)
    assert score(bad.faded(20 * HALF_LIFE_SECONDS)).haircut_bps == 0


def test_time_that_ran_backwards_adds_nothing() -> None:
    assert refusals(4).faded(-60) == refusals(4)


@given(records, records, st.floats(0, 1e5), st.floats(0, 1e5))
def test_it_does_not_matter_in_what_portions_a_record_is_kept(a: Record, b: Record, early: float, late: float) -> None:
    at_once = a.plus(b).faded(early + late)
    in_turn = a.faded(early).plus(b.faded(early)).faded(late)
    for name in Record.__slots__:
        assert getattr(in_turn, name) == pytest.approx(getattr(at_once, name), rel=1e-9, abs=1e-9)


@given(records)
def test_a_haircut_has_limits(record: Record) -> None:
    assert 0 <= score(record).haircut_bps <= MAX_HAIRCUT_BPS


def test_haircuts_name_only_venues_that_are_distrusted() -> None:
    assert haircuts({"good": fills(50), "bad": refusals(50)}) == {"bad": score(refusals(50)).haircut_bps}
