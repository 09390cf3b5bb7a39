"""A connection of HTTP, with the limits that uvicorn leaves to a proxy in front."""

import asyncio
import socket
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["Connection", "hurry"]

_HEAD_BYTES: Final = 32 * 1024
_UNWANTED_BYTES: Final = 1024 * 1024
_UNSENT_BYTES: Final = 128 * 1024


class Connection(HttpToolsProtocol):
    """One that says what it wants in good time, and takes what it is given."""

    head_seconds: ClassVar = 10.0
    """For the head of a request, from its first byte or from the beginning of the connection."""
    stuck_seconds: ClassVar = 30.0
    """How long a reader may take nothing; then the connection is dropped, with what was written to it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head: asyncio.TimerHandle | None = None
        self._bytes_to_head = 0
        self._stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the parent
        super().connection_made(transport)
        hurry(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_there()
        self._taken()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head is None:
            return
        self._bytes_to_head -= len(data)
        if self._bytes_to_head < 0:
            self.transport.abort()

    def on_message_begin(self) -> None:
        self._await_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head_there()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        # What was refused before it was there may still be on its way, and would be read for ever.
        if self.cycle.more_body:
            self._await_head(after=_UNWANTED_BYTES)

    def pause_writing(self) -> None:
        super().pause_writing()
        # Not close(): it would wait for the reader, for ever.
        self._stuck = self.loop.call_later(self.stuck_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        self._taken()
        super().resume_writing()

    def _await_head(self, *, after: int = 0) -> None:
        if self._head is None:
            self._bytes_to_head = after + _HEAD_BYTES
            self._head = self.loop.call_later(self.head_seconds, self.transport.abort)

    def _head_there(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _taken(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None


def hurry(transport: asyncio.Transport) -> None:
    """Has the system keep little for a reader that is behind, and give up one that vanished 40 s after it was sent to."""
    connected: socket.socket | None = transport.get_extra_info("socket")
    if connected is None:
        return
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNSENT_BYTES)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # on Linux
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 40_000)
