"""Limits: which orders may be met at this price, and when one that was not is to be looked at again.

The mid reaching the limit's price is needed, not enough: what counts is the average price of the whole amount, fees off.
Who looked at a candidate, and found that it is not met, says at what mid it would be; depth changes too, so it is
looked at again after a while besides.
"""

import heapq
from collections import deque
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import count
from typing import Final

from fillwire_orders.order import OrderId
from fillwire_orders.resting import RestingOrder
from fillwire_workers.triggers.ladder import Ladder

__all__ = ["AGAIN_SECONDS", "Limits"]

AGAIN_SECONDS: Final = 1.5
"""After how long a candidate that was not met is looked at again, at whatever price."""

_MOST_PAUSES: Final = 8
"""A worker may see less than is seen here, who distrusts a venue; the two must not chase each other."""

Pair = tuple[str, str]

_Place = tuple[RestingOrder, int]
"""An order, and how often it has been looked at when it was put there: it may wait for a price and a time at once."""


class Limits:
    """See the module; who is not `alive` any more is passed over. Time is the caller's, in seconds."""

    def __init__(self, alive: Callable[[RestingOrder], bool]) -> None:
        self._alive = alive
        self._looks: dict[OrderId, int] = {}
        self._ladders: dict[Pair, Ladder[_Place]] = {}
        self._again: list[tuple[float, int, _Place]] = []
        self._numbers = count()
        self._candidates: deque[_Place] = deque()

    def __len__(self) -> int:
        """How many candidates wait to be looked at, some of whom may be gone."""
        return len(self._candidates)

    def add(self, order: RestingOrder, price: Decimal, now: float) -> None:
        """Takes an order that waits for `price` or better; one that rests again is left alone for a moment first."""
        place = order, 0
        if order.attempts:
            pause = AGAIN_SECONDS * min(order.attempts, _MOST_PAUSES)
            heapq.heappush(self._again, (now + pause, next(self._numbers), place))
        else:
            self._ladder(order.pair).add(price, place)

    def reach(self, pair: Pair, mid: Decimal) -> None:
        """Makes candidates of those that wait for this price, or a lower one."""
        if (ladder := self._ladders.get(pair)) is not None:
            self._candidates.extend(ladder.reach(mid))

    def wake(self, now: float) -> None:
        """Makes candidates of those whose time to be looked at again has come."""
        while self._again and self._again[0][0] <= now:
            _, _, place = heapq.heappop(self._again)
            if self._stands(place):
                self._candidates.append(place)

    def candidates(self) -> Iterator[RestingOrder]:
        """Gives, and takes off, one after the other; each is met, put off, or forgotten by the caller."""
        while self._candidates:
            place = self._candidates.popleft()
            if self._stands(place):
                order, looks = place
                self._looks[order.id] = looks + 1
                yield order

    def put_off(self, order: RestingOrder, level: Decimal | None, now: float) -> None:
        """Lets a candidate that was not met wait for the mid `level`, `None`: for none, and for its time besides."""
        place = order, self._looks[order.id]
        if level is not None:
            self._ladder(order.pair).add(level, place)
        heapq.heappush(self._again, (now + AGAIN_SECONDS, next(self._numbers), place))

    def bury(self, order: RestingOrder) -> None:
        """Says that one of them has died."""
        self._looks.pop(order.id, None)
        self._ladder(order.pair).bury()

    def _ladder(self, pair: Pair) -> Ladder[_Place]:
        if pair not in self._ladders:
            self._ladders[pair] = Ladder(self._stands)
        return self._ladders[pair]

    def _stands(self, place: _Place) -> bool:
        order, looks = place
        return self._alive(order) and self._looks.get(order.id, 0) == looks
