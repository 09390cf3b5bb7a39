"""The way to the engine: as many connections as the calls take, and none left open by a call that ended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from fillwire.settings import TLS, Settings
from fillwire.v1.market_service_pb2 import ListTokensRequest
from fillwire.v1.order_service_pb2 import WatchOrdersRequest
from fillwire_bridge.contract import HEALTH, METHODS
from fillwire_bridge.upstream import Upstream
from tests.integration.bridge.scripted import Scripted

WAIT_SECONDS = 60
STREAMS = 1_100
WATCH = HealthCheckRequest().SerializeToString()


@pytest.fixture
async def upstream(engine: str) -> AsyncIterator[Upstream]:
    async with aclosing(Upstream(Settings(engine))) as upstream:
        yield upstream


async def test_more_streams_than_a_connection_may_have_are_all_answered(upstream: Upstream) -> None:
    async with asyncio.timeout(WAIT_SECONDS), AsyncExitStack() as stack:
        calls = [stack.enter_context(upstream.follow(HEALTH["Health/Watch"], WATCH)) for _ in range(STREAMS)]
        firsts = await asyncio.gather(*(anext(aiter(call)) for call in calls))
    assert {HealthCheckResponse.FromString(first).status for first in firsts} == {HealthCheckResponse.SERVING}
    assert [lane.open for lane in upstream._lanes] == [0, 0]


async def test_calls_come_back_to_a_connection_that_has_room_again(upstream: Upstream) -> None:
    for _ in range(3):
        with upstream.ask(METHODS["MarketService/ListTokens"], ListTokensRequest().SerializeToString()) as call:
            assert await call
    assert len(upstream._lanes) == 1


@asynccontextmanager
async def scripted() -> AsyncIterator[tuple[Scripted, Upstream]]:
    engine = Scripted()
    async with engine.serving() as port, aclosing(Upstream(Settings(f"127.0.0.1:{port}"))) as upstream:
        yield engine, upstream


async def test_a_stream_that_is_left_is_cancelled_at_the_engine() -> None:
    request = WatchOrdersRequest(cursor="me").SerializeToString()
    async with asyncio.timeout(WAIT_SECONDS), scripted() as (engine, upstream):
        with upstream.follow(METHODS["OrderService/WatchOrders"], request) as call:
            assert await anext(aiter(call))
        while "me" not in engine.left:
            await asyncio.sleep(0.02)


async def test_an_answer_has_its_time() -> None:
    async with scripted() as (_, upstream):
        code = await code_of(upstream, seconds=0.2)
    assert code is grpc.StatusCode.DEADLINE_EXCEEDED


async def test_an_engine_that_speaks_plaintext_is_not_spoken_to_where_the_settings_want_tls(engine: str) -> None:
    async with aclosing(Upstream(Settings(engine, tls=TLS()))) as upstream:
        assert await code_of(upstream) is grpc.StatusCode.UNAVAILABLE


async def code_of(upstream: Upstream, *, seconds: float = 5) -> grpc.StatusCode:
    """How a call that fails does."""
    with (
        upstream.ask(METHODS["MarketService/ListTokens"], b"", timeout=seconds) as call,
        pytest.raises(grpc.aio.AioRpcError) as raised,
    ):
        await call
    return raised.value.code()
