"""The end of a call, whenever it comes."""

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

import pytest
from starlette.websockets import WebSocket

from fillwire.settings import Settings
from fillwire_bridge import statuses
from fillwire_bridge.contract import METHODS
from fillwire_bridge.socket.calls import OpenCall, Request
from fillwire_bridge.socket.writer import Writer
from fillwire_bridge.statuses import Malformed
from fillwire_bridge.upstream import Upstream

DRAINING = statuses.draining()
WATCH = METHODS["OrderService/WatchOrders"]


@pytest.fixture
def said() -> list[Any]:
    """What goes to the client."""
    return []


@pytest.fixture
async def call(said: list[Any]) -> OpenCall:
    """A call that has not begun, to an engine that is away."""

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        said.extend([json.loads(message["text"])] if "text" in message else [])

    socket = WebSocket({"type": "websocket", "headers": []}, receive, send)
    await socket.accept()
    writer = Writer(socket, slow_seconds=30)
    return OpenCall("1", Request(WATCH, b"", ()), Upstream(Settings("127.0.0.1:9")), writer, asyncio.Semaphore())


async def test_a_call_that_is_ended_before_it_begins_says_its_end_and_asks_nobody(
    call: OpenCall, said: list[Any]
) -> None:
    call.end(DRAINING)
    await call.run()
    assert said == [{"id": "1", "end": statuses.as_json(DRAINING)}]
    assert call._upstream._lanes == []


async def test_a_call_that_is_ended_twice_says_the_first_end_only(call: OpenCall, said: list[Any]) -> None:
    call.end(DRAINING)
    call.end(Malformed("x", "y").status)
    await call.run()
    assert said == [{"id": "1", "end": statuses.as_json(DRAINING)}]


async def test_to_end_a_call_that_has_ended_does_nothing(call: OpenCall, said: list[Any]) -> None:
    await call.run()
    call.end(DRAINING)
    assert [one["end"]["code"] for one in said] == ["UNAVAILABLE"]
    assert said[0]["end"] != statuses.as_json(DRAINING)
