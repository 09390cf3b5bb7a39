"""Quotes and prices as they move, and orders that are bound to a quote."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from fillwire.v1 import market_service_pb2 as pb
from fillwire.v1 import order_service_pb2
from fillwire.v1.route_pb2 import RoutingOptions
from fillwire_dex import Market, PoolKind, PriceBoard, Snapshot, Token, tokens
from fillwire_dex.scores import HALF_LIFE_SECONDS
from fillwire_dex.simulated import ZERO, Fault, FaultKind, SimulatedMarket, open_market
from fillwire_orders import DEFAULT_ACCOUNT, AccountId, Pool, Routing, VenueRecords
from fillwire_server import quoter
from fillwire_server.quoter import Quoter
from fillwire_server.quotes import Quotes
from fillwire_server.scores import VenueScores
from fillwire_server.settings import ServerSettings
from fillwire_server.validation import Wanted
from tests.integration.dex.trading import SOL, built, sent
from tests.integration.server.calls import refused
from tests.unit.server.requests import spec

if TYPE_CHECKING:
    from fillwire.v1.market_service_pb2_grpc import MarketServiceAsyncStub
    from fillwire.v1.order_service_pb2_grpc import OrderServiceAsyncStub

QUICK = Duration(nanos=100_000_000)
AMOUNT = "1000000000000"
"""Enough to go through pools that every swap of a test moves."""


@pytest.fixture
async def moved(pool: Pool) -> SimulatedMarket:
    """The server's market, for a test to move."""
    return await open_market(pool, profile=ZERO)


async def swap(market: SimulatedMarket, **pair: Any) -> None:
    await sent(market, await built(market, 100 * SOL, **pair))


def ask(**changes: Any) -> pb.GetQuoteRequest:
    return pb.GetQuoteRequest(**({"token_in": "SOL", "token_out": "USDC", "amount_in": AMOUNT} | changes))


class Watch:
    """A stream, frame by frame."""

    def __init__(self, call: Any) -> None:
        self._call = call

    async def next(self, *, seconds: float = 30) -> Any:
        async with asyncio.timeout(seconds):
            return await anext(aiter(self._call))

    async def is_silent(self, seconds: float) -> None:
        """Nothing comes for so long; the stream is of no use after it."""
        with pytest.raises(TimeoutError):
            await self.next(seconds=seconds)


async def test_a_stream_of_quotes_gives_one_at_once_and_another_when_the_answer_changes(
    market: "MarketServiceAsyncStub", moved: SimulatedMarket
) -> None:
    stream = Watch(market.StreamQuotes(pb.StreamQuotesRequest(request=ask(), min_interval=QUICK)))
    first = (await stream.next()).quote
    assert first.route.amount_in == AMOUNT
    for _ in range(3):
        await swap(moved)
        later = (await stream.next()).quote
        assert int(later.route.amount_out) < int(first.route.amount_out)
        first = later


async def test_a_stream_of_quotes_is_silent_while_the_answer_stays(
    market: "MarketServiceAsyncStub", moved: SimulatedMarket
) -> None:
    limits = RoutingOptions(max_hops=1)
    stream = Watch(market.StreamQuotes(pb.StreamQuotesRequest(request=ask(routing=limits), min_interval=QUICK)))
    await stream.next()
    await swap(moved, sell=tokens.SOL, buy=tokens.BONK)  # not a pool of this route
    await stream.is_silent(1.0)


async def test_quotes_come_no_closer_than_asked_for(market: "MarketServiceAsyncStub", moved: SimulatedMarket) -> None:
    interval = Duration(nanos=600_000_000)
    stream = Watch(market.StreamQuotes(pb.StreamQuotesRequest(request=ask(), min_interval=interval)))
    await stream.next()
    began = asyncio.get_running_loop().time()
    swapping = asyncio.create_task(swaps(moved))
    for number in range(1, 4):
        await stream.next()
        assert asyncio.get_running_loop().time() - began > 0.6 * number - 0.1
    swapping.cancel()


