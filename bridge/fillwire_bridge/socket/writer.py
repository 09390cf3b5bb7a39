"""The way out of a socket: one message after the other, no faster than the client reads."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from google.protobuf.message import Message
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from fillwire_bridge.metrics import MESSAGES
from fillwire_bridge.protojson import text
from fillwire_bridge.socket import frames
from fillwire_bridge.socket.closing import GONE, Closed, Code

__all__ = ["Writer"]

_RELAYED: Final = MESSAGES.labels("socket")


class Writer:
    """Whoever wants to say something waits for his turn, and the turn lasts until the connection takes more.

    So nothing queues but one message a call, and a call that waits here reads nothing from the engine meanwhile.
    """

    def __init__(self, socket: WebSocket, *, slow_seconds: float) -> None:
        self._socket = socket
        self._slow_seconds = slow_seconds
        self._turn = asyncio.Lock()
        self.relayed = 0
        """Messages of the engine so far."""

    async def say(self, said: str) -> None:
        """Raises Closed where the client has taken nothing for `slow_seconds`, and WebSocketDisconnect."""
        async with self._in_turn():
            await self._send(said)

    async def relay(self, name: str, kind: type[Message], wire: bytes) -> None:
        """Says the message that came as `wire` for the call `name`. Raises as `say` does."""
        async with self._in_turn():
            # Not before: as JSON it is three times as large, and might wait.
            await self._send(frames.message(name, text(kind, wire)))
            self.relayed += 1
            _RELAYED.inc()

    async def _send(self, said: str) -> None:
        if self._socket.application_state is WebSocketState.DISCONNECTED:  # whose turn was before has found that out
            raise WebSocketDisconnect(GONE)
        await self._socket.send_text(said)

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        async with self._turn:
            try:
                async with asyncio.timeout(self._slow_seconds):
                    yield
            except TimeoutError:
                raise Closed(Code.TOO_SLOW, f"nothing was read for {self._slow_seconds:g} s") from None
