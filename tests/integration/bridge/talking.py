"""A client of the bridge's WebSocket that shows what went over it."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from fillwire.settings import Settings
from fillwire_bridge import socket as sockets
from fillwire_bridge.serving import running_bridge
from fillwire_bridge.settings import BridgeSettings
from fillwire_bridge.socket.limits import Limits

HEARD_SECONDS = 20

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Talk:
    """An open socket."""

    socket: ClientConnection

    async def say(self, said: object) -> None:
        await self.socket.send(json.dumps(said))

    async def call(self, name: str, method: str, **request: Any) -> None:
        await self.say({"id": name, "call": method, "request": request})

    async def hear(self) -> Any:
        async with asyncio.timeout(HEARD_SECONDS):
            return json.loads(await self.socket.recv())

    async def rest(self) -> tuple[Sequence[Said], Said]:
        """The messages of the one call that is open, and its end."""
        messages = []
        while "end" not in (heard := await self.hear()):
            messages.append(heard["message"])
        return messages, heard["end"]

    async def ask(self, method: str, **request: Any) -> tuple[Sequence[Said], Said]:
        """A call from its beginning to its end; no other may be open."""
        await self.call("asked", method, **request)
        return await self.rest()

    async def closed(self) -> tuple[int, str]:
        """Code and reason of the close, whatever is said before it."""
        with suppress(ConnectionClosed):
            while True:
                await self.hear()
        assert self.socket.close_code is not None
        return self.socket.close_code, self.socket.close_reason or ""


@asynccontextmanager
async def talking(url: str, **options: Any) -> AsyncIterator[Talk]:
    """A socket to the bridge at `url`; nothing is said yet."""
    async with connect(
        url.replace("http", "ws", 1) + "/v1/ws", proxy=None, max_size=None, close_timeout=1, **options
    ) as socket:
        yield Talk(socket)


@asynccontextmanager
async def limited_bridge(
    monkeypatch: Any, engine: str, limits: Limits | None = None, **settings: Any
) -> AsyncIterator[str]:
    """Where a bridge to `engine` listens whose sockets have these limits and settings."""
    given = sockets.routes
    monkeypatch.setattr(sockets, "routes", lambda parts: given(parts, limits))
    async with running_bridge(BridgeSettings(**{"listen": "127.0.0.1:0", **settings}), Settings(engine)) as port:
        yield f"http://127.0.0.1:{port}"
