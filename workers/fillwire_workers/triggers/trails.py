"""Trailing stops of one pair: each fires when the price has fallen by its trail from the best since it was armed.

Orders with the same best price, the peak, are a group: within it the smallest trail fires first, and a price that rises
above makes one group of all that it passes. So a price that fires nothing costs the same, however many orders wait.
"""

import heapq
from bisect import bisect_left
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import count
from typing import Final

from fillwire_orders.conditions import TrailingStop
from fillwire_orders.resting import RestingOrder
from fillwire_workers.triggers.ladder import Ladder

__all__ = ["Trails"]

_SPARE: Final = 64


class _Group:
    """Orders by their trail; `alarm` is the number of the one alarm that counts."""

    __slots__ = ("alarm", "orders", "peak")

    def __init__(self, peak: Decimal) -> None:
        self.peak = peak
        self.orders: list[tuple[int, int, RestingOrder]] = []
        self.alarm = -1

    def trigger(self) -> Decimal:
        """At what price the first of them fires."""
        return (self.peak * (10_000 - self.orders[0][0])).scaleb(-4)


class Trails:
    """See the module; who is not `alive` any more is passed over."""

    __slots__ = ("_alarms", "_alive", "_dead", "_groups", "_numbers", "_size", "_unpriced", "_waiting")

    def __init__(self, alive: Callable[[RestingOrder], bool]) -> None:
        self._alive = alive
        self._numbers = count()
        # From the highest peak to the lowest.
        self._groups: list[_Group] = []
        # The highest trigger first; an alarm that is not its group's last is stale.
        self._alarms: list[tuple[Decimal, int, _Group]] = []
        self._waiting = Ladder(alive)
        self._unpriced: list[RestingOrder] = []
        self._size = 0
        self._dead = 0

    def add(self, order: RestingOrder, trail: TrailingStop, peak: Decimal | None) -> None:
        """Takes an order; `peak` is the best price it is known to have seen, `None`: it has seen none yet."""
        if trail.activation_price is not None and (peak is None or peak < trail.activation_price):
            self._waiting.add(trail.activation_price, order)
        elif peak is None:
            self._unpriced.append(order)
        else:
            self._join(order, peak)

    def turn(self, mid: Decimal) -> Iterator[tuple[RestingOrder, Decimal]]:
        """Takes a price; gives, and takes off, those that fire, each with its peak."""
        for order in self._waiting.reach(mid):
            self._join(order, mid)
        for order in filter(self._alive, self._unpriced):
            self._join(order, mid)
        self._unpriced.clear()
        self._rise(mid)
        yield from self._fallen(mid)

    def bury(self) -> None:
        """Says that one of them has died."""
        self._waiting.bury()
        self._dead += 1
        if self._dead > self._size // 2 + _SPARE:
            self._sift()

    def _join(self, order: RestingOrder, peak: Decimal) -> None:
        trail = order.condition
        assert isinstance(trail, TrailingStop)  # noqa: S101 - the book adds no others
        group = self._at(peak)
        heapq.heappush(group.orders, (trail.trail_bps, next(self._numbers), order))
        self._size += 1
        if group.orders[0][2] is order:
            self._set_alarm(group)

    def _at(self, peak: Decimal) -> _Group:
        place = bisect_left(self._groups, -peak, key=_height)
        if place == len(self._groups) or self._groups[place].peak != peak:
            self._groups.insert(place, _Group(peak))
        return self._groups[place]

    def _rise(self, mid: Decimal) -> None:
        """Lets those that never saw so high a price see this one; the largest group takes in the others."""
        if not self._groups or self._groups[-1].peak >= mid:
            return
        passed = []
        while self._groups and self._groups[-1].peak <= mid:
            passed.append(self._groups.pop())
        largest = max(passed, key=lambda group: len(group.orders))
        for group in passed:
            if group is not largest:
                group.alarm = -1
                for entry in group.orders:
                    heapq.heappush(largest.orders, entry)
        largest.peak = mid
        self._groups.append(largest)
        self._set_alarm(largest)

    def _fallen(self, mid: Decimal) -> Iterator[tuple[RestingOrder, Decimal]]:
        while self._alarms and -self._alarms[0][0] >= mid:
            _, number, group = heapq.heappop(self._alarms)
            if group.alarm != number:
                continue
            while group.orders and group.trigger() >= mid:
                _, _, order = heapq.heappop(group.orders)
                self._size -= 1
                if self._alive(order):
                    yield order, group.peak
            if group.orders:
                self._set_alarm(group)
            else:
                self._groups.remove(group)

    def _set_alarm(self, group: _Group) -> None:
        group.alarm = next(self._numbers)
        heapq.heappush(self._alarms, (-group.trigger(), group.alarm, group))
        if len(self._alarms) > 2 * len(self._groups) + _SPARE:
            self._alarms = [(-one.trigger(), one.alarm, one) for one in self._groups]
            heapq.heapify(self._alarms)

    def _sift(self) -> None:
        for group in self._groups:
            group.orders = [entry for entry in group.orders if self._alive(entry[2])]
            heapq.heapify(group.orders)
        self._groups = [group for group in self._groups if group.orders]
        self._size = sum(len(group.orders) for group in self._groups)
        self._alarms = []
        for group in self._groups:
            self._set_alarm(group)
        self._dead = 0


def _height(group: _Group) -> Decimal:
    """By what groups are in order."""
    return -group.peak
