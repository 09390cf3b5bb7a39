"""How a bridge ends, and what becomes of what it was doing; and how it lives with an engine that ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import grpc
import httpx
from google.rpc import error_details_pb2  # type: ignore[import-untyped]

from fillwire.settings import Settings
from fillwire.v1 import market_service_pb2 as market
from fillwire.v1 import order_service_pb2 as pb
from fillwire_bridge.serving import running_bridge
from fillwire_bridge.settings import BridgeSettings
from tests.integration.bridge.scripted import Scripted
from tests.integration.bridge.web import Heard, Web

UNAVAILABLE = grpc.StatusCode.UNAVAILABLE.value[0]
WATCH = "OrderService/WatchOrders"
TOKENS = "MarketService/ListTokens"
WAIT_SECONDS = 30


class Bridge:
    """A running bridge, its client, and its end when a test wants it."""

    def __init__(self, web: Web, stack: AsyncExitStack) -> None:
        self.web = web
        self._stack = stack

    def drain(self) -> asyncio.Task[None]:
        """Begins its end."""
        return asyncio.create_task(self._stack.aclose())

    def ask(self) -> asyncio.Task[Heard]:
        """Begins a call that answers once."""
        return asyncio.create_task(self.web.ask(TOKENS, market.ListTokensRequest()))

    async def drains(self) -> None:
        """Waits until it says so."""
        while (await self.web.http.get("/readyz")).json() != {"status": "DRAINING"}:
            await asyncio.sleep(0.02)


@asynccontextmanager
async def bridged(engine: int, *, drain_seconds: float = 5.0) -> AsyncIterator[Bridge]:
    settings = BridgeSettings(listen="127.0.0.1:0", drain_seconds=drain_seconds)
    async with asyncio.timeout(WAIT_SECONDS), AsyncExitStack() as stack:
        port = await stack.enter_async_context(running_bridge(settings, Settings(f"127.0.0.1:{engine}")))
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=url, timeout=WAIT_SECONDS, trust_env=False) as http:
            yield Bridge(Web(http), stack)


@asynccontextmanager
async def scripted() -> AsyncIterator[tuple[Scripted, Bridge]]:
    engine = Scripted()
    async with engine.serving() as port, bridged(port) as bridge:
        yield engine, bridge


async def test_streams_end_at_once_and_are_told_to_resume_elsewhere() -> None:
    async with scripted() as (_, bridge), bridge.web.stream(WATCH, pb.WatchOrdersRequest()) as heard:
        frames = heard.frames()
        await anext(frames)
        ending = bridge.drain()
        async for _frame in frames:
            pass
        await ending
    assert (heard.code, heard.reason) == (UNAVAILABLE, "SERVER_DRAINING")
    again = error_details_pb2.RetryInfo()
    assert heard.status.details[1].Unpack(again)
    assert again.retry_delay.seconds == 1


async def test_an_answer_under_way_is_still_given() -> None:
    async with scripted() as (engine, bridge):
        asking = bridge.ask()
        await engine.asked.wait()
        ending = bridge.drain()
        await bridge.drains()
        engine.go.set()
        assert (await asking).code == 0
        await ending


async def test_an_answer_that_does_not_come_does_not_keep_the_bridge() -> None:
    engine = Scripted()
    async with engine.serving() as port, bridged(port, drain_seconds=0) as bridge:
        asking = bridge.ask()
        await engine.asked.wait()
        await bridge.drain()
        heard = await asking
    assert (heard.code, heard.reason) == (UNAVAILABLE, "SERVER_DRAINING")


async def test_while_it_drains_no_stream_begins() -> None:
    async with scripted() as (engine, bridge):
        asking = bridge.ask()
        await engine.asked.wait()
        ending = bridge.drain()
        await bridge.drains()
        heard = await bridge.web.ask(WATCH, pb.WatchOrdersRequest())
        assert (heard.code, heard.reason) == (UNAVAILABLE, "SERVER_DRAINING")
        engine.go.set()
        await asyncio.gather(asking, ending)


async def test_an_engine_that_is_away_is_unavailable_and_the_bridge_lives(unused_tcp_port: int) -> None:
    async with bridged(unused_tcp_port) as bridge:
        asked = await bridge.ask()
        watched = await bridge.web.ask(WATCH, pb.WatchOrdersRequest())
        ready, alive = await bridge.web.http.get("/readyz"), await bridge.web.http.get("/healthz")
    assert asked.code == watched.code == UNAVAILABLE
    assert (ready.status_code, ready.json()) == (503, {"status": "UNAVAILABLE"})
    assert (alive.status_code, alive.json()) == (200, {"status": "ALIVE"})


async def test_an_engine_that_is_killed_ends_streams_as_unavailable_and_is_found_again(unused_tcp_port: int) -> None:
    async with bridged(unused_tcp_port) as bridge, AsyncExitStack() as first:
        await first.enter_async_context(Scripted().serving(unused_tcp_port))
        async with bridge.web.stream(WATCH, pb.WatchOrdersRequest()) as heard:
            frames = heard.frames()
            await anext(frames)
            await first.aclose()
            async for _ in frames:
                pass
        assert heard.code == UNAVAILABLE
        async with Scripted().serving(unused_tcp_port):
            while not await begins(bridge.web):
                await asyncio.sleep(0.05)


async def begins(web: Web) -> bool:
    """Whether a stream has a first message."""
    async with web.stream(WATCH, pb.WatchOrdersRequest()) as heard:
        async for _ in heard.frames():
            return True
    return False
