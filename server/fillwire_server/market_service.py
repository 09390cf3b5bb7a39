"""MarketService: answers questions about the market, through the facade of `fillwire_dex` alone."""

# gRPC calls the methods as the contract names them.
# ruff: noqa: N802

from collections.abc import AsyncIterator, Collection
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any, Final

import grpc

from fillwire.v1 import market_service_pb2 as pb
from fillwire.v1.market_service_pb2_grpc import MarketServiceServicer
from fillwire_dex import Market, PriceBoard, tokens
from fillwire_server import prices, validation, wire
from fillwire_server.accounts import current_account
from fillwire_server.quoter import Answer, Quoter
from fillwire_server.quotes import QUOTE_LIVES, Quotes
from fillwire_server.scores import VenueScores

__all__ = ["MarketService"]

Context = grpc.aio.ServicerContext[Any, Any]

_TOKENS: Final = [wire.token(token) for token in sorted(tokens.ALL, key=lambda token: token.symbol)]


class MarketService(MarketServiceServicer):
    """Serves one market."""

    def __init__(self, market: Market, scores: VenueScores, board: PriceBoard, quotes: Quotes) -> None:
        self._market = market
        self._scores = scores
        self._board = board
        self._quotes = quotes
        self._quoter = Quoter(market, scores, board)

    async def GetQuote(self, request: pb.GetQuoteRequest, context: Context) -> pb.GetQuoteResponse:
        wanted = validation.wanted(request, venues=await self._venues(request))
        return pb.GetQuoteResponse(quote=self._quote(wanted, await self._quoter.quote(wanted)))

    async def StreamQuotes(
        self, request: pb.StreamQuotesRequest, context: Context
    ) -> AsyncIterator[pb.StreamQuotesResponse]:
        quoting = validation.quoting(request, venues=await self._venues(request.request))
        answers = self._quoter.follow(quoting.wanted, interval_seconds=quoting.interval_seconds)
        async with aclosing(answers):
            async for answer in answers:
                yield pb.StreamQuotesResponse(quote=self._quote(quoting.wanted, answer))

    async def WatchPrices(
        self, request: pb.WatchPricesRequest, context: Context
    ) -> AsyncIterator[pb.WatchPricesResponse]:
        changes = prices.follow(self._board, validation.pairs(request))
        async with aclosing(changes):
            async for changed in changes:
                at = wire.timestamp(datetime.now(UTC))
                for (first, second), mid in changed.items():
                    yield pb.WatchPricesResponse(pair=f"{first}/{second}", mid_price=wire.number(mid), time=at)

    async def ListTokens(self, request: pb.ListTokensRequest, context: Context) -> pb.ListTokensResponse:
        return pb.ListTokensResponse(tokens=_TOKENS)

    async def ListVenues(self, request: pb.ListVenuesRequest, context: Context) -> pb.ListVenuesResponse:
        venues = sorted(await self._market.venues(), key=lambda venue: venue.name)
        scores = await self._scores.all()
        listed = [wire.venue(venue, scores.get(venue.name), applied=self._scores.applied) for venue in venues]
        return pb.ListVenuesResponse(venues=listed)

    async def ListPools(self, request: pb.ListPoolsRequest, context: Context) -> pb.ListPoolsResponse:
        wanted = validation.pools(request, venues=await self.venue_names() if request.venue else ())
        now = int(datetime.now(UTC).timestamp())
        listings = sorted(await self._market.listings(), key=lambda listing: (listing.venue, listing.id))
        return pb.ListPoolsResponse(pools=[wire.pool(one, now=now) for one in listings if wanted.includes(one)])

    async def venue_names(self) -> Collection[str]:
        """Which venues there are; raises `MarketUnavailable`."""
        return {venue.name for venue in await self._market.venues()}

    async def _venues(self, request: pb.GetQuoteRequest) -> Collection[str]:
        """The venues there are, for the few quotes that name any."""
        names_some = request.routing.include_venues or request.routing.exclude_venues
        return await self.venue_names() if names_some else ()

    def _quote(self, wanted: validation.Wanted, answer: Answer) -> pb.Quote:
        """An answer that the account whose call it is can bind an order to."""
        found, expires_at = answer.route, answer.at + QUOTE_LIVES
        amount = found.amount_in if wanted.amount_in is None else found.amount_out
        quote_id = self._quotes.sign(current_account(), wanted, amount=amount, expires_at=expires_at)
        return wire.quote(found, quote_id=quote_id, quoted_at=answer.at, expires_at=expires_at)
