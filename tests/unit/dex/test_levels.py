"""What swaps can gain that follow one another without coming back: the search over levels against all choices."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fillwire_dex.routing import forward
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


@given(CASES, st.integers(2, 4))
def test_no_choice_of_levels_gains_more_than_is_said(cases: list[Case], max_hops: int) -> None:
    true = at_best(cases, max_hops)
    assert most(cases, max_hops) >= true - 1e-9
    reach, pairs = upward([pair for case in cases for pair in case.gains], cases, max_hops)
    assert reach == pytest.approx(true, abs=1e-9)
    kept = min(case.fixed + sum(gain for pair, gain in case.gains.items() if pair in pairs) for case in cases)
    assert kept == pytest.approx(true, abs=1e-9)


@given(CASES)
def test_a_search_that_is_cut_short_never_says_too_little(cases: list[Case]) -> None:
    true = at_best(cases, 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forward, "_PATIENCE", 3)
        assert upward([], cases, 4)[0] >= true - 1e-9
