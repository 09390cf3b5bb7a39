"""The watch: takes every change of the market to the book, and fires what it meets."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from fillwire_dex import PriceBoard
from fillwire_orders.order import OrderType
from fillwire_orders.resting import RestingOrder
from fillwire_workers.triggers.bars import Bars
from fillwire_workers.triggers.book import Book, Hit
from fillwire_workers.triggers.quoting import Quotes, Verdict
from fillwire_workers.triggers.roll import Roll
from fillwire_workers.triggers.volley import Volley

__all__ = ["Watch"]

IDLE_SECONDS: Final = 0.25
"""How often candidates whose time has come are looked for, should the market stand still."""

QUOTING_SECONDS: Final = 0.005
"""How long limits may be quoted before anything else has its turn."""

RETRY_SECONDS: Final = 0.05
"""How soon what was met and could not be fired is tried again."""


class Watch:
    """Turns the book with the board, one turn after the other."""

    def __init__(self, board: PriceBoard, book: Book, roll: Roll, bars: Bars, volley: Volley) -> None:
        self._board = board
        self._book = book
        self._roll = roll
        self._bars = bars
        self._volley = volley
        self._stirred = asyncio.Event()
        self._quotes: tuple[int, Quotes] | None = None

    def stir(self) -> None:
        """Says that there are new orders."""
        self._stirred.set()

    async def listen(self) -> None:
        """Lets every change of the board make a turn."""
        version = 0
        while True:
            version = await self._board.wait(version)
            self._stirred.set()

    async def turn(self) -> None:
        """Waits until there is something to do, and does it. Raises `StoreUnavailable`; what is met is not lost then."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience()):
                await self._stirred.wait()
        self._stirred.clear()
        self._volley.load(self._hits(time.monotonic()), self._board.prices)
        if self._volley:
            await self._volley.fire()

    def _patience(self) -> float:
        if self._book.limits:
            return 0.0
        return RETRY_SECONDS if self._volley else IDLE_SECONDS

    def _hits(self, now: float) -> list[Hit]:
        self._remember()
        hits = self._book.turn(self._board.prices, self._board.listings)
        self._book.limits.wake(now)
        return [*hits, *self._limits(now)]

    def _remember(self) -> None:
        if self._roll.now is not None:
            for pair in self._book.trailing:
                if (mid := self._board.mid(*pair)) is not None:
                    self._bars.see(pair, mid, self._roll.now)

    def _limits(self, now: float) -> Iterator[Hit]:
        until = time.perf_counter() + QUOTING_SECONDS
        for order in self._book.limits.candidates():
            verdict = self._quoted().verdict(order)
            if verdict.met:
                self._book.remove(order.id)
                yield Hit(order=order, condition=OrderType.LIMIT, price=verdict.price)
            else:
                self._book.limits.put_off(order, self._level(order, verdict), now)
            if time.perf_counter() > until:
                return

    def _level(self, order: RestingOrder, verdict: Verdict) -> Decimal | None:
        """The mid at which the order would be met, if all prices moved alike; `None`: that says nothing."""
        mid = self._board.mid(*order.pair)
        if mid is None or verdict.short is None or verdict.short <= 1:
            return None
        return mid * verdict.short

    def _quoted(self) -> Quotes:
        version, board = self._board.version, self._board
        if self._quotes is None or self._quotes[0] != version:
            quotes = Quotes(board.listings, halted=board.halted, slot=board.slot, now=int(time.time()))
            self._quotes = version, quotes
        return self._quotes[1]
