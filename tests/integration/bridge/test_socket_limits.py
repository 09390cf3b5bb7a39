"""What one socket may take of the bridge, and what others notice of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode

from fillwire_bridge import socket as sockets
from fillwire_bridge.metrics import SOCKETS
from fillwire_bridge.socket.limits import Limits
from fillwire_bridge.socket.wire import Wire
from tests.integration.bridge.scripted import Scripted
from tests.integration.bridge.talking import limited_bridge, talking

WATCH = "OrderService/WatchOrders"
UPGRADE = (
    "GET /v1/ws HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@pytest.fixture
async def scripted() -> Scripted:
    return Scripted(frame_bytes=16 * 1024)


@pytest.fixture
async def engine(scripted: Scripted) -> AsyncIterator[str]:
    """In place of the real one: streams without end."""
    async with scripted.serving() as port:
        yield f"127.0.0.1:{port}"


class Deaf:
    """A client that reads nothing until it is told to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    def send(self, opcode: Opcode, data: bytes, *, times: int = 1) -> None:
        self.writer.write(Frame(opcode, data).serialize(mask=True) * times)

    def say(self, said: object) -> None:
        self.send(Opcode.TEXT, json.dumps(said).encode())

    async def rest(self) -> bytes:
        """All that is there now, to the end of the connection."""
        self.writer.transport.resume_reading()  # type: ignore[attr-defined]
        async with asyncio.timeout(20):
            return await self._reader.read()


@asynccontextmanager
async def deaf(url: str) -> AsyncIterator[Deaf]:
    host = url.removeprefix("http://")
    reader, writer = await asyncio.open_connection(*host.split(":"), limit=2**30)
    writer.write(UPGRADE.format(host=host).encode())
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    try:
        yield Deaf(reader, writer)
    finally:
        writer.transport.abort()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


