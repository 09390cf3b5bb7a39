"""MarketService: answers questions about the market, through the facade of `fillwire_dex` alone."""

# gRPC calls the methods as the contract names them.
# ruff: noqa: N802

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import grpc

from fillwire.v1 import market_service_pb2 as pb
from fillwire.v1.market_service_pb2_grpc import MarketServiceServicer
from fillwire_dex import Market, Route, Snapshot, router, tokens
from fillwire_server import validation, wire
from fillwire_server.scores import VenueScores

__all__ = ["MarketService"]

Context = grpc.aio.ServicerContext[Any, Any]

_QUOTE_LIVES: Final = timedelta(seconds=10)
"""How long a quote is worth anything: pools move every slot, so it is a hint from the start."""

_TOKENS: Final = [wire.token(token) for token in sorted(tokens.ALL, key=lambda token: token.symbol)]


class MarketService(MarketServiceServicer):
    """Serves one market; the methods that are not here are not served yet."""

    def __init__(self, market: Market, scores: VenueScores) -> None:
        self._market = market
        self._scores = scores

    async def GetQuote(self, request: pb.GetQuoteRequest, context: Context) -> pb.GetQuoteResponse:
        wanted = validation.wanted(request, venues=await self._venues(request))
        max_hops = wanted.routing.max_hops or router.MAX_HOPS
        snapshot = await self._market.pools(wanted.token_in, wanted.token_out, max_hops=max_hops)
        quoted_at = datetime.now(UTC)
        found = _best(snapshot, wanted, await self._scores.haircuts())
        return pb.GetQuoteResponse(quote=wire.quote(found, quoted_at=quoted_at, expires_at=quoted_at + _QUOTE_LIVES))

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


def _best(snapshot: Snapshot, wanted: validation.Wanted, haircuts: Mapping[str, float]) -> Route:
    """The best route within the limits; raises `Unquotable`. It takes some milliseconds of the loop at most."""
    limits = wanted.routing
    return router.best(
        snapshot,
        amount_in=wanted.amount_in,
        amount_out=wanted.amount_out,
        max_legs=limits.max_legs or router.MAX_LEGS,
        max_hops=limits.max_hops or router.MAX_HOPS,
        venues=limits.include_venues or None,
        excluded_venues=limits.exclude_venues,
        haircuts=haircuts,
    )
