"""Conversations about the market."""

from collections.abc import Mapping
from typing import cast

from fillwire.amount import Amount, Quantity
from fillwire.market import Pool, Quote, Venue
from fillwire.talks.known import Known
from fillwire.talks.steps import Steps, ask
from fillwire.terms import QuoteTerms, with_routing
from fillwire.v1 import market_service_pb2
from fillwire.wire import methods, symbols
from fillwire.wire.market import read_pool, read_quote, read_venue
from fillwire.wire.requests import write_quote

__all__ = ["MarketTalks"]


class MarketTalks:
    """The conversations of one client about the market."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def quote(
        self, token_in: str, token_out: str, amount_in: Quantity | Amount | None, terms: QuoteTerms
    ) -> Steps[Quote]:
        request = yield from self.inquiry(token_in, token_out, amount_in, terms)
        answer = yield from ask(methods.GET_QUOTE, request)
        tokens = yield from self._known.tokens_of(*symbols.of_quote(answer.quote))
        return read_quote(answer.quote, tokens)

    def inquiry(
        self, token_in: str, token_out: str, amount_in: Quantity | Amount | None, terms: QuoteTerms
    ) -> Steps[market_service_pb2.GetQuoteRequest]:
        """The request for a quote. Raises `InvalidRequest` with every bad field, `TypeError` for an unknown term."""
        tokens = yield from self._known.tokens_with(token_in, token_out)
        given = with_routing(dict(cast("Mapping[str, object]", terms), amount_in=amount_in))
        return write_quote(tokens, token_in, token_out, given)

    def venues(self) -> Steps[tuple[Venue, ...]]:
        answer = yield from ask(methods.LIST_VENUES, market_service_pb2.ListVenuesRequest())
        return tuple(read_venue(venue) for venue in answer.venues)

    def pools(self, token_a: str | None, token_b: str | None, venue: str | None) -> Steps[tuple[Pool, ...]]:
        request = market_service_pb2.ListPoolsRequest(token_a=token_a or "", token_b=token_b or "", venue=venue or "")
        answer = yield from ask(methods.LIST_POOLS, request)
        named = {name for pool in answer.pools for name in (pool.token_a, pool.token_b)}
        tokens = yield from self._known.tokens_of(*named)
        return tuple(read_pool(pool, tokens) for pool in answer.pools)
