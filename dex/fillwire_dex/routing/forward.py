"""The most that an execution can gain when its swaps follow one another without coming back.

Ways of at most h swaps that never come back put each token on a level: the one sold on the lowest, the one bought on
level h, each on the way between them, and every swap goes to a higher level.
For each choice of levels every case, that is every vector of prices, bounds what is gained, and the least bound counts.
Which choice gains most is searched exactly, by branch and bound; the tokens that gains compete for are few.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from operator import add
from typing import Final

from fillwire_dex.routing.graph import SOURCE, TARGET, Pair
from fillwire_dex.routing.order import fits

_PATIENCE: Final = 2_000
"""After so many trials the bound without levels must do; it is higher, and so still true."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is gained at some prices: `fixed` in any case, and `gains` by pairs as far as those can be traded together."""

    fixed: float
    gains: Mapping[Pair, float]


def most(cases: Sequence[Case], max_hops: int) -> float:
    """Return the most that can be gained on ways of at most `max_hops` swaps, or a little more; never less."""
    if all(fits(case.gains.keys(), max_hops) for case in cases):
        return min(case.fixed + sum(case.gains.values()) for case in cases)
    return _Levels([_settled(case) for case in cases], max_hops - 1).most()


def upward(pairs: Collection[Pair], gains: Mapping[Pair, float], max_hops: int) -> set[Pair]:
    """Return those of the pairs that go to a higher level where the gains are greatest."""
    levels = _Levels([_settled(Case(0.0, gains))], max_hops - 1).best()
    return {
        (tail, head)
        for tail, head in pairs
        if tail == SOURCE or head == TARGET or levels.get(tail, 0) < levels.get(head, 0)
    }


def _settled(case: Case) -> Case:
    """Return the case with the gains that need no level, those of the first and last swaps, counted in."""
    between = {pair: gain for pair, gain in case.gains.items() if pair[0] != SOURCE and pair[1] != TARGET}
    return Case(case.fixed + sum(case.gains.values()) - sum(between.values()), between)


class _Levels:
    """The search for the best level of each token on the way."""

    def __init__(self, cases: Sequence[Case], count: int) -> None:
        self._cases, self._count = cases, count
        tokens = {token for case in cases for pair in case.gains for token in pair}
        self._tokens = sorted(tokens, key=lambda token: (-self._weight(token), token))
        self._most = -inf
        self._best: Mapping[int, int] = {}
        self._trials = 0

    def most(self) -> float:
        """Return the most that can be gained over all choices of levels."""
        relaxed = [sum(_better(case, *pair) for pair in _undirected(case)) for case in self._cases]
        self._extend({}, [case.fixed for case in self._cases], relaxed)
        if self._trials <= _PATIENCE:
            return self._most
        return min(case.fixed + gained for case, gained in zip(self._cases, relaxed, strict=True))

    def best(self) -> Mapping[int, int]:
        """Return the best levels found."""
        self.most()
        return self._best

    def _weight(self, token: int) -> float:
        return sum(gain for case in self._cases for pair, gain in case.gains.items() if token in pair)

    def _extend(self, levels: dict[int, int], reached: Sequence[float], undecided: Sequence[float]) -> None:
        """Put the next token on each level; `undecided` is what pairs not yet decided can add at most, by case."""
        self._trials += 1
        if self._trials > _PATIENCE or min(map(add, reached, undecided)) <= self._most:
            return
        if len(levels) == len(self._tokens):
            self._most, self._best = min(reached), levels
            return
        token = self._tokens[len(levels)]
        left = [
            more - sum(_better(case, token, other) for other in levels)
            for case, more in zip(self._cases, undecided, strict=True)
        ]
        options = [
            (
                [total + _upward(case, token, level, levels) for case, total in zip(self._cases, reached, strict=True)],
                level,
            )
            for level in range(self._count)
        ]
        for gained, level in sorted(options, key=lambda option: (-min(option[0]), option[1])):
            self._extend({**levels, token: level}, gained, left)


def _undirected(case: Case) -> set[Pair]:
    return {(min(pair), max(pair)) for pair in case.gains}


def _better(case: Case, one: int, other: int) -> float:
    """Return the gain of a pair in its better direction."""
    return max(case.gains.get((one, other), 0.0), case.gains.get((other, one), 0.0))


def _upward(case: Case, token: int, level: int, levels: Mapping[int, int]) -> float:
    """Return what a token adds on a level, with those that have one."""
    gains = case.gains
    onward = sum(gains.get((token, other), 0.0) for other, above in levels.items() if above > level)
    return onward + sum(gains.get((other, token), 0.0) for other, below in levels.items() if below < level)
