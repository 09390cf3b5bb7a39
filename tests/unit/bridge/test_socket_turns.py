"""Nobody on a socket keeps the others from their turn, nor one socket the others."""

import asyncio
import contextlib
from collections.abc import MutableMapping
from typing import Any

from starlette.websockets import WebSocket

from fillwire.settings import Settings
from fillwire_bridge.parts import Parts
from fillwire_bridge.settings import BridgeSettings
from fillwire_bridge.socket.limits import Limits
from fillwire_bridge.socket.session import Session
from fillwire_bridge.socket.writer import Writer
from fillwire_bridge.upstream import Upstream

Said = MutableMapping[str, Any]
SCOPE = {"type": "websocket", "headers": []}


async def connects() -> Said:
    return {"type": "websocket.connect"}


async def test_who_wants_to_say_something_waits_until_the_one_before_him_is_through() -> None:
    sending: list[str] = []
    takes = asyncio.Semaphore(0)

    async def send(said: Said) -> None:
        if "text" in said:
            sending.append(said["text"])
            await takes.acquire()

    socket = WebSocket(SCOPE, connects, send)
    await socket.accept()
    writer = Writer(socket, slow_seconds=30)
    saying = [asyncio.create_task(writer.say(text)) for text in "abc"]
    for through in ("a", "ab", "abc"):
        for _ in range(20):
            await asyncio.sleep(0)
        assert "".join(sending) == through
        takes.release()
    await asyncio.gather(*saying)


async def test_a_socket_that_always_has_something_to_say_is_heard_in_turn_with_the_others() -> None:
    heard = 0

    async def receive() -> Said:
        nonlocal heard
        heard += 1
        if heard == 1:
            return await connects()
        return {"type": "websocket.receive", "text": '{"ping": {}}'} if heard < 50_000 else {"type": "", "text": ""}

    async def send(_: Said) -> None:
        pass

    socket = WebSocket(SCOPE, receive, send)
    await socket.accept()
    parts = Parts(BridgeSettings(), Upstream(Settings("127.0.0.1:9")))
    talks = asyncio.create_task(Session(socket, parts, Limits()).run())
    for _ in range(100):
        await asyncio.sleep(0)
    assert 50 < heard < 200
    talks.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await talks
