"""The market over the wire."""

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING

import grpc
import pytest

from fillwire.v1 import market_service_pb2 as pb
from fillwire.v1.route_pb2 import RoutingOptions
from fillwire_dex import tokens
from fillwire_dex.scores import HALF_LIFE_SECONDS
from fillwire_orders import Pool, VenueRecord, VenueRecords
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
    assert sum(int(leg.amount_in) for leg in route.legs if leg.token_in == "SOL") == int(route.amount_in)
    assert sum(int(leg.amount_out) for leg in route.legs if leg.token_out == "USDC") == int(route.amount_out)
    assert int(route.upper_bound) >= int(route.amount_out) > 0
    expected = Decimal(route.amount_out) / Decimal(route.amount_in) * 1000
    assert abs(Decimal(quote.price) / expected - 1) < Decimal("1e-11")
    assert {leg.pool for leg in route.legs} == {candidate.pool for candidate in route.candidates if candidate.used}


async def test_a_quote_expires_and_has_an_id_of_its_own(market: "MarketServiceAsyncStub") -> None:
    quote, other = (await market.GetQuote(ask())).quote, (await market.GetQuote(ask())).quote
    assert quote.quote_id != other.quote_id
    assert quote.expire_time.ToNanoseconds() - quote.quote_time.ToNanoseconds() == 10 * 10**9


async def test_a_quote_keeps_to_the_limits_of_its_route(market: "MarketServiceAsyncStub") -> None:
    only = (await market.GetQuote(ask())).quote.route.legs[0].venue
    routing = RoutingOptions(max_legs=1, include_venues=[only])
    route = (await market.GetQuote(ask(routing=routing))).quote.route
    assert [leg.venue for leg in route.legs] == [only]


async def test_tokens_that_no_pool_joins_are_swapped_by_way_of_others(market: "MarketServiceAsyncStub") -> None:
    asked = ask(token_in="BONK", token_out="mSOL", amount_in="100000000000", routing=RoutingOptions(max_legs=16))
    route = (await market.GetQuote(asked)).quote.route
    sold = {leg.token_in for leg in route.legs}
    assert "BONK" in sold
    assert len(sold) > 1
    for token in sold - {"BONK"}:
        brought = sum(int(leg.amount_out) for leg in route.legs if leg.token_out == token)
        assert brought == sum(int(leg.amount_in) for leg in route.legs if leg.token_in == token)
    assert {(one.token_in, one.token_out) for one in route.candidates if one.used} == {
        (leg.token_in, leg.token_out) for leg in route.legs
    }


async def test_an_exact_output_is_quoted_with_what_it_takes_at_least(market: "MarketServiceAsyncStub") -> None:
    asked = pb.GetQuoteRequest(token_in="SOL", token_out="USDC", amount_out="250000000000")
    route = (await market.GetQuote(asked)).quote.route
    assert route.amount_out == "250000000000"
    assert int(route.lower_bound) <= int(route.amount_in) <= int(route.best_single_amount_in)
    assert route.upper_bound == ""
    assert sum(int(leg.amount_out) for leg in route.legs if leg.token_out == "USDC") == int(route.amount_out)
    alone = [int(one.amount_in) for one in route.candidates if one.amount_in]
    assert int(route.best_single_amount_in) == min(alone)


async def test_a_venue_that_refuses_orders_is_distrusted_in_quotes(
    market: "MarketServiceAsyncStub", pool: Pool
) -> None:
    trusted = (await market.GetQuote(ask(routing=RoutingOptions(max_legs=1)))).quote.route
    [leg] = trusted.legs
    records = VenueRecords(pool, half_life_seconds=HALF_LIFE_SECONDS)
    await records.add(
        {leg.venue: VenueRecord(fills=0, error_bps=0, error_bps_squared=0, refusals=1e4, landing_seconds=0)}
    )
    async with asyncio.timeout(10):
        while (quote := (await market.GetQuote(ask(routing=RoutingOptions(max_legs=1)))).quote).route.legs[0] == leg:
            await asyncio.sleep(0.05)
    [other] = quote.route.legs
    assert other.venue != leg.venue
    distrusted = {one.venue: one.haircut_bps for one in quote.route.candidates if one.haircut_bps}
    assert distrusted == {leg.venue: pytest.approx(20, abs=0.1)}
    assert quote.route.gap_bps > trusted.gap_bps


async def test_what_cannot_be_quoted_says_why(market: "MarketServiceAsyncStub") -> None:
    everything = [venue.name for venue in (await market.ListVenues(pb.ListVenuesRequest())).venues]
    none_left = RoutingOptions(exclude_venues=everything)
    for request, code, reason in (
        (ask(routing=none_left), grpc.StatusCode.NOT_FOUND, "NO_ROUTE"),
        (ask(token_in="WIF"), grpc.StatusCode.NOT_FOUND, "NO_ROUTE"),
        (
            ask(token_in="BONK", token_out="mSOL", routing=RoutingOptions(max_hops=1)),
            grpc.StatusCode.NOT_FOUND,
            "NO_ROUTE",
        ),
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


async def test_a_venue_shows_how_it_has_treated_orders(market: "MarketServiceAsyncStub", pool: Pool) -> None:
    records = VenueRecords(pool, half_life_seconds=HALF_LIFE_SECONDS)
    record = VenueRecord(fills=90, error_bps=-900, error_bps_squared=9_000, refusals=10, landing_seconds=45)
    await records.add({"raydium_cpmm": record})
    listed = {venue.name: venue for venue in (await market.ListVenues(pb.ListVenuesRequest())).venues}
    score = listed["raydium_cpmm"].score
    assert score.fill_error_bps == pytest.approx(-10, rel=1e-3)
    assert score.reject_rate == pytest.approx(10 / 110, rel=1e-3)
    assert score.latency.ToTimedelta().total_seconds() == pytest.approx(0.5, rel=1e-3)
    assert score.samples == pytest.approx(100, rel=1e-3)
    assert score.haircut_bps > 8
    assert score.applied
    assert not listed["raydium_amm_v4"].HasField("score")


async def test_pools_are_listed_with_what_they_hold(market: "MarketServiceAsyncStub") -> None:
    listed = (await market.ListPools(pb.ListPoolsRequest())).pools
    assert [(one.venue, one.pool) for one in listed] == sorted((one.venue, one.pool) for one in listed)
    sol_usdc = [one for one in listed if (one.token_a, one.token_b) == ("SOL", "USDC")]
    assert len(sol_usdc) >= 6
    for one in sol_usdc:
        assert float(one.price) == pytest.approx(160, rel=0.01)
        assert 0 < one.fee_bps < 200
        assert int(one.reserve_a) > 0
        assert int(one.reserve_b) > 0


async def test_pools_are_listed_by_token_and_venue(market: "MarketServiceAsyncStub") -> None:
    asked = pb.ListPoolsRequest(token_a="USDC", token_b=tokens.SOL.mint, venue="raydium_cpmm")
    listed = (await market.ListPools(asked)).pools
    assert listed
    assert {(one.venue, one.token_a, one.token_b) for one in listed} == {("raydium_cpmm", "SOL", "USDC")}


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"token_a": "XXX"}, "token_a"), ({"token_a": "SOL", "token_b": "sol"}, "token_b"), ({"venue": "xyz"}, "venue")],
)
async def test_a_bad_wish_for_pools_names_its_field(
    market: "MarketServiceAsyncStub", changes: dict[str, str], field: str
) -> None:
    told = await refused(market.ListPools(pb.ListPoolsRequest(**changes)))
    assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, [field])
