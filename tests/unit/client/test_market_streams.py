"""Quotes and prices come as they change, and go on after a lost connection."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import grpc
import pytest

import fillwire
from fillwire import AsyncClient
from fillwire.aio.line import Line
from fillwire.retry import Chance
from fillwire.settings import Settings
from fillwire.v1 import market_service_pb2
from tests.unit.client.messages import ACCEPTED, info, quote, timestamp
from tests.unit.client.scripted import Engine, Refusal, Silence, serving, serving_beside

UNAVAILABLE = Refusal(grpc.StatusCode.UNAVAILABLE)
NO_ROUTE = Refusal(grpc.StatusCode.NOT_FOUND, "no pool", (info("NO_ROUTE"),))


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
async def client(engine: Engine, slept: list[float]) -> AsyncIterator[AsyncClient]:
    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    async with serving(engine) as target:
        line = Line(settings=Settings(target), chance=Chance(random=lambda: 1.0), sleep=sleep)
        async with AsyncClient(line=line) as client:
            yield client


def quoted(price: str) -> market_service_pb2.StreamQuotesResponse:
    answer = market_service_pb2.StreamQuotesResponse(quote=quote())
    answer.quote.price = price
    return answer


def priced(pair: str, price: str) -> market_service_pb2.WatchPricesResponse:
    return market_service_pb2.WatchPricesResponse(pair=pair, mid_price=price, time=timestamp(ACCEPTED))


async def test_quotes_come_until_there_is_no_route_any_more(engine: Engine, client: AsyncClient) -> None:
    engine.script("StreamQuotes", quoted("160"), quoted("161"), NO_ROUTE)
    stream = client.stream_quotes("SOL", "USDC", "1.5", min_interval=0.25, max_legs=2)
    assert [(await anext(stream)).price, (await anext(stream)).price] == [Decimal(160), Decimal(161)]
    with pytest.raises(fillwire.NotFound):
        await anext(stream)
    (asked,) = engine.asked["StreamQuotes"]
    assert (asked.request.amount_in, asked.request.routing.max_legs) == ("1500000000", 2)
    assert asked.min_interval.ToMilliseconds() == 250


async def test_the_engine_decides_how_often_where_nothing_is_said(engine: Engine, client: AsyncClient) -> None:
    engine.script("StreamQuotes", quoted("160"), NO_ROUTE)
    await anext(client.stream_quotes("SOL", "USDC", amount_out="240"))
    (asked,) = engine.asked["StreamQuotes"]
    assert (asked.HasField("min_interval"), asked.request.amount_out) == (False, "240000000")


async def test_a_lost_stream_of_quotes_begins_again_without_haste(
    engine: Engine, client: AsyncClient, slept: list[float]
) -> None:
    for price in ("160", "161", "162"):
        engine.script("StreamQuotes", quoted(price), UNAVAILABLE)
    engine.script("StreamQuotes", quoted("163"), quoted("164"), UNAVAILABLE)
    engine.script("StreamQuotes", quoted("165"), NO_ROUTE)
    stream = client.stream_quotes("SOL", "USDC", "1.5")
    assert [str((await anext(stream)).price) for _ in range(6)] == ["160", "161", "162", "163", "164", "165"]
    # A first quote always comes; only what follows it shows that the engine is well.
    assert slept == [pytest.approx(0.1 * factor) for factor in (1, 2, 4, 1)]


async def test_what_cannot_be_quoted_is_named_before_anything_is_sent(engine: Engine, client: AsyncClient) -> None:
    with pytest.raises(fillwire.InvalidRequest):
        await anext(client.stream_quotes("SOL", "DOGE", "1"))
    amount: Any = 1.5
    with pytest.raises(TypeError, match="never a float"):
        await anext(client.stream_quotes("SOL", "USDC", amount))
    assert not engine.asked["StreamQuotes"]


async def test_prices_come_pair_by_pair(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchPrices", priced("SOL/USDC", "160.05"), priced("JUP/USDC", "0.8"), UNAVAILABLE)
    engine.script("WatchPrices", priced("SOL/USDC", "160.06"), Silence())
    async with client.watch_prices("SOL/USDC", ("JUP", "USDC")) as prices:
        seen = [await anext(prices) for _ in range(3)]
    assert [(price.pair, str(price.mid_price)) for price in seen] == [
        ("SOL/USDC", "160.05"),
        ("JUP/USDC", "0.8"),
        ("SOL/USDC", "160.06"),
    ]
    assert (seen[0].token_a, seen[0].token_b, seen[0].time) == ("SOL", "USDC", ACCEPTED)
    assert [list(asked.pairs) for asked in engine.asked["WatchPrices"]] == [["SOL/USDC", "JUP/USDC"]] * 2


async def test_a_stream_ends_with_its_own_timeout(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchPrices", priced("SOL/USDC", "160.05"), Silence())
    prices = client.watch_prices(timeout=0.2)
    await anext(prices)
    with pytest.raises(fillwire.DeadlineExceeded):
        await anext(prices)


async def test_a_closed_stream_ends(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchPrices", priced("SOL/USDC", "160.05"), Silence())
    prices = client.watch_prices()
    await anext(prices)
    reading = asyncio.create_task(anext(prices, None))
    await asyncio.sleep(0)
    await prices.aclose()
    assert await reading is None


def test_the_synchronous_twins_do_the_same(engine: Engine) -> None:
    engine.script("StreamQuotes", quoted("160"), UNAVAILABLE)
    engine.script("StreamQuotes", quoted("161"), Silence())
    engine.script("WatchPrices", priced("SOL/USDC", "160.05"), Silence())
    with serving_beside(engine) as target, fillwire.Client(target) as client:
        with client.stream_quotes("SOL", "USDC", "1.5", min_interval=1) as quotes:
            assert [str(next(quotes).price) for _ in range(2)] == ["160", "161"]
        with client.watch_prices("SOL/USDC") as prices:
            assert next(prices).pair == "SOL/USDC"
