"""What swaps can gain that follow one another without coming back: the search over levels against all choices."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fillwire_dex.routing import levels as search
from fillwire_dex.routing.forward import Case, most, upward

TOKENS = range(6)
PAIRS = st.sampled_from([(tail, head) for tail in TOKENS for head in TOKENS[1:] if tail not in (1, head)])
CASES = st.lists(
    st.builds(Case, st.floats(-100, 100), st.dictionaries(PAIRS, st.floats(0.5, 50), max_size=14)),
    min_size=1,
    max_size=3,
)


def at_best(cases: list[Case], max_hops: int) -> float:
    """The most over every choice of levels, the case that proves least counting in each."""
    return max(
        min(case.fixed + sum(gain for pair, gain in case.gains.items() if rises(pair, levels)) for case in cases)
        for levels in product(range(1, max_hops), repeat=len(TOKENS) - 2)
    )


def rises(pair: tuple[int, int], levels: tuple[int, ...]) -> bool:
    tail, head = pair
    return tail == 0 or head == 1 or levels[tail - 2] < levels[head - 2]


@settings(deadline=None)
@given(CASES, st.integers(2, 4))
def test_no_choice_of_levels_gains_more_than_is_said(cases: list[Case], max_hops: int) -> None:
    true = at_best(cases, max_hops)
    assert most(cases, max_hops) >= true - 1e-9
    reach, pairs = upward([pair for case in cases for pair in case.gains], cases, max_hops)
    assert reach == pytest.approx(true, abs=1e-9)
    kept = min(case.fixed + sum(gain for pair, gain in case.gains.items() if pair in pairs) for case in cases)
    assert kept == pytest.approx(true, abs=1e-9)


@settings(deadline=None)
@given(CASES, st.integers(2, 4), st.floats(-150, 400))
def test_what_is_known_is_returned_where_nothing_gains_more(cases: list[Case], max_hops: int, known: float) -> None:
    true = at_best(cases, max_hops)
    reach, _ = upward([], cases, max_hops, known=known)
    assert reach >= true - 1e-9
    if cases[0].gains and known > true + 1e-9:
        assert reach in (known, pytest.approx(true, abs=1e-9))
    if known < true - 1e-9:
        assert reach == pytest.approx(true, abs=1e-9)


@settings(deadline=None)
@given(CASES)
def test_a_search_that_is_cut_short_never_says_too_little(cases: list[Case]) -> None:
    true = at_best(cases, 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "_NARROW", 1)
        patch.setattr(search, "_WIDE", 2)
        assert upward([], cases, 4)[0] >= true - 1e-9


def test_cases_that_can_each_be_had_in_full_are_weighed_together() -> None:
    one, other = Case(0, {(2, 3): 10}), Case(0, {(3, 2): 10})
    assert most([one], 3) == most([other], 3) == 10
    assert most([one, other], 3) == 0


def test_of_choices_that_gain_the_same_the_one_that_more_is_said_for_is_taken() -> None:
    binding, loose = Case(0, {(2, 3): 10}), Case(100, {(2, 3): 1, (4, 5): 50})
    _, pairs = upward([(2, 3), (4, 5), (5, 4)], [binding, loose], 3)
    assert pairs == {(2, 3), (4, 5)}
