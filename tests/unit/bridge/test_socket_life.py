"""Sockets that end before they begin, and those that meet a bug."""

from collections.abc import MutableMapping
from typing import Any

from starlette.websockets import WebSocket
from structlog.testing import capture_logs

from fillwire.settings import Settings
from fillwire_bridge.parts import Parts
from fillwire_bridge.settings import BridgeSettings
from fillwire_bridge.socket.life import live
from fillwire_bridge.socket.limits import Limits
from fillwire_bridge.socket.routes import routes
from fillwire_bridge.upstream import Upstream

Said = MutableMapping[str, Any]
SCOPE = {
    "type": "websocket",
    "path": "/v1/ws",
    "headers": [],
    "subprotocols": [],
    "extensions": {"websocket.http.response": {}},
}


def parts(**settings: Any) -> Parts:
    return Parts(BridgeSettings(**settings), Upstream(Settings("127.0.0.1:9")))


async def connects() -> Said:
    return {"type": "websocket.connect"}


async def gone(_: Said) -> None:
    raise OSError


async def test_a_client_that_leaves_before_the_upgrade_is_no_error() -> None:
    with capture_logs() as lines:
        await live(WebSocket(SCOPE, connects, gone), parts(), Limits())
    assert [(line["event"], line["code"]) for line in lines] == [("socket_ended", 1006)]


async def test_a_client_that_leaves_before_it_is_refused_is_no_error() -> None:
    of = parts()
    of.draining.set()
    (route,) = routes(of)
    await route.handle(SCOPE, connects, gone)


async def test_a_bug_closes_the_socket_and_is_told_in_the_log() -> None:
    told: list[Said] = []
    heard = iter([{"type": "websocket.connect"}])

    async def hears() -> Said:
        return next(heard)  # and then StopIteration, which becomes a RuntimeError

    async def says(said: Said) -> None:
        told.append(said)

    with capture_logs() as lines:
        await live(WebSocket(SCOPE, hears, says), parts(), Limits())
    assert [said["type"] for said in told] == ["websocket.accept", "websocket.close"]
    assert told[1]["code"] == 1011
    assert [line["event"] for line in lines] == ["socket_failed", "socket_ended"]
