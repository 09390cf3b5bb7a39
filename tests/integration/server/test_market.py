"""The market over the wire."""

from decimal import Decimal
from typing import TYPE_CHECKING

import grpc
import pytest

from fillwire.v1 import market_service_pb2 as pb
from fillwire.v1.route_pb2 import RoutingOptions
from fillwire_dex import tokens
from tests.integration.server.calls import refused

if TYPE_CHECKING:
    from fillwire.v1.market_service_pb2_grpc import MarketServiceAsyncStub


def ask(**changes: object) -> pb.GetQuoteRequest:
    fields: dict[str, object] = {"token_in": "SOL", "token_out": "USDC", "amount_in": "1500000000"}
    return pb.GetQuoteRequest(**(fields | changes))  # type: ignore[arg-type]


async def test_a_quote_is_the_sum_of_its_legs_and_its_price_is_that_of_its_amounts(
    market: "MarketServiceAsyncStub",
) -> None:
    quote = (await market.GetQuote(ask())).quote
    route = quote.route
    assert route.amount_in == "1500000000"
    assert sum(int(leg.amount_in) for leg in route.legs) == int(route.amount_in)
    assert sum(int(leg.amount_out) for leg in route.legs) == int(route.amount_out)
    assert int(route.upper_bound) >= int(route.amount_out) > 0
    expected = Decimal(route.amount_out) / Decimal(route.amount_in) * 1000
    assert abs(Decimal(quote.price) / expected - 1) < Decimal("1e-11")
    assert {leg.pool for leg in route.legs} == {candidate.pool for candidate in route.candidates if candidate.used}


async def test_a_quote_expires_and_cannot_be_bound_to_an_order(market: "MarketServiceAsyncStub") -> None:
    quote = (await market.GetQuote(ask())).quote
    assert quote.quote_id == ""
    assert quote.expire_time.ToNanoseconds() - quote.quote_time.ToNanoseconds() == 10 * 10**9


async def test_a_quote_keeps_to_the_limits_of_its_route(market: "MarketServiceAsyncStub") -> None:
    only = (await market.GetQuote(ask())).quote.route.legs[0].venue
    routing = RoutingOptions(max_legs=1, include_venues=[only])
    route = (await market.GetQuote(ask(routing=routing))).quote.route
    assert [leg.venue for leg in route.legs] == [only]


async def test_what_cannot_be_quoted_says_why(market: "MarketServiceAsyncStub") -> None:
    everything = [venue.name for venue in (await market.ListVenues(pb.ListVenuesRequest())).venues]
    none_left = RoutingOptions(exclude_venues=everything)
    for request, code, reason in (
        (ask(routing=none_left), grpc.StatusCode.NOT_FOUND, "NO_ROUTE"),
        (ask(token_in="BONK", token_out="mSOL"), grpc.StatusCode.NOT_FOUND, "NO_ROUTE"),
        (ask(token_in="BONK", token_out="SOL", amount_in="1"), grpc.StatusCode.FAILED_PRECONDITION, "AMOUNT_TOO_SMALL"),
    ):
        told = await refused(market.GetQuote(request))
        assert (told.code, told.reason) == (code, reason)


@pytest.mark.parametrize("amount", ["-5", "0", "NaN", "1e30", "0x10", "\u0661", ""])
async def test_a_bad_amount_is_an_invalid_argument(market: "MarketServiceAsyncStub", amount: str) -> None:
    told = await refused(market.GetQuote(ask(amount_in=amount)))
    assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["amount_in"])


async def test_the_greatest_amount_there_is_gets_an_answer_or_a_reason(market: "MarketServiceAsyncStub") -> None:
    try:
        quote = (await market.GetQuote(ask(amount_in=str(2**64 - 1)))).quote
        assert int(quote.route.amount_out) > 0
    except grpc.aio.AioRpcError as error:
        assert error.code() is grpc.StatusCode.FAILED_PRECONDITION  # noqa: PT017 - either is right


async def test_every_token_is_listed_by_symbol(market: "MarketServiceAsyncStub") -> None:
    listed = (await market.ListTokens(pb.ListTokensRequest())).tokens
    assert [token.symbol for token in listed] == sorted(token.symbol for token in tokens.ALL)
    assert all(tokens.find(token.mint).decimals == token.decimals for token in listed)


async def test_venues_are_listed_by_name_and_say_whether_they_trade(market: "MarketServiceAsyncStub") -> None:
    venues = (await market.ListVenues(pb.ListVenuesRequest())).venues
    assert [venue.name for venue in venues] == sorted({venue.name for venue in venues})
    assert all(venue.available and venue.pool_count and not venue.reason for venue in venues)
    assert "Raydium AMM v4" in {venue.title for venue in venues}
