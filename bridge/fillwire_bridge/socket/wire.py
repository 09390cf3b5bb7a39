"""uvicorn's WebSocket, hardened against clients that read nothing, and against those that say too much."""

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Close, CloseCode, Frame

from fillwire_bridge.bodies import MOST_BYTES
from fillwire_bridge.connections import hurry

__all__ = ["UVICORN", "Wire"]

_MOST_FRAGMENTS: Final = 64
# What is read at once is worked off at once: a quarter of a megabyte, as asyncio reads it, is half a second of pings.
_READ_BYTES: Final = 4 * 1024


class Wire(WebSocketsSansIOProtocol):
    """A connection that is dropped where its client does not let it end."""

    linger_seconds: ClassVar = 10.0
    """How long a client has to take what was sent to it, and the reason, once the bridge is done with it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        hurry(self.transport)
        self.transport.max_size = _READ_BYTES  # type: ignore[attr-defined]  # that of asyncio's own transports

    async def send(self, message: Any) -> None:
        if self.close_sent:  # by the protocol, for a mistake of the client; uvicorn takes it for one of ours
            raise ClientDisconnected
        if message["type"] == "websocket.close":
            self.writable.set()  # behind what is not read yet; a reader that wakes up reads why
        await super().send(message)

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        if not self.disconnected:
            # Not close() alone: it would wait for the client to read, for ever.
            self.loop.call_later(self.linger_seconds, self.transport.abort)

    def keepalive_timeout(self) -> None:
        if self.ping_timeout and not self.writable.is_set():
            # The ping is behind what is not read yet, and for that there is another limit.
            self.pong_timer = self.loop.call_later(self.ping_timeout, self.keepalive_timeout)
            return
        super().keepalive_timeout()
        self.transport.abort()

    def handle_ping(self) -> None:
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()  # it reads nothing, so it gets no pong: they would pile up

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= _MOST_FRAGMENTS:
            self._fail(CloseCode.MESSAGE_TOO_BIG, f"more than {_MOST_FRAGMENTS} fragments")
        else:
            super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        # uvicorn would log a traceback for every text that is none.
        if self.curr_msg_data_type == "text" and not _is_unicode(b"".join(self.frames)):
            self._fail(CloseCode.INVALID_DATA, "a text is UTF-8")
        else:
            super().send_receive_event_to_app()

    def _fail(self, code: CloseCode, reason: str) -> None:
        self.conn.fail(code, reason)
        self.handle_parser_exception()

    def handle_parser_exception(self) -> None:
        if self.conn.close_sent and not self.close_sent:
            self._say_why(self.conn.close_sent)

    def _say_why(self, why: Close) -> None:
        self.queue.put_nowait({"type": "websocket.disconnect", "code": why.code, "reason": why.reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        # What the client is still sending is read and thrown away: a connection that is closed on it is reset, and the
        # reason is lost.
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.close_timer = self.loop.call_later(self.linger_seconds, self.transport.abort)


def _is_unicode(said: bytes) -> bool:
    try:
        said.decode()
    except UnicodeDecodeError:
        return False
    return True


UVICORN: Final[Mapping[str, Any]] = {
    "ws": Wire,
    "ws_max_size": MOST_BYTES,
    "ws_ping_interval": 20.0,
    "ws_ping_timeout": 20.0,
    "ws_per_message_deflate": False,
}
"""For `uvicorn.Config`. Nothing is compressed: that would take 50 KiB for each socket, beside the 30 it takes."""
