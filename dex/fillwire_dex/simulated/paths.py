"""Which pairs of tokens lie on some way from one token to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

Pair = tuple[str, str]
"""Two mints, the lesser one first."""


def pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def between(pairs: Iterable[Pair], start: str, end: str, *, max_hops: int) -> frozenset[Pair]:
    """Return the pairs on the ways of at most `max_hops` swaps that come through no token twice."""
    neighbours: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        neighbours[one].add(other)
        neighbours[other].add(one)
    found: set[Pair] = set()
    _walk(neighbours, [start], end, max_hops, found)
    return frozenset(found)


def _walk(neighbours: Mapping[str, set[str]], way: list[str], end: str, hops: int, found: set[Pair]) -> None:
    """Add what every continuation of `way` goes through, if it arrives."""
    here = way[-1]
    if here == end:
        found.update(pair(one, other) for one, other in pairwise(way))
        return
    if hops == 0:
        return
    for there in neighbours[here]:
        if there not in way:
            _walk(neighbours, [*way, there], end, hops - 1, found)
