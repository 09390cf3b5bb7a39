"""A ladder: what waits for a number to rise to its level, the lowest level first."""

import heapq
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import count
from typing import Generic, TypeVar

__all__ = ["Ladder"]

T = TypeVar("T")

_SPARE = 64


class Ladder(Generic[T]):
    """Levels and what waits there; nothing is looked at that has not been reached.

    Who is no longer `alive` stays where it is until it is reached, or until half of the ladder may be dead.
    """

    __slots__ = ("_alive", "_dead", "_numbers", "_rungs")

    def __init__(self, alive: Callable[[T], bool]) -> None:
        self._alive = alive
        self._rungs: list[tuple[Decimal, int, T]] = []
        self._numbers = count()
        self._dead = 0

    def __len__(self) -> int:
        return len(self._rungs)

    def add(self, level: Decimal, one: T) -> None:
        """Lets it wait there; of equal levels the first that came is the first that goes."""
        heapq.heappush(self._rungs, (level, next(self._numbers), one))

    def reach(self, level: Decimal) -> Iterator[T]:
        """Gives, and takes off, those that wait at this level or lower."""
        while self._rungs and self._rungs[0][0] <= level:
            _, _, one = heapq.heappop(self._rungs)
            if self._alive(one):
                yield one

    def bury(self) -> None:
        """Says that one of them has died."""
        self._dead += 1
        if self._dead > len(self._rungs) // 2 + _SPARE:
            self._rungs = [rung for rung in self._rungs if self._alive(rung[2])]
            heapq.heapify(self._rungs)
            self._dead = 0
