"""The most that an execution can gain when its swaps follow one another without coming back.

Ways of at most h swaps that never come back put each token on a level: the one sold on the lowest, the one bought on
level h, each on the way between them, and every swap goes to a higher level.
For each choice of levels every case, that is every vector of prices, bounds what is gained, and the least bound counts.
Which choice gains most is searched by branch and bound (`levels`); the tokens that gains compete for are few.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from fillwire_dex.routing.graph import SOURCE, TARGET, Pair
from fillwire_dex.routing.order import fits


@dataclass(frozen=True, slots=True)
class Case:
    """What is gained at some prices: `fixed` in any case, and `gains` by pairs as far as those can be traded together."""

    fixed: float
    gains: Mapping[Pair, float]


def most(cases: Sequence[Case], max_hops: int, *, known: float = -inf) -> float:
    """Return the most that can be gained on ways of at most `max_hops` swaps, or a little more; never less.

    It is `known` where nothing gains more than that.
    """
    if fits({pair for case in cases for pair in case.gains}, max_hops):
        return min(case.fixed + sum(case.gains.values()) for case in cases)
    return _best(cases, max_hops, known)[0]


def upward(
    pairs: Collection[Pair], cases: Sequence[Case], max_hops: int, *, known: float = -inf
) -> tuple[float, set[Pair]]:
    """Return the most that can be gained, and those of the pairs that go to a higher level where that may be."""
    reach, levels = _best(cases, max_hops, known)
    kept = {
        (tail, head)
        for tail, head in pairs
        if tail == SOURCE or head == TARGET or levels.get(tail, 0) < levels.get(head, 0)
    }
    return reach, kept


def _best(cases: Sequence[Case], max_hops: int, known: float) -> tuple[float, Mapping[int, int]]:
    """Return the most that can be gained beyond what is known, and the levels of the tokens for that."""
    # Importing numpy takes longer than most orders, and most of them never come here.
    from fillwire_dex.routing.levels import Levels  # noqa: PLC0415

    return Levels([_settled(case) for case in cases], max_hops - 1).best(known)


def _settled(case: Case) -> Case:
    """Return the case with the gains that need no level, those of the first and last swaps, counted in."""
    between = {pair: gain for pair, gain in case.gains.items() if pair[0] != SOURCE and pair[1] != TARGET}
    return Case(case.fixed + sum(case.gains.values()) - sum(between.values()), between)
