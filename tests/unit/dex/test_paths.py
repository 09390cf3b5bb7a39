"""What is read for a swap is what lies on a way from one token to the other, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fillwire_dex.simulated.paths import between, pair

STREET = [pair("a", "b"), pair("b", "c"), pair("c", "d"), pair("a", "c"), pair("d", "e")]


def found(start: str, end: str, hops: int) -> set[str]:
    return {"".join(one) for one in between(STREET, start, end, max_hops=hops)}


@pytest.mark.parametrize(
    ("start", "end", "hops", "pairs"),
    [
        ("a", "b", 1, {"ab"}),
        ("b", "a", 1, {"ab"}),
        ("a", "c", 1, {"ac"}),
        ("a", "c", 2, {"ac", "ab", "bc"}),
        ("a", "d", 1, set()),
        ("a", "d", 2, {"ac", "cd"}),
        ("a", "d", 3, {"ac", "cd", "ab", "bc"}),
        ("a", "e", 9, {"ab", "bc", "ac", "cd", "de"}),
        ("a", "x", 9, set()),
    ],
)
def test_the_ways_of_a_small_town(start: str, end: str, hops: int, pairs: set[str]) -> None:
    assert found(start, end, hops) == pairs


def test_a_way_that_comes_back_is_none() -> None:
    assert found("c", "d", 9) == {"cd"}


@given(st.sets(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).map(sorted).map(tuple), max_size=12))
def test_more_hops_never_lose_a_pair_and_both_ways_are_the_same(edges: set[tuple[str, str]]) -> None:
    pairs = [(one, other) for one, other in edges if one != other]
    before: frozenset[tuple[str, str]] = frozenset()
    for hops in range(1, 6):
        now = between(pairs, "a", "b", max_hops=hops)
        assert before <= now <= set(pairs)
        assert now == between(pairs, "b", "a", max_hops=hops)
        before = now
