"""Callers that are slow, greedy or gone, at the level of bytes: none keeps a connection for longer than it may."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from fillwire.settings import Settings
from fillwire.v1 import order_service_pb2 as pb
from fillwire_bridge.connections import Connection
from fillwire_bridge.serving import running_bridge
from fillwire_bridge.settings import BridgeSettings
from fillwire_server import metrics
from tests.integration.bridge.scripted import Scripted
from tests.integration.bridge.web import BINARY, frame

WAIT_SECONDS = 30


@asynccontextmanager
async def connected(url: str, *, receive_bytes: int | None = None) -> AsyncIterator[socket.socket]:
    """A connection of the test's own, which reads nothing by itself."""
    at = urlsplit(url)
    with socket.socket() as peer:
        peer.setblocking(False)
        if receive_bytes is not None:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        await asyncio.get_running_loop().sock_connect(peer, (at.hostname, at.port))
        yield peer


async def say(peer: socket.socket, text: bytes) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        await asyncio.get_running_loop().sock_sendall(peer, text)


async def is_dropped(peer: socket.socket) -> bool:
    """Reads until the other side ends the connection, for which it has its time."""
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while await asyncio.get_running_loop().sock_recv(peer, 65536):
                pass
    except ConnectionResetError:
        pass
    except TimeoutError:
        return False
    return True


async def stops_listening(peer: socket.socket, word: bytes, *, pause_seconds: float = 0) -> bool:
    """Says the same for ever, until the other side drops the connection, for which it has its time."""
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                await asyncio.get_running_loop().sock_sendall(peer, word)
                await asyncio.sleep(pause_seconds)
    except ConnectionError:
        return True
    except TimeoutError:
        return False


def post(method: str, body: bytes, *, length: int | None = None) -> bytes:
    head = (
        f"POST /fillwire.v1.{method} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {BINARY}\r\n"
        f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
    )
    return head.encode() + body


def watching() -> float:
    """How many streams of an account the engine has open."""
    return float(metrics.STREAMS.labels("fillwire.v1.OrderService/WatchOrders")._value.get())


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while not holds():
            await asyncio.sleep(0.02)


async def test_a_connection_that_says_nothing_is_dropped(bridge_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "head_seconds", 0.2)
    async with connected(bridge_url) as peer:
        assert await is_dropped(peer)


async def test_a_head_that_comes_byte_by_byte_is_not_waited_for(
    bridge_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connection, "head_seconds", 0.2)
    async with connected(bridge_url) as peer:
        await say(peer, b"GET / HTTP/1.1\r\nHost: localhost\r\nx: ")
        assert await stops_listening(peer, b"y", pause_seconds=0.01)


async def test_an_endless_head_is_not_kept(bridge_url: str) -> None:
    async with connected(bridge_url) as peer:
        await say(peer, b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        assert await stops_listening(peer, b"x: " + b"y" * 8192 + b"\r\n")


async def test_an_endless_body_is_refused_and_not_read_for_ever(bridge_url: str) -> None:
    async with connected(bridge_url) as peer:
        await say(peer, post("MarketService/ListTokens", b"", length=10**12))
        assert await stops_listening(peer, bytes(65536))


async def test_a_body_that_does_not_come_is_not_waited_for(bridge_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fillwire_bridge.bodies._SECONDS", 0.2)
    async with connected(bridge_url) as peer:
        await say(peer, post("MarketService/ListTokens", b"\0", length=5))
        async with asyncio.timeout(WAIT_SECONDS):
            answer = await asyncio.get_running_loop().sock_recv(peer, 65536)
    assert f"grpc-status: {grpc.StatusCode.DEADLINE_EXCEEDED.value[0]}\r\n".encode() in answer


async def test_a_caller_that_leaves_ends_the_engines_stream(bridge_url: str) -> None:
    before = watching()
    request = pb.WatchOrdersRequest(heartbeat_interval=Duration(seconds=60)).SerializeToString()
    async with connected(bridge_url) as peer:
        await say(peer, post("OrderService/WatchOrders", frame(request)))
        await until(lambda: watching() == before + 1)
    await until(lambda: watching() == before)


@asynccontextmanager
async def flooded() -> AsyncIterator[tuple[Scripted, str]]:
    """A bridge to a server whose streams know no end."""
    scripted = Scripted()
    async with scripted.serving() as engine:
        settings = BridgeSettings(listen="127.0.0.1:0")
        async with running_bridge(settings, Settings(f"127.0.0.1:{engine}")) as port:
            yield scripted, f"http://127.0.0.1:{port}"


def watch(name: str) -> bytes:
    return post("OrderService/WatchOrders", frame(pb.WatchOrdersRequest(cursor=name).SerializeToString()))


async def test_a_reader_that_takes_nothing_holds_the_engine_back_and_no_neighbour() -> None:
    async with flooded() as (engine, url), connected(url, receive_bytes=4096) as idle, connected(url) as busy:
        await say(idle, watch("idle"))
        await say(busy, watch("busy"))
        read = 0
        async with asyncio.timeout(WAIT_SECONDS):
            while read < 50_000_000:
                read += len(await asyncio.get_running_loop().sock_recv(busy, 1_000_000))
        # What the system and gRPC keep of a stream is bounded; the bridge itself holds one message.
        assert engine.taken["idle"] * len(engine.frame) < 2_000_000
        assert "idle" not in engine.left


async def test_a_reader_that_takes_nothing_for_too_long_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "stuck_seconds", 0.2)
    async with flooded() as (engine, url), connected(url, receive_bytes=4096) as idle:
        await say(idle, watch("idle"))
        await until(lambda: "idle" in engine.left)
        assert await is_dropped(idle)


async def test_a_reader_that_takes_nothing_does_not_keep_a_bridge_that_drains(caplog: pytest.LogCaptureFixture) -> None:
    async with AsyncExitStack() as stack:
        async with flooded() as (engine, url):
            idle = await stack.enter_async_context(connected(url, receive_bytes=4096))
            await say(idle, watch("idle"))
            await until(lambda: engine.taken.get("idle", 0) > 10)
        assert "idle" in engine.left
    assert not [one for one in caplog.records if one.name == "uvicorn.error" and one.levelname == "ERROR"]
