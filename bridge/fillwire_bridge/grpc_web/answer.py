"""An answer on its way to the caller."""

import grpc
from google.rpc import status_pb2  # type: ignore[import-untyped]
from starlette.types import Scope, Send

from fillwire_bridge import metrics, statuses
from fillwire_bridge.grpc_web import frames
from fillwire_bridge.grpc_web.dialect import Dialect
from fillwire_bridge.layers import refusing
from fillwire_bridge.layers.access import note

__all__ = ["Answer"]

_MESSAGES = metrics.MESSAGES.labels("grpc_web")


class Answer:
    """Headers, messages as they come, trailers; or trailers alone, where nothing came before them.

    `send` waits while the reader is behind, so that the engine waits too and nothing piles up here.
    """

    def __init__(self, scope: Scope, send: Send, dialect: Dialect) -> None:
        self._scope = scope
        self._send = send
        self._dialect = dialect
        self._begun = False

    async def begin(self) -> None:
        """Sends the headers."""
        self._begun = True
        await self._start([])

    async def message(self, message: bytes) -> None:
        """Sends a message, at once."""
        _MESSAGES.inc()
        await self._body(frames.of_message(message), more=True)

    async def end(self, code: grpc.StatusCode, message: str = "", metadata: frames.Pairs = ()) -> None:
        """Sends how the call ended."""
        note(self._scope, code=code.name)
        trailers = frames.pairs(code.value[0], message, metadata)
        if self._begun:
            await self._body(frames.of_trailers(trailers), more=False)
        else:
            await self._start([*trailers, ("content-length", "0")])
            await self._send({"type": "http.response.body"})

    async def refuse(self, status: status_pb2.Status) -> None:
        """Sends that the call ended with what the bridge itself has to say."""
        if not self._begun:
            refusing.count(self._scope, statuses.reason(status))
        details = [("grpc-status-details-bin", status.SerializeToString())]
        await self.end(_code(status), status.message, details)

    async def _start(self, more: list[tuple[str, str]]) -> None:
        headers = [("content-type", self._dialect.content_type), ("cache-control", "no-store"), *more]
        # A proxy that collects answers before it hands them on would hold a stream back.
        headers.append(("x-accel-buffering", "no"))
        raw = [(name.encode(), value.encode()) for name, value in headers]
        await self._send({"type": "http.response.start", "status": 200, "headers": raw})

    async def _body(self, frame: bytes, *, more: bool) -> None:
        await self._send({"type": "http.response.body", "body": self._dialect.write(frame), "more_body": more})


def _code(status: status_pb2.Status) -> grpc.StatusCode:
    return next(code for code in grpc.StatusCode if code.value[0] == status.code)
