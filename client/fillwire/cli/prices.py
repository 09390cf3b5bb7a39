"""Shows quotes and prices as they change."""

import itertools
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fillwire.cli.reconnects import telling_of_reconnects
from fillwire.cli.session import Output, Session
from fillwire.cli.story import shares, short_price
from fillwire.market import Price, Quote
from fillwire.terms import QuoteTerms

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["prices", "stream_quotes"]


def stream_quotes(
    session: Session,
    pair: tuple[str, str],
    amount_in: str | None,
    terms: QuoteTerms,
    *,
    min_interval: float | None,
    count: int | None,
) -> int:
    """Shows a quote, and each that follows it, one a line."""
    with session.client() as client, telling_of_reconnects(session):
        stream = client.stream_quotes(*pair, amount_in, min_interval=min_interval, timeout=session.timeout, **terms)
        with stream:
            if session.output is not Output.TABLE:
                session.print_documents(itertools.islice(stream, count))
                return 0
            for quote in itertools.islice(stream, count):
                session.print(_line(quote))
    return 0


def _line(quote: Quote) -> str:
    moment = f"{quote.quote_time:%H:%M:%S.%f}"[:-3] if quote.quote_time else ""
    route = quote.route
    open_side = route.amount_in if route.exact_out else route.amount_out
    return f"{moment}  {open_side}  at {short_price(quote.price)}  by {shares(route)}"


def prices(session: Session, pairs: Sequence[str], count: int | None) -> int:
    """Shows the present prices and each change; on a terminal as a table that moves."""
    with session.client() as client, telling_of_reconnects(session):
        stream = client.watch_prices(*pairs, timeout=session.timeout)
        with stream:
            _show(session, itertools.islice(stream, count))
    return 0


def _show(session: Session, prices: Iterator[Price]) -> None:
    if session.output is not Output.TABLE:
        session.print_documents(prices)
    elif session.terminal:
        _live(session, prices)
    else:
        for price in prices:
            session.print(_price(price))


def _price(price: Price) -> str:
    moment = f"{price.time:%H:%M:%S.%f}"[:-3] if price.time else ""
    return f"{moment}  {price.pair}  {short_price(price.mid_price)}".strip()


def _live(session: Session, prices: Iterator[Price]) -> None:
    # Not at the top: Rich takes 0.1 s, and nothing is drawn into a pipe.
    from rich.live import Live  # noqa: PLC0415

    board = _Board()
    with Live(board, console=session.console(), refresh_per_second=10) as live:
        for price in prices:
            board.add(price)
        live.refresh()


class _Board:
    """The last price of each pair, and what it has moved since the first one was seen."""

    def __init__(self) -> None:
        self._first: dict[str, Price] = {}
        self._last: dict[str, tuple[Price, float]] = {}

    def add(self, price: Price) -> None:
        self._first.setdefault(price.pair, price)
        self._last[price.pair] = (price, time.monotonic())

    def __rich__(self) -> "RenderableType":
        # Loaded by `_live` already.
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        table = Table.grid(padding=(0, 2))
        for pair, (price, at) in sorted(self._last.items()):
            moved = float(price.mid_price / self._first[pair].mid_price - 1) * 10_000
            style = "green" if moved > 0 else "red" if moved < 0 else "dim"
            bright = "bold" if time.monotonic() - at < 0.3 else ""
            shown = Text(short_price(price.mid_price), bright, justify="right")
            table.add_row(Text(pair), shown, Text(f"{moved:+.2f} bps", style, justify="right"))
        return table