async def swaps(market: SimulatedMarket) -> None:
    while True:
        await swap(market)
        await asyncio.sleep(0.05)  # the server is in this process, and has something to do as well


async def test_an_exact_output_is_streamed_too(market: "MarketServiceAsyncStub", moved: SimulatedMarket) -> None:
    asked = pb.GetQuoteRequest(token_in="SOL", token_out="USDC", amount_out="160000000000")
    stream = Watch(market.StreamQuotes(pb.StreamQuotesRequest(request=asked, min_interval=QUICK)))
    first = (await stream.next()).quote
    await swap(moved)
    later = (await stream.next()).quote
    assert first.route.amount_out == later.route.amount_out == "160000000000"
    assert int(later.route.amount_in) > int(first.route.amount_in)


async def test_a_stream_ends_with_the_reason_when_there_is_no_quote_any_more(
    market: "MarketServiceAsyncStub", moved: SimulatedMarket
) -> None:
    only = RoutingOptions(max_hops=1, include_venues=["raydium_amm_v4"])
    call = market.StreamQuotes(pb.StreamQuotesRequest(request=ask(routing=only), min_interval=QUICK))
    await Watch(call).next()
    await moved.script(Fault(FaultKind.HALTED, times=None, venue="raydium_amm_v4"))
    told = await refused(call)
    alike = await refused(market.GetQuote(ask(routing=only)))
    assert (told.code, told.reason) == (alike.code, alike.reason)


@pytest.mark.parametrize(
    ("request_", "fields"),
    [
        (pb.StreamQuotesRequest(), ["request.amount_in", "request.token_in", "request.token_out"]),
        (pb.StreamQuotesRequest(request=ask(), min_interval=Duration(nanos=99_000_000)), ["min_interval"]),
        (pb.StreamQuotesRequest(request=ask(), min_interval=Duration(seconds=61)), ["min_interval"]),
        (pb.StreamQuotesRequest(request=ask(routing=RoutingOptions(max_legs=99))), ["request.routing.max_legs"]),
    ],
    ids=lambda it: "" if isinstance(it, pb.StreamQuotesRequest) else ",".join(it),
)
async def test_a_bad_wish_for_quotes_names_its_fields(
    market: "MarketServiceAsyncStub", request_: pb.StreamQuotesRequest, fields: list[str]
) -> None:
    told = await refused(market.StreamQuotes(request_))
    assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, fields)


class Counted:
    """A market that counts how often it is read for a swap."""

    def __init__(self, market: Market) -> None:
        self.reads = 0
        self._market = market

    def __getattr__(self, name: str) -> Any:
        return getattr(self._market, name)

    async def pools(self, token_in: Token, token_out: Token, *, max_hops: int = 1) -> Snapshot:
        self.reads += 1
        return await self._market.pools(token_in, token_out, max_hops=max_hops)


@pytest.fixture
async def counted(moved: SimulatedMarket) -> Counted:
    return Counted(moved)


@pytest.fixture
async def quoting(counted: Counted, moved: SimulatedMarket, pool: Pool) -> AsyncIterator[Quoter]:
    """A quoter whose market is counted."""
    scores = VenueScores(VenueRecords(pool, half_life_seconds=HALF_LIFE_SECONDS), mode="off")
    async with PriceBoard(moved) as board:
        yield Quoter(counted, scores, board)


WANTED = Wanted(tokens.SOL, tokens.USDC, int(AMOUNT), None, Routing())


async def test_many_who_ask_for_the_same_share_one_answer(
    quoting: Quoter, counted: Counted, moved: SimulatedMarket
) -> None:
    streams = [quoting.follow(WANTED, interval_seconds=0.1) for _ in range(20)]
    first = await asyncio.gather(*(anext(stream) for stream in streams))
    later = [asyncio.create_task(anext(stream)) for stream in streams]
    await swap(moved)
    changed = await asyncio.gather(*later)
    assert {one.amounts for one in first} != {one.amounts for one in changed}
    assert len({one.amounts for one in first}) == len({one.amounts for one in changed}) == 1
    assert counted.reads < 8
    for stream in streams:
        await stream.aclose()


