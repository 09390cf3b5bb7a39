"""As much of HTTP/2 as it takes to be rude in it: frames by hand, headers without compression.

Frame types and flags are those of RFC 9113, literal headers those of RFC 7541, section 6.2.2.
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

__all__ = [
    "CONTINUATION",
    "HEADERS",
    "PING",
    "PREFACE",
    "Line",
    "call",
    "connected",
    "frame",
    "headers",
    "message",
    "open_line",
    "opened",
    "reset",
    "window",
]

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

DATA, HEADERS, RST_STREAM, SETTINGS, PING, CONTINUATION = 0, 1, 3, 4, 6, 9

_END_STREAM, _END_HEADERS = 1, 4
_CANCEL: Final = struct.pack(">I", 8)


class Line:
    """A bare TCP connection to a server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @property
    def lost(self) -> bool:
        """Whether what is sent goes to nobody any more."""
        return self._writer.is_closing()

    def send(self, data: bytes) -> None:
        """Puts bytes on their way; to nobody, where the server has hung up."""
        self._writer.write(data)

    async def drained(self) -> None:
        """Until most of it is sent."""
        with suppress(OSError):
            await self._writer.drain()
        await asyncio.sleep(0)

    async def hung_up(self, *, seconds: float) -> bool:
        """Whether the server ends the connection within so long."""
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(seconds):
                while await self._reader.read(65_536):
                    pass
                return True
        return self._reader.at_eof() or self._reader.exception() is not None

    async def answered(self, *, seconds: float) -> bytes:
        """What the server says until it says nothing more for a moment, or hangs up."""
        heard = b""
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(seconds):
                while more := await asyncio.wait_for(self._reader.read(65_536), 0.5):
                    heard += more
        return heard

    def close(self) -> None:
        """Ends it from this side."""
        self._writer.transport.abort()


async def open_line(target: str) -> Line:
    """A connection on which nothing has been said."""
    host, _, port = target.rpartition(":")
    return Line(*await asyncio.open_connection(host, int(port)))


@asynccontextmanager
async def opened(target: str) -> AsyncIterator[Line]:
    """The same, closed at the end of the block."""
    line = await open_line(target)
    try:
        yield line
    finally:
        line.close()


@asynccontextmanager
async def connected(target: str) -> AsyncIterator[Line]:
    """A connection after the greeting."""
    async with opened(target) as line:
        line.send(PREFACE + frame(SETTINGS, 0, 0, b"") + frame(SETTINGS, 1, 0, b""))
        yield line


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    """One frame."""
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def headers(stream: int, path: str, *more: tuple[str, str], end: bool = True) -> bytes:
    """The headers of a gRPC call; `end` ends the headers, not the stream."""
    fields = [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", path),
        (":authority", "localhost"),
        ("te", "trailers"),
        ("content-type", "application/grpc"),
        *more,
    ]
    block = b"".join(b"\x00" + _text(name) + _text(value) for name, value in fields)
    return frame(HEADERS, _END_HEADERS if end else 0, stream, block)


def call(stream: int, path: str, body: bytes, *more: tuple[str, str]) -> bytes:
    """A whole call with one message."""
    return headers(stream, path, *more) + message(stream, body)


def message(stream: int, body: bytes) -> bytes:
    """The only message of a call, and its end."""
    return frame(DATA, _END_STREAM, stream, b"\x00" + struct.pack(">I", len(body)) + body)


def window(size: int) -> bytes:
    """Settings that let the server send so many bytes on each stream."""
    return frame(SETTINGS, 0, 0, struct.pack(">HI", 4, size))


def reset(stream: int) -> bytes:
    """The call given up."""
    return frame(RST_STREAM, 0, stream, _CANCEL)


def _text(text: str) -> bytes:
    raw = text.encode()
    assert len(raw) < 127
    return bytes([len(raw)]) + raw
