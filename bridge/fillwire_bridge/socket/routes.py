"""Where sockets come in."""

from contextlib import suppress

import grpc
from google.rpc import status_pb2  # type: ignore[import-untyped]
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket

from fillwire_bridge import errors, statuses
from fillwire_bridge.metrics import REFUSED, SOCKETS
from fillwire_bridge.parts import Parts
from fillwire_bridge.socket.life import live
from fillwire_bridge.socket.limits import Limits

__all__ = ["routes"]


def routes(parts: Parts, limits: Limits | None = None) -> list[BaseRoute]:
    """`/v1/ws`."""
    return [WebSocketRoute("/v1/ws", _Door(parts, limits or Limits()).enter)]


class _Door:
    """Counts who is in."""

    def __init__(self, parts: Parts, limits: Limits) -> None:
        self._parts = parts
        self._limits = limits
        self._open = 0

    async def enter(self, socket: WebSocket) -> None:
        if refusal := self._refusal():
            with suppress(OSError):  # it left before
                await socket.send_denial_response(errors.answer(503, refusal))
            return
        self._open += 1
        try:
            with SOCKETS.track_inprogress():
                await live(socket, self._parts, self._limits)
        finally:
            self._open -= 1

    def _refusal(self) -> status_pb2.Status | None:
        if self._parts.draining.is_set():
            return statuses.draining()
        if self._open < self._parts.settings.max_sockets:
            return None
        REFUSED.labels("OPEN_SOCKETS").inc()
        message = f"{self._open} sockets are open here, as many as may be"
        return statuses.refused(grpc.StatusCode.UNAVAILABLE, "OPEN_SOCKETS", message)
