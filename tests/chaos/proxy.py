"""A link between two processes, through which bytes go as long as they are let."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from enum import StrEnum
from typing import Final

__all__ = ["Mode", "Proxy"]

_CHUNK: Final = 65_536
_SLOW_SECONDS: Final = 0.15
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


class Mode(StrEnum):
    """What a link does to bytes."""

    PASS = "pass"
    SLOW = "slow"
    """Every piece takes its time."""
    BLACKHOLE = "blackhole"
    """Nothing arrives; when it heals, all of it does, late."""
    ANSWERS_LOST = "answers_lost"
    """What is asked arrives, what is answered does not; when it heals, the connections are reset."""
    REQUESTS_LOST = "requests_lost"
    """The other way round."""
    REFUSE = "refuse"
    """Connections are reset, new ones at once."""


_LOSING: Final = {Mode.ANSWERS_LOST, Mode.REQUESTS_LOST}


class Proxy:
    """Listens on a port of its own and passes on to `upstream`; an upstream that is down resets who connects."""

    def __init__(self, upstream: int) -> None:
        self.port = 0
        self._upstream = upstream
        self._mode = Mode.PASS
        self._flows = asyncio.Event()
        self._flows.set()
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[object]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for one in self._serving:
            one.cancel()
        await asyncio.gather(*self._serving)

    def set(self, mode: Mode) -> None:
        """From now on; what could not heal (bytes are missing) is reset."""
        if mode is Mode.REFUSE or self._mode in _LOSING:
            self.reset()
        self._mode = mode
        if mode is Mode.BLACKHOLE:
            self._flows.clear()
        else:
            self._flows.set()

    def reset(self) -> None:
        """Resets all connections, as a middlebox would that forgot them."""
        for connection in list(self._connections):
            _reset(connection)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise AssertionError("a connection is served by a task")
        self._serving.add(task)
        # asyncio's streams complain of a server's task that is cancelled.
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._connect(reader, writer)
        self._serving.discard(task)
        _reset(writer)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            await self._flows.wait()
            if self._mode is Mode.REFUSE:
                return
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._upstream)
            self._connections.add(up_writer)
            try:
                await self._pass_both_ways(reader, writer, up_reader, up_writer)
            finally:
                self._connections.discard(up_writer)
                _reset(up_writer)
        finally:
            self._connections.discard(writer)

    async def _pass_both_ways(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        up_reader: asyncio.StreamReader,
        up_writer: asyncio.StreamWriter,
    ) -> None:
        ways = [
            asyncio.create_task(self._pump(reader, up_writer, Mode.REQUESTS_LOST)),
            asyncio.create_task(self._pump(up_reader, writer, Mode.ANSWERS_LOST)),
        ]
        try:
            # The end of one way is the end of both: nobody here half-closes.
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lost_in: Mode) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                await self._flows.wait()
                if self._mode is lost_in:
                    continue
                if self._mode is Mode.SLOW:
                    await asyncio.sleep(_SLOW_SECONDS)
                writer.write(data)
                await writer.drain()


def _reset(connection: asyncio.StreamWriter) -> None:
    sock = connection.get_extra_info("socket")
    with contextlib.suppress(OSError):
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    connection.transport.abort()