async def until(happens: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not happens():
            await asyncio.sleep(0.01)


@pytest.fixture
def wires(monkeypatch: pytest.MonkeyPatch) -> list[Wire]:
    """The bridge's ends of all connections."""
    made: list[Wire] = []
    given = Wire.connection_made

    def connection_made(wire: Wire, transport: asyncio.BaseTransport) -> None:
        made.append(wire)
        given(wire, transport)

    monkeypatch.setattr(Wire, "connection_made", connection_made)
    return made


async def test_a_client_that_reads_nothing_stops_its_streams_and_harms_no_other(
    engine: str, scripted: Scripted, wires: list[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with limited_bridge(monkeypatch, engine, Limits(slow_seconds=3600)) as url, deaf(url) as stalls:
        for number in range(10):
            stalls.say({"id": str(number), "call": WATCH, "request": {"cursor": f"deaf-{number}"}})
        await until(lambda: wires and not wires[0].writable.is_set())
        async with talking(url) as talk:
            await talk.call("1", WATCH, cursor="reads")
            before = dict(scripted.taken)
            for _ in range(500):
                assert "message" in await talk.hear()
        # What gRPC and the kernel hold on the way, of each stream: some frames of 16 KiB, however long it lasts.
        assert all(taken - before.get(name, 0) < 100 for name, taken in scripted.taken.items() if name != "reads")
        assert wires[0].transport.get_write_buffer_size() < 256 * 1024


async def test_a_client_that_reads_nothing_for_too_long_is_closed_and_reads_why_when_it_wakes_up(
    engine: str, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with limited_bridge(monkeypatch, engine, Limits(slow_seconds=0.2)) as url, deaf(url) as stalls:
        stalls.say({"id": "1", "call": WATCH, "request": {"cursor": "deaf"}})
        await until(lambda: scripted.left)
        rest = await stalls.rest()
        assert rest.endswith((4408).to_bytes(2) + b"nothing was read for 0.2 s")


async def test_a_client_that_never_wakes_up_is_dropped(
    engine: str, wires: list[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Wire, "linger_seconds", 0.2)
    async with limited_bridge(monkeypatch, engine, Limits(slow_seconds=0.2)) as url, deaf(url) as stalls:
        stalls.say({"id": "1", "call": WATCH})
        await until(lambda: wires and wires[0].disconnected)
        assert not SOCKETS._value.get()
        with pytest.raises((ConnectionError, AssertionError)):
            assert (await stalls.rest()).endswith(b" s")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pings a hundred times as often, and waits for pongs as much less."""
    often = {"ws_ping_interval": 0.2, "ws_ping_timeout": 0.2}
    monkeypatch.setattr(sockets, "UVICORN", {**sockets.UVICORN, **often})


@pytest.mark.usefixtures("impatient")
async def test_a_client_that_answers_no_ping_is_dropped_and_one_that_does_is_not(
    engine: str, wires: list[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with limited_bridge(monkeypatch, engine) as url, talking(url) as talk, deaf(url) as sleeps:
        sleeps.say({"ping": {}})
        await talk.say({"ping": {}})
        await until(lambda: len(wires) == 2 and wires[1].disconnected)
        await talk.say({"ping": {}})
        assert [await talk.hear(), await talk.hear()] == [{"pong": {}}] * 2


@pytest.mark.usefixtures("impatient")
async def test_who_reads_too_slowly_to_find_the_ping_is_told_that_he_reads_too_slowly(
    engine: str, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with limited_bridge(monkeypatch, engine, Limits(slow_seconds=1.5)) as url, deaf(url) as stalls:
        stalls.say({"id": "1", "call": WATCH})
        await until(lambda: scripted.left)
        assert (await stalls.rest()).endswith((4408).to_bytes(2) + b"nothing was read for 1.5 s")


async def test_pongs_for_a_client_that_reads_nothing_do_not_pile_up(
    engine: str, wires: list[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with limited_bridge(monkeypatch, engine) as url, deaf(url) as stalls:
        stalls.say({"id": "1", "call": WATCH})
        await until(lambda: wires and not wires[0].writable.is_set())
        before = wires[0].transport.get_write_buffer_size()
        stalls.send(Opcode.PING, b"x" * 100, times=20_000)
        stalls.say({})  # behind them
        await until(lambda: wires[0].close_sent)
        assert wires[0].transport.get_write_buffer_size() < before + 1024


async def test_a_flood_of_pings_keeps_nobody_waiting_for_long(
    engine: str, wires: list[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    given = Wire.data_received

    def data_received(wire: Wire, data: bytes) -> None:
        heard.append(len(data))
        given(wire, data)

    monkeypatch.setattr(Wire, "data_received", data_received)
    async with limited_bridge(monkeypatch, engine) as url, deaf(url) as floods:
        floods.send(Opcode.PING, b"", times=50_000)
        await until(lambda: sum(heard) >= 300_000)
    assert max(heard) <= 4096


async def test_a_socket_has_only_so_many_open_calls(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with limited_bridge(monkeypatch, engine, max_calls=2) as url, talking(url) as talk:
        for name in ("a", "b"):
            await talk.call(name, "MarketService/ListTokens")
        await talk.call("c", "MarketService/ListTokens")
        refused = await talk.hear()
        assert (refused["id"], refused["end"]["code"]) == ("c", "RESOURCE_EXHAUSTED")
        await talk.say({"id": "a", "cancel": {}})
        await talk.hear()
        await talk.call("c", "MarketService/Banana")
        assert (await talk.hear())["end"]["code"] == "UNIMPLEMENTED"


class Counting(Scripted):
    """Knows how many wait for an answer that comes once."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = 0
        self.most = 0

    async def _answer(self, request: bytes, context: Any) -> bytes:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        try:
            return await super()._answer(request, context)
        finally:
            self.waiting -= 1


async def test_calls_that_answer_once_have_their_turns_and_all_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    counting, names = Counting(), [str(number) for number in range(20)]
    async with (
        counting.serving() as port,
        limited_bridge(monkeypatch, f"127.0.0.1:{port}", Limits(answering=2)) as url,
        talking(url) as talk,
    ):
        for name in names:
            await talk.call(name, "MarketService/ListTokens")
        await until(lambda: counting.waiting == 2)
        counting.go.set()
        ends = {heard["id"]: heard["end"] for heard in [await talk.hear() for _ in range(40)] if "end" in heard}
    assert ends == {name: {"code": "OK"} for name in names}
    assert counting.most == 2


async def test_who_starts_calls_without_pause_is_refused_and_then_closed(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = Limits(calls_per_second=0.02, refusals_per_second=0.04)
    async with limited_bridge(monkeypatch, engine, limits) as url, talking(url) as talk:
        for _ in range(2):
            _, end = await talk.ask("MarketService/Banana")
            assert end["code"] == "RESOURCE_EXHAUSTED"
            assert end["details"][1]["@type"].endswith("RetryInfo")
        await talk.call("1", "MarketService/Banana")
        assert (await talk.closed())[0] == 4429


async def test_a_bridge_has_only_so_many_sockets(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with limited_bridge(monkeypatch, engine, max_sockets=1) as url:
        async with talking(url) as talk:
            await talk.say({"ping": {}})
            await talk.hear()
            with pytest.raises(InvalidStatus) as refused:
                async with talking(url):
                    pass
            assert refused.value.response.status_code == 503
            assert json.loads(refused.value.response.body)["error"]["details"][0]["reason"] == "OPEN_SOCKETS"
        await until(lambda: not SOCKETS._value.get())
        async with talking(url) as talk:
            await talk.say({"ping": {}})
            assert await talk.hear() == {"pong": {}}
