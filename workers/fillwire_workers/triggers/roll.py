"""The roll: keeps the book as the journal says, from the start and from then on."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from fillwire_orders.conditions import TrailingStop
from fillwire_orders.order import OrderId
from fillwire_orders.price_bars import Highs, PriceBars
from fillwire_orders.resting import RestingOrder, RestingOrders
from fillwire_workers.triggers.bars import Bars
from fillwire_workers.triggers.book import Book

__all__ = ["Roll"]

STALE_SECONDS: Final = 60.0
"""After an outage of so long all orders are read again: what has changed may be more than one statement can tell."""

_FRESH: Final = timedelta(seconds=2)
"""How old an order may be that has no past to be asked for."""


class Roll:
    """Calls of it come one after the other; each raises `StoreUnavailable`, and the next makes up for it."""

    def __init__(self, resting: RestingOrders, price_bars: PriceBars, book: Book, bars: Bars) -> None:
        self._resting = resting
        self._price_bars = price_bars
        self._book = book
        self._bars = bars
        self._cursor: int | None = None
        self._heard = float("-inf")
        self.now: datetime | None = None
        """The database's time when it was asked last; `None`: it never was."""

    async def follow(self) -> bool:
        """Brings the book to the present; whether anything rests that did not before."""
        if self._cursor is None or time.monotonic() - self._heard > STALE_SECONDS:
            await self._read_all()
        assert self._cursor is not None  # noqa: S101 - known since all was read
        news = await self._resting.since(self._cursor)
        self.now = news.now
        for order_id in news.gone:
            self._book.remove(order_id)
        fresh = [order for order in news.resting if not self._book.knows(order)]
        await self._add(fresh, since=news.now - _FRESH)
        self._cursor, self._heard = news.cursor, time.monotonic()
        return bool(fresh)

    async def _read_all(self) -> None:
        cursor = await self._resting.cursor()
        there: set[OrderId] = set()
        async for page in self._resting.pages():
            there.update(order.id for order in page)
            await self._add([order for order in page if not self._book.knows(order)], since=None)
        for order_id in self._book.ids() - there:
            self._book.remove(order_id)
        self._cursor = cursor

    async def _add(self, orders: Sequence[RestingOrder], *, since: datetime | None) -> None:
        """Takes orders; those that were armed before `since`, `None`: all of them, may have a past."""
        trailing = [order for order in orders if isinstance(order.condition, TrailingStop)]
        for pair in {order.pair for order in trailing}:
            self._bars.part(pair)
        old = {order.pair for order in trailing if since is None or order.armed_at < since}
        highs = await self._price_bars.highs(old) if old else Highs()
        now = time.monotonic()
        for order in orders:
            self._book.add(order, now=now, peak=self._peak(order, highs))

    def _peak(self, order: RestingOrder, highs: Highs) -> Decimal | None:
        """The best price a trailing stop has seen: when it was accepted, by what is stored, and by what is not yet."""
        if not isinstance(order.condition, TrailingStop):
            return None
        seen = (
            order.armed_mid_price,
            highs.since(order.pair, order.armed_at),
            self._bars.high(order.pair, order.armed_at),
        )
        return max((price for price in seen if price is not None), default=None)