async def test_one_who_leaves_takes_the_answer_from_nobody(quoting: Quoter) -> None:
    leaves = asyncio.create_task(anext(quoting.follow(WANTED, interval_seconds=0.1)))
    stays = asyncio.create_task(anext(quoting.follow(WANTED, interval_seconds=0.1)))
    await asyncio.sleep(0)
    leaves.cancel()
    assert (await stays).route.amount_in == int(AMOUNT)


async def test_a_quote_that_stays_right_is_given_again_before_it_expires(
    quoting: Quoter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quoter, "_RENEWED_AFTER", timedelta(seconds=0.3))
    monkeypatch.setattr(quoter, "_FRESH", timedelta(seconds=0.2))
    async with aclosing(quoting.follow(WANTED, interval_seconds=0.1)) as answers, asyncio.timeout(5):
        first, second = await anext(answers), await anext(answers)
    assert first.amounts == second.amounts
    assert second.at - first.at >= timedelta(seconds=0.3)


async def test_prices_are_given_as_they_are_and_then_as_they_change(
    market: "MarketServiceAsyncStub", moved: SimulatedMarket
) -> None:
    stream = Watch(market.WatchPrices(pb.WatchPricesRequest(pairs=["SOL/USDC", "usdc/sol", "SOL/USDC"])))
    first = {one.pair: one for one in [await stream.next(), await stream.next()]}
    assert first.keys() == {"SOL/USDC", "USDC/SOL"}
    assert float(first["SOL/USDC"].mid_price) == pytest.approx(160, rel=0.01)
    assert Decimal(first["SOL/USDC"].mid_price) * Decimal(first["USDC/SOL"].mid_price) == pytest.approx(1)
    await swap(moved)
    later = {one.pair: one for one in [await stream.next(), await stream.next()]}
    assert Decimal(later["SOL/USDC"].mid_price) < Decimal(first["SOL/USDC"].mid_price)
    assert later["SOL/USDC"].time.ToNanoseconds() > first["SOL/USDC"].time.ToNanoseconds()
    await stream.is_silent(0.7)


async def test_without_a_wish_the_prices_of_all_pairs_come_each_once(
    market: "MarketServiceAsyncStub", moved: SimulatedMarket
) -> None:
    pools = (await market.ListPools(pb.ListPoolsRequest())).pools
    pairs = {frozenset((one.token_a, one.token_b)) for one in pools}
    stream = Watch(market.WatchPrices(pb.WatchPricesRequest()))
    given = [(await stream.next()).pair for _ in pairs]
    assert len(given) == len(set(given))
    assert {frozenset(pair.split("/")) for pair in given} == pairs


async def test_a_pair_that_gets_its_first_pool_gets_its_price(
    market: "MarketServiceAsyncStub", moved: SimulatedMarket
) -> None:
    stream = Watch(market.WatchPrices(pb.WatchPricesRequest(pairs=["WIF/USDC"])))
    everything = Watch(market.WatchPrices(pb.WatchPricesRequest()))
    for _ in {frozenset((one.token_a, one.token_b)) for one in (await market.ListPools(pb.ListPoolsRequest())).pools}:
        await everything.next()
    await moved.found_pool(PoolKind.RAYDIUM_CPMM, tokens.WIF, tokens.USDC, depth=100_000, price=Decimal("2.5"))
    for each in (stream, everything):
        price = await each.next()
        assert price.pair in {"WIF/USDC", "USDC/WIF"}
        assert float(price.mid_price) == pytest.approx(2.5 if price.pair == "WIF/USDC" else 0.4, rel=0.01)


@pytest.mark.parametrize("pair", ["SOL", "SOL/", "SOL/SOL", "SOL/DOGE", "SOL/USDC/USDT", "", "\u0661"])
async def test_a_pair_that_cannot_be_is_named(market: "MarketServiceAsyncStub", pair: str) -> None:
    told = await refused(market.WatchPrices(pb.WatchPricesRequest(pairs=["SOL/USDC", pair])))
    assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["pairs[1]"])


