"""The courses of streams about the market: a new connection begins with the present, so that nothing is resumed."""

from collections.abc import Callable
from typing import Any

from fillwire.course import Course
from fillwire.market import Price, Quote
from fillwire.retry import Chance
from fillwire.talks import Steps
from fillwire.tokens import Tokens
from fillwire.v1 import market_service_pb2
from fillwire.wire.market import read_price, read_quote
from fillwire.wire.methods import STREAM_QUOTES, WATCH_PRICES, Call
from fillwire.wire.scalars import duration
from fillwire.wire.symbols import of_quote

__all__ = ["PriceCourse", "QuoteCourse"]

Inquiry = market_service_pb2.GetQuoteRequest


class QuoteCourse(Course[Quote]):
    """Quotes of one amount; `min_interval` is in seconds, `None` leaves it to the engine."""

    def __init__(
        self,
        write: Callable[[], Steps[Inquiry]],
        min_interval: float | None,
        *,
        timeout: float | None,
        max_retries: int,
        chance: Chance,
    ) -> None:
        super().__init__(timeout=timeout, heartbeat_seconds=None, max_retries=max_retries, chance=chance)
        self._write = write
        self._min_interval = None if min_interval is None else duration(min_interval)

    def call(self) -> Steps[Call[Any]]:
        self._connect()
        inquiry = yield from self._write()
        request = market_service_pb2.StreamQuotesRequest(request=inquiry, min_interval=self._min_interval)
        return Call(STREAM_QUOTES, request)

    def symbols(self, frame: market_service_pb2.StreamQuotesResponse) -> set[str]:
        return of_quote(frame.quote)

    def take(self, frame: market_service_pb2.StreamQuotesResponse, tokens: Tokens) -> Quote | None:
        self._hear()
        return read_quote(frame.quote, tokens)

    def name(self) -> str:
        return "stream of quotes"

    def place(self) -> str:
        return "with a new quote"


class PriceCourse(Course[Price]):
    """Prices of pairs."""

    def __init__(
        self,
        request: market_service_pb2.WatchPricesRequest,
        *,
        timeout: float | None,
        max_retries: int,
        chance: Chance,
    ) -> None:
        super().__init__(timeout=timeout, heartbeat_seconds=None, max_retries=max_retries, chance=chance)
        self._request = request

    def call(self) -> Steps[Call[Any]]:
        yield from ()
        self._connect()
        return Call(WATCH_PRICES, self._request)

    def symbols(self, frame: market_service_pb2.WatchPricesResponse) -> set[str]:
        return set()

    def take(self, frame: market_service_pb2.WatchPricesResponse, tokens: Tokens) -> Price | None:
        self._hear()
        return read_price(frame)

    def name(self) -> str:
        return "watch of prices"

    def place(self) -> str:
        return "with the present prices"
