"""The market: quotes and prices, once or as they move; tokens, venues and pools."""

from typing import Unpack

from fillwire.aio.caller import Caller
from fillwire.aio.stream import AsyncStream
from fillwire.amount import Amount, Quantity, Token
from fillwire.market import Pool, Price, Quote, Venue
from fillwire.market_courses import PriceCourse, QuoteCourse
from fillwire.terms import QuoteTerms
from fillwire.wire.requests import write_prices

__all__ = ["Market"]


class Market(Caller):
    """The part of the client that asks about the market."""

    async def quote(
        self,
        token_in: str,
        token_out: str,
        amount_in: Quantity | Amount | None = None,
        **terms: Unpack[QuoteTerms],
    ) -> Quote:
        """What an amount would give now: the route, and how far it can be from the best one; nothing is stored.

        Gives exactly `amount_in` whole tokens of `token_in`; or, with `amount_out` alone, gets exactly that much.
        `max_legs`, `max_hops`, `include_venues` and `exclude_venues` limit the route, as does `routing`.
        `submit(..., quote=)` holds an order to it while it lives.
        Raises `NotFound` where no pool quotes the pair, `FailedPrecondition` where none can take the amount.
        """
        return await self._hold(self._talk.market.quote(token_in, token_out, amount_in, terms))

    def stream_quotes(
        self,
        token_in: str,
        token_out: str,
        amount_in: Quantity | Amount | None = None,
        *,
        min_interval: float | None = None,
        timeout: float | None = None,
        **terms: Unpack[QuoteTerms],
    ) -> AsyncStream[Quote]:
        """A quote at once, and another whenever it changes, without end; the other arguments are those of `quote`.

        `min_interval` is the least seconds between two, 0.1 to 60; by default 1. `timeout` is the seconds for the
        whole stream, then `DeadlineExceeded`. A lost connection begins again with a new quote.
        """
        course = QuoteCourse(
            lambda: self._talk.market.inquiry(token_in, token_out, amount_in, terms),
            min_interval,
            timeout=timeout,
            max_retries=self._policy.max_retries,
            chance=self._line.chance,
        )
        return AsyncStream(course, self._line, self._policy)

    def watch_prices(self, *pairs: str | tuple[str, str], timeout: float | None = None) -> AsyncStream[Price]:
        """The mid prices of pairs ("SOL/USDC"), or of all there are: the present ones, then each change, without end.

        `timeout` is the seconds for the whole stream, then `DeadlineExceeded`. A lost connection begins again with the
        present prices. Raises `InvalidRequest` for a pair that is none.
        """
        chance, patience = self._line.chance, self._policy.max_retries
        course = PriceCourse(write_prices(pairs), timeout=timeout, max_retries=patience, chance=chance)
        return AsyncStream(course, self._line, self._policy)

    async def tokens(self) -> tuple[Token, ...]:
        """The tokens that can be swapped, fresh; amounts are read and written by them from then on."""
        return tuple(await self._hold(self._talk.known.tokens()))

    async def venues(self) -> tuple[Venue, ...]:
        """The venues, how they are, and how they have treated the engine's orders."""
        return await self._hold(self._talk.market.venues())

    async def pools(
        self, token_a: str | None = None, token_b: str | None = None, *, venue: str | None = None
    ) -> tuple[Pool, ...]:
        """The pools as they are now: those that hold these tokens (symbols or mints) and are of that venue."""
        return await self._hold(self._talk.market.pools(token_a, token_b, venue))
