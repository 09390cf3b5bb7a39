"""The book: every resting order of this process, by what it waits for. It does no I/O and reads no clock.

A price that fires nothing costs a few comparisons a pair, however many orders rest.
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from fillwire_dex import Listing
from fillwire_orders.conditions import Limit, Oco, Scheduled, Sniper, Stop, TakeProfit, TrailingStop, Twap
from fillwire_orders.order import OrderId, OrderType
from fillwire_orders.resting import RestingOrder
from fillwire_workers.triggers.limits import Limits
from fillwire_workers.triggers.side import Hit, Side
from fillwire_workers.triggers.snipers import Snipers

__all__ = ["Book", "Hit"]

Pair = tuple[str, str]
Prices = Mapping[Pair, Decimal]


class Book:
    """Holds orders, and gives those that fire; these are then no longer in it."""

    def __init__(self) -> None:
        self.limits = Limits(self.holds)
        self._orders: dict[OrderId, RestingOrder] = {}
        self._sides: dict[Pair, Side] = {}
        self._snipers = Snipers(self.holds)
        self._open_twaps: dict[OrderId, int] = {}
        self._trailing: dict[Pair, dict[OrderId, RestingOrder]] = {}

    def __len__(self) -> int:
        return len(self._orders)

    def __contains__(self, order_id: object) -> bool:
        return order_id in self._orders

    def ids(self) -> set[OrderId]:
        """All that rest here."""
        return set(self._orders)

    def holds(self, order: RestingOrder) -> bool:
        """Whether the order rests here just as it is."""
        return self._orders.get(order.id) is order

    def knows(self, order: RestingOrder) -> bool:
        """Whether the order rests here as of the same step."""
        known = self._orders.get(order.id)
        return known is not None and known.seq == order.seq

    @property
    def open_slices(self) -> list[tuple[OrderId, int]]:
        """The TWAP orders with an open child, and its how-manieth that is."""
        return list(self._open_twaps.items())

    @property
    def trailing(self) -> Mapping[Pair, Collection[RestingOrder]]:
        """The trailing stops of each pair that has any."""
        return {pair: orders.values() for pair, orders in self._trailing.items() if orders}

    def add(self, order: RestingOrder, *, now: float, peak: Decimal | None = None) -> None:
        """Takes an order in place of what is known of it; `peak` is the best price it has seen, of a trailing stop.

        `now` is the caller's time, in seconds.
        """
        self.remove(order.id)
        self._orders[order.id] = order
        side = self._side(order.pair)
        match order.condition:
            case Limit(price=price):
                self.limits.add(order, price, now)
            case Stop(price=price):
                side.falling.add(-price, order)
            case TakeProfit(price=price):
                side.rising.add(price, order)
            case Oco(limit=limit, stop=stop):
                self.limits.add(order, limit.price, now)
                side.falling.add(-stop.price, order)
            case TrailingStop() as trail:
                self._trailing.setdefault(order.pair, {})[order.id] = order
                side.trails.add(order, trail, peak)
            case Sniper():
                self._snipers.add(order)
            case Twap() if order.slices_begun > order.slices_ended:
                self._open_twaps[order.id] = order.slices_begun
            case Twap() | Scheduled():
                pass  # time alone matters to them, and the database has the clock
        side.mid = None

    def remove(self, order_id: OrderId) -> None:
        """Forgets an order; one that is not here is no mistake."""
        order = self._orders.pop(order_id, None)
        if order is None:
            return
        side = self._side(order.pair)
        match order.condition:
            case Limit():
                self.limits.bury(order)
            case Stop():
                side.falling.bury()
            case TakeProfit():
                side.rising.bury()
            case Oco():
                self.limits.bury(order)
                side.falling.bury()
            case TrailingStop():
                del self._trailing[order.pair][order_id]
                side.trails.bury()
            case Sniper():
                self._snipers.remove(order)
            case Twap() | Scheduled():
                self._open_twaps.pop(order_id, None)

    def turn(self, prices: Prices, listings: Mapping[str, Listing]) -> list[Hit]:
        """Takes the market as it is now; gives what fires by it, and makes candidates of limits that may."""
        hits = [hit for pair, side in self._sides.items() for hit in self._priced(pair, side, prices.get(pair))]
        hits += [
            Hit(order=order, condition=OrderType.SNIPER, pool=pool) for order, pool in self._snipers.turn(listings)
        ]
        for hit in hits:
            self.remove(hit.order.id)
        return hits

    def _priced(self, pair: Pair, side: Side, mid: Decimal | None) -> Iterator[Hit]:
        if mid is None or mid == side.mid:
            return
        self.limits.reach(pair, mid)
        yield from side.turn(mid)

    def _side(self, pair: Pair) -> Side:
        if pair not in self._sides:
            self._sides[pair] = Side(self.holds)
        return self._sides[pair]
