"""A link does to bytes what it is told, and heals."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.chaos.proxy import Mode, Proxy


class Echo:
    """Answers with what it is told, and remembers it."""

    def __init__(self) -> None:
        self.heard = b""
        self.hears = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            self.heard += data
            self.hears.set()
            writer.write(data)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def linked() -> AsyncIterator[tuple[Echo, Proxy, asyncio.StreamReader, asyncio.StreamWriter]]:
    echo = Echo()
    server = await asyncio.start_server(echo.serve, "127.0.0.1", 0)
    proxy = Proxy(server.sockets[0].getsockname()[1])
    await proxy.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    async with asyncio.timeout(10):
        yield echo, proxy, reader, writer
    writer.transport.abort()
    await proxy.stop()
    server.close()
    await server.wait_closed()


async def silent(reader: asyncio.StreamReader) -> bool:
    try:
        return not await asyncio.wait_for(reader.read(100), 0.1)
    except TimeoutError:
        return True


@pytest.mark.parametrize("mode", [Mode.PASS, Mode.SLOW])
async def test_what_is_said_arrives_both_ways(mode: Mode) -> None:
    async with linked() as (_, proxy, reader, writer):
        proxy.set(mode)
        writer.write(b"one")
        assert await reader.readexactly(3) == b"one"


async def test_through_a_black_hole_nothing_comes_until_it_heals_and_then_all_of_it() -> None:
    async with linked() as (echo, proxy, reader, writer):
        proxy.set(Mode.BLACKHOLE)
        writer.write(b"one")
        assert await silent(reader)
        assert echo.heard == b""
        proxy.set(Mode.PASS)
        assert await reader.readexactly(3) == b"one"


async def test_where_answers_are_lost_the_request_has_arrived() -> None:
    async with linked() as (echo, proxy, reader, writer):
        proxy.set(Mode.ANSWERS_LOST)
        writer.write(b"one")
        await echo.hears.wait()
        assert echo.heard == b"one"
        assert await silent(reader)


@pytest.mark.parametrize("mode", [Mode.ANSWERS_LOST, Mode.REQUESTS_LOST])
async def test_a_link_that_lost_something_is_reset_when_it_heals(mode: Mode) -> None:
    async with linked() as (echo, proxy, reader, writer):
        proxy.set(mode)
        writer.write(b"one")
        assert await silent(reader)
        assert (echo.heard == b"") == (mode is Mode.REQUESTS_LOST)
        proxy.set(Mode.PASS)
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(3)


@pytest.mark.parametrize("mode", [Mode.REFUSE, None])
async def test_a_refusal_and_a_reset_end_the_connection(mode: Mode | None) -> None:
    async with linked() as (_, proxy, reader, writer):
        writer.write(b"one")
        await reader.readexactly(3)
        if mode is None:
            proxy.reset()
        else:
            proxy.set(mode)
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(1)


async def test_nobody_gets_through_to_a_server_that_is_down() -> None:
    proxy = Proxy(1)
    await proxy.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    with pytest.raises(ConnectionResetError):
        await asyncio.wait_for(reader.readexactly(1), 5)
    writer.transport.abort()
    await proxy.stop()
