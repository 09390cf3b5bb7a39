"""The choice of levels that gains most where every case has its say.

Token after token is put on each level, and all choices are followed side by side.
What one can still come to is bounded case by case: a token that is left gains, on the level that is best for it, what
it can with the tokens that are placed, and with the others that are left whatever is more.
A choice that cannot beat the best one known is given up; a narrow search first says what that is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fillwire_dex.routing.forward import Case

Floats = NDArray[np.float64]

_NARROW: Final = 8
_WIDE: Final = 256
"""How many choices are followed at a time, the most promising ones; what the others can come to must then do."""
_SAME: Final = 1e-12


@dataclass(frozen=True, slots=True)
class _Choices:
    """Choices for the tokens placed so far, by the last axis of each array.

    `levels` are by token, `gained` is by case, and `onward` by level, token that is left, and case: what that one gains
    with the placed ones. `limits` are what they can come to.
    """

    levels: NDArray[np.intp]
    gained: Floats
    onward: Floats
    limits: Floats

    def __getitem__(self, kept: NDArray[np.intp]) -> _Choices:
        return _Choices(self.levels[:, kept], self.gained[:, kept], self.onward[..., kept], self.limits[kept])


class Levels:
    """The search over `count` levels for each of the tokens that gain anything."""

    def __init__(self, cases: Sequence[Case], count: int) -> None:
        self._tokens = _heaviest_first(cases)
        self._fixed = np.array([case.fixed for case in cases])
        self._gains = _by_place(cases, self._tokens)
        self._left = _by_pairs_left(self._gains)
        self._above = np.triu(np.ones((count, count)), 1)

    def best(self, known: float) -> tuple[float, Mapping[int, int]]:
        """Return what any choice gains at most, and the levels of the best one found.

        That is `known`, and no levels, where none can gain more; and more than the levels gain where not all were tried.
        """
        gained, levels, untried = self._search(known, _NARROW)
        if untried > gained:
            gained, better, untried = self._search(gained, _WIDE)
            levels = better or levels
        return max(gained, untried), levels

    def _search(self, known: float, width: int) -> tuple[float, Mapping[int, int], float]:
        """Return the gain and the levels of the best choice beyond what is known, and what those given up can gain."""
        choices, untried = self._none(), -inf
        for _ in self._tokens:
            choices = self._extended(choices)
            order = np.argsort(-choices.limits, kind="stable")
            order = order[choices.limits[order] > known]
            if not len(order):
                return known, {}, untried
            if len(order) > width:
                untried = max(untried, float(choices.limits[order[width]]))
            choices = choices[order[:width]]
        return float(choices.limits[0]), self._likeliest(choices), untried

    def _likeliest(self, choices: _Choices) -> Mapping[int, int]:
        """Return the levels of the best choice; of those that gain the same, that which most is said for by all cases.

        Only the case that says least tells choices apart, and the next one may be about what these do not share.
        """
        best = choices.limits >= choices.limits[0] - _SAME * abs(choices.limits[0])
        likeliest = np.where(best, choices.gained.sum(axis=0), -inf).argmax()
        return dict(zip(self._tokens, choices.levels[:, likeliest].tolist(), strict=True))

    def _none(self) -> _Choices:
        """Return the choice in which no token is placed."""
        onward = np.zeros((len(self._above), len(self._tokens), len(self._fixed), 1))
        return _Choices(np.zeros((0, 1), dtype=np.intp), self._fixed[:, None], onward, self._fixed.min(keepdims=True))

    def _extended(self, choices: _Choices) -> _Choices:
        """Return the choices with the next token put on each level."""
        place, count = choices.levels.shape
        among, cases = len(self._above), len(self._fixed)
        levels = np.vstack([np.tile(choices.levels, among), np.arange(among).repeat(count)])
        gained = (choices.gained[:, None] + choices.onward[:, 0].swapaxes(0, 1)).reshape(cases, -1)
        onward = choices.onward[:, 1:, :, None] + self._step(place)[..., None]
        onward = onward.reshape(*onward.shape[:3], among * count)
        limits = (gained + onward.max(axis=0).sum(axis=0) + self._left[place + 1][:, None]).min(axis=0)
        return _Choices(levels, gained, onward, limits)

    def _step(self, place: int) -> Floats:
        """Return, by level of a later token, that token, case, and level of the token at a place, what the two gain."""
        sold, bought = self._gains[place, place + 1 :, :, None], self._gains[place + 1 :, place, :, None]
        return sold * self._above.T[:, None, None] + bought * self._above[:, None, None]


def _heaviest_first(cases: Sequence[Case]) -> list[int]:
    """Return the tokens that gain anything, those first whose level matters most."""
    weights: dict[int, float] = {}
    for case in cases:
        for pair, gain in case.gains.items():
            for token in pair:
                weights[token] = weights.get(token, 0.0) + gain
    return sorted(weights, key=lambda token: (-weights[token], token))


def _by_place(cases: Sequence[Case], tokens: Sequence[int]) -> Floats:
    """Return the gains by place of the token sold, of that bought, and case."""
    places = {token: place for place, token in enumerate(tokens)}
    gains = np.zeros((len(tokens), len(tokens), len(cases)))
    for number, case in enumerate(cases):
        for (tail, head), gain in case.gains.items():
            gains[places[tail], places[head], number] = gain
    return gains


def _by_pairs_left(gains: Floats) -> list[Floats]:
    """Return by place what the tokens from there on gain with each other at most, by case."""
    more = np.maximum(gains, gains.swapaxes(0, 1))
    return [more[place:, place:].sum(axis=(0, 1)) / 2 for place in range(len(more) + 1)]