def submit(quote: pb.Quote, **changes: Any) -> order_service_pb2.SubmitOrderRequest:
    bound = spec(**({"amount_in": AMOUNT, "quote_id": quote.quote_id} | changes))
    return order_service_pb2.SubmitOrderRequest(spec=bound, request_id=str(uuid.uuid4()))


async def quoted_amount(pool: Pool, order_id: str) -> int:
    async with pool.connection() as connection:
        query = "SELECT quoted_amount FROM fillwire.orders WHERE id = %s"
        row = await (await connection.execute(query, [order_id])).fetchone()
    assert row is not None
    return int(row[0])


async def test_an_order_can_be_bound_to_a_quote(
    market: "MarketServiceAsyncStub", orders: "OrderServiceAsyncStub", pool: Pool
) -> None:
    one = (await market.GetQuote(ask())).quote
    other = (await Watch(market.StreamQuotes(pb.StreamQuotesRequest(request=ask()))).next()).quote
    for quote in (one, other):
        order = (await orders.SubmitOrder(submit(quote))).order
        assert order.spec.quote_id == quote.quote_id
        assert await quoted_amount(pool, order.order_id) == int(quote.route.amount_out)


@pytest.mark.parametrize(
    "changes",
    [{"quote_id": "made up"}, {"amount_in": "1"}, {"token_out": "USDT"}, {"routing": RoutingOptions(max_legs=1)}],
    ids=repr,
)
async def test_an_order_that_is_not_the_one_that_was_quoted_is_refused(
    market: "MarketServiceAsyncStub", orders: "OrderServiceAsyncStub", changes: dict[str, Any]
) -> None:
    told = await refused(orders.SubmitOrder(submit((await market.GetQuote(ask())).quote, **changes)))
    assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["spec.quote_id"])


async def test_the_quote_of_another_account_is_refused(
    orders: "OrderServiceAsyncStub", settings: ServerSettings
) -> None:
    quotes = Quotes(settings.queue_key.get_secret_value())
    for account, is_good in ((DEFAULT_ACCOUNT, True), (AccountId("other"), False)):
        expires_at = datetime.now(UTC) + timedelta(seconds=9)
        quote = pb.Quote(quote_id=quotes.sign(account, WANTED, amount=7, expires_at=expires_at))
        if is_good:
            await orders.SubmitOrder(submit(quote))
        else:
            assert (await refused(orders.SubmitOrder(submit(quote)))).fields == ["spec.quote_id"]


async def test_an_expired_quote_makes_no_new_order_and_a_repetition_is_answered_for_ever(
    orders: "OrderServiceAsyncStub", settings: ServerSettings
) -> None:
    expires_at = datetime.now(UTC) + timedelta(seconds=0.7)
    quote_id = Quotes(settings.queue_key.get_secret_value()).sign(
        DEFAULT_ACCOUNT, WANTED, amount=240_000_000, expires_at=expires_at
    )
    in_time, late = submit(pb.Quote(quote_id=quote_id)), submit(pb.Quote(quote_id=quote_id))
    first = await orders.SubmitOrder(in_time)
    await asyncio.sleep(0.8)
    again = await orders.SubmitOrder(in_time)
    assert (again.deduplicated, again.order) == (True, first.order)
    for validate_only in (False, True):
        late.validate_only = validate_only
        told = await refused(orders.SubmitOrder(late))
        assert (told.code, told.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "QUOTE_EXPIRED")
        assert told.metadata == {"expired_at": expires_at.isoformat()}
    in_time.spec.slippage_bps = 77
    assert (await refused(orders.SubmitOrder(in_time))).reason == "REQUEST_ID_REUSED"


async def test_an_order_that_waits_cannot_be_bound_to_a_quote(
    market: "MarketServiceAsyncStub", orders: "OrderServiceAsyncStub"
) -> None:
    waits = submit((await market.GetQuote(ask())).quote)
    waits.spec.stop.trigger_price = "1"
    told = await refused(orders.SubmitOrder(waits))
    assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["spec.quote_id"])
