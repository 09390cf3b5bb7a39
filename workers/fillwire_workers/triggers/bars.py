"""What this process has seen of the prices that trailing stops follow, until it is stored."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from fillwire_orders.price_bars import Bar, Pair

__all__ = ["Bars"]


class Bars:
    """The bar of each pair that is followed: its highest and lowest price since it began.

    An order may only count what came after it was armed. So a bar begins anew whenever one is, and what is stored is
    never older than it says.
    """

    def __init__(self) -> None:
        self._open: dict[Pair, Bar] = {}
        self._done: list[Bar] = []

    def see(self, pair: Pair, mid: Decimal, now: datetime) -> None:
        """Takes a price of a pair; `now` is the database's time, or earlier."""
        bar = self._open.get(pair)
        if bar is None:
            self._open[pair] = Bar(pair, now, mid, mid)
        elif not bar.low <= mid <= bar.high:
            self._open[pair] = Bar(pair, bar.at, max(bar.high, mid), min(bar.low, mid))

    def part(self, pair: Pair) -> None:
        """Ends the bar of a pair, because an order was armed."""
        if (bar := self._open.pop(pair, None)) is not None:
            self._done.append(bar)

    def high(self, pair: Pair, since: datetime) -> Decimal | None:
        """The highest price since then, of what is not stored yet; `None`: there was none."""
        bars = [bar for bar in (*self._done, self._open.get(pair)) if bar is not None]
        return max((bar.high for bar in bars if bar.pair == pair and bar.at >= since), default=None)

    def take(self) -> list[Bar]:
        """Gives what is to be stored, and begins anew."""
        taken = [*self._done, *self._open.values()]
        self._done, self._open = [], {}
        return taken

    def give_back(self, bars: Sequence[Bar]) -> None:
        """Keeps what could not be stored, but for bars that a later one rose above: nobody will ask for those."""
        kept: list[Bar] = []
        for bar in (*bars, *self._done):
            kept = [one for one in kept if one.pair != bar.pair or one.high > bar.high]
            kept.append(bar)
        self._done = kept
