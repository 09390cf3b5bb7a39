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

_PATIENCE: Final = 500
"""After so many trials, what the choices not yet tried can gain at most must do; it is higher, and so still true."""


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


def upward(pairs: Collection[Pair], cases: Sequence[Case], max_hops: int) -> tuple[float, set[Pair]]:
    """Return the most that can be gained, and those of the pairs that go to a higher level where that may be."""
    levels = _Levels([_settled(case) for case in cases], max_hops - 1)
    reach, best = levels.most(), levels.best
    kept = {
        (tail, head)
        for tail, head in pairs
        if tail == SOURCE or head == TARGET or best.get(tail, 0) < best.get(head, 0)
    }
    return reach, kept


def _settled(case: Case) -> Case:
    """Return the case with the gains that need no level, those of the first and last swaps, counted in."""
    between = {pair: gain for pair, gain in case.gains.items() if pair[0] != SOURCE and pair[1] != TARGET}
    return Case(case.fixed + sum(case.gains.values()) - sum(between.values()), between)


@dataclass(frozen=True, slots=True)
class _Link:
    """What a token gains with an earlier one in some case: if it is on the lower level of the two, or on the higher."""

    earlier: int
    below: float
    above: float


class _Levels:
    """The search for the best level of each token on the way; those found are `best`."""

    def __init__(self, cases: Sequence[Case], count: int) -> None:
        self._cases, self._count = cases, count
        tokens = {token for case in cases for pair in case.gains for token in pair}
        self._tokens = sorted(tokens, key=lambda token: (-self._weight(token), token))
        self._links = [[self._linked(place, case) for case in cases] for place in range(len(tokens))]
        self._undecided = self._undecided_from()
        self._most = self._untried = -inf
        self.best: Mapping[int, int] = {}
        self._trials = 0

    def most(self) -> float:
        """Return the most that can be gained over all choices of levels, or more where not all could be tried."""
        self._extend((), [case.fixed for case in self._cases])
        return max(self._most, self._untried)

    def _weight(self, token: int) -> float:
        return sum(gain for case in self._cases for pair, gain in case.gains.items() if token in pair)

    def _linked(self, place: int, case: Case) -> list[_Link]:
        """Return what the token at a place gains with those before it."""
        token, gains = self._tokens[place], case.gains
        links = (
            _Link(earlier, gains.get((token, other), 0.0), gains.get((other, token), 0.0))
            for earlier, other in enumerate(self._tokens[:place])
        )
        return [link for link in links if link.below or link.above]

    def _undecided_from(self) -> list[list[float]]:
        """Return by place, for each case, what that token and the later ones can add at most."""
        undecided = [[0.0] * len(self._cases)]
        for by_case in reversed(self._links):
            better = [sum(max(link.below, link.above) for link in links) for links in by_case]
            undecided.append(list(map(add, undecided[-1], better)))
        return undecided[::-1]

    def _extend(self, levels: tuple[int, ...], reached: Sequence[float]) -> None:
        """Put the next token on each level."""
        place = len(levels)
        limit = min(map(add, reached, self._undecided[place]))
        self._trials += 1
        if limit <= self._most:
            return
        if place == len(self._tokens):
            self._most, self.best = limit, dict(zip(self._tokens, levels, strict=True))
        elif self._trials > _PATIENCE:
            self._untried = max(self._untried, limit)
        else:
            options = [(self._gained(place, level, levels, reached), level) for level in range(self._count)]
            for gained, level in sorted(options, key=lambda option: (-min(option[0]), option[1])):
                self._extend((*levels, level), gained)

    def _gained(self, place: int, level: int, levels: Sequence[int], reached: Sequence[float]) -> list[float]:
        """Return what is gained in each case with the token at a place on a level."""
        gained = list(reached)
        for case, links in enumerate(self._links[place]):
            for link in links:
                other = levels[link.earlier]
                if other != level:
                    gained[case] += link.below if level < other else link.above
        return gained
