"""A random path that can be asked for any slot: an Ornstein-Uhlenbeck process by Lévy's construction.

The path starts at 0, is pulled back to 0, and has the exact law of x[t + 1] = decay * x[t] + noise on every slot.
It is not walked. Values far apart are drawn first, independently of each other; then the one in the middle of two,
given those two, and so on by halves down to a single slot. Every draw is keyed by its place in that tree, so any
process computes any slot without the slots before it.

Of the law of two neighbours and the one in the middle, with r the correlation over half of their distance:
mean (left + right) * r / (1 + r²), variance spread² * (1 - r²) / (1 + r²).
"""

from __future__ import annotations

from math import sqrt
from typing import Final

from fillwire_dex.simulated.streams import Streams

_INDEPENDENT: Final = 1e-6
"""A correlation below this is taken for none."""


class Path:
    """One path, named `name` among those of a seed.

    `spread` is its standard deviation once it forgot where it started, `memory_slots` how long that takes: after as
    many slots the correlation is 1/e. Over n slots, few against the memory, it moves by spread * sqrt(2 n / memory).
    """

    __slots__ = ("_levels", "_mids", "_name", "_span", "_spread", "_streams")

    def __init__(self, streams: Streams, name: str, *, spread: float, memory_slots: int) -> None:
        self._streams = streams
        self._name = name
        self._spread = spread
        self._levels = _levels(spread, 1 - 1 / memory_slots)
        self._span = 1 << len(self._levels)
        self._mids: list[tuple[int, float]] = [(-1, 0.0)] * len(self._levels)

    def at(self, slot: int) -> float:
        """Return the path's value in `slot`, 0 or later."""
        place = slot // self._span
        left_slot = place * self._span
        left, right = self._anchor(place), self._anchor(place + 1)
        half = self._span
        for level in range(len(self._levels)):
            if slot == left_slot:
                return left
            half >>= 1
            middle_slot = left_slot + half
            middle = self._middle(level, middle_slot, left, right)
            if slot < middle_slot:
                right = middle
            else:
                left_slot, left = middle_slot, middle
        return left

    def _anchor(self, place: int) -> float:
        return self._spread * self._streams.bell(self._name, f"anchor {place}") if place else 0.0

    def _middle(self, level: int, slot: int, left: float, right: float) -> float:
        """Return the value between two; the last one of each level is kept, as slots are asked for in order."""
        known_slot, known = self._mids[level]
        if known_slot == slot:
            return known
        pull, spread = self._levels[level]
        middle = pull * (left + right) + spread * self._streams.bell(self._name, str(slot))
        self._mids[level] = (slot, middle)
        return middle


def _levels(spread: float, decay: float) -> tuple[tuple[float, float], ...]:
    """Return what each halving does, the widest first: how much of both ends it keeps, and its own spread."""
    levels = []
    while decay > _INDEPENDENT:
        square = decay * decay
        levels.append((decay / (1 + square), spread * sqrt((1 - square) / (1 + square))))
        decay = square
    return tuple(reversed(levels))
