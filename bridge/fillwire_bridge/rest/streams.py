"""A stream of the engine, handed on as it comes.

It is answered when the engine has said something, so that what it refuses has a status of HTTP; a stream that is silent at first
is begun all the same.
"""

import asyncio
from typing import Any, Final

import grpc
from google.rpc import status_pb2  # type: ignore[import-untyped]
from starlette.types import Send

from fillwire.v1 import order_pb2
from fillwire.v1.order_service_pb2 import WatchOrderRequest, WatchOrderResponse
from fillwire_bridge import metrics
from fillwire_bridge.contract import Method
from fillwire_bridge.rest.answers import NO_STORE
from fillwire_bridge.rest.asking import Asked
from fillwire_bridge.rest.frames import Form
from fillwire_bridge.rest.requests import RESUME

__all__ = ["Stream", "relay"]

_SILENT_SECONDS: Final = 1.0
_FINAL: Final = frozenset(
    {
        order_pb2.ORDER_STATUS_CONFIRMED,
        order_pb2.ORDER_STATUS_FAILED,
        order_pb2.ORDER_STATUS_CANCELLED,
        order_pb2.ORDER_STATUS_EXPIRED,
    }
)


class Stream:
    """An answer that is sent frame by frame."""

    def __init__(self, form: Form, method: Method, send: Send) -> None:
        self._form = form
        self._method = method
        self._send = send
        self._count = metrics.MESSAGES.labels("rest")
        self.begun = False
        """Whether its status has been sent: from then on, what goes wrong is told in the stream."""
        self.over = False

    async def begin(self) -> None:
        headers = {**NO_STORE, "content-type": self._form.media_type, "x-accel-buffering": "no"}
        await self._start(200, headers)
        await self._body(self._form.begin())

    async def frame(self, wire: bytes) -> None:
        self._count.inc()
        await self._body(self._form.frame(self._method.response, wire))

    async def end(self, status: status_pb2.Status) -> None:
        """Says how it ended, where that has not been said."""
        if not self.over:
            await self._body(self._form.end(status), more=False)

    async def nothing(self) -> None:
        """Answers that nothing is left: an EventSource does not come back after that."""
        self.over = True
        await self._start(204, NO_STORE)
        await self._body(b"", more=False)

    async def _start(self, status: int, headers: Any) -> None:
        self.begun = True
        raw = [(name.encode(), text.encode()) for name, text in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def _body(self, text: bytes, *, more: bool = True) -> None:
        await self._send({"type": "http.response.body", "body": text, "more_body": more})


async def relay(call: "grpc.aio.UnaryStreamCall[bytes, bytes]", asked: Asked, stream: Stream) -> None:
    """Sends every frame on; a reader that takes its time holds the engine back. Raises what the call raises."""
    wire = await _first(call, stream)
    if not stream.begun:
        order = _snapshot(asked, wire)
        if order and _seen(asked) > order.last_seq:
            await call.read()  # the engine refuses that, but for the snapshot, which is not sent on
        if order and _seen(asked) == order.last_seq and order.status in _FINAL and RESUME in asked.headers:
            await stream.nothing()
            return
        await stream.begin()
    while wire is not grpc.aio.EOF:
        await stream.frame(wire)
        wire = await call.read()


async def _first(call: "grpc.aio.UnaryStreamCall[bytes, bytes]", stream: Stream) -> Any:
    reading = asyncio.ensure_future(call.read())
    try:
        await asyncio.wait([reading], timeout=_SILENT_SECONDS)
        if not reading.done():
            await stream.begin()
        return await reading
    finally:
        reading.cancel()


def _snapshot(asked: Asked, wire: Any) -> order_pb2.Order | None:
    """The order, of a watch of one order that began with it."""
    if asked.row.method.response is not WatchOrderResponse or wire is grpc.aio.EOF:
        return None
    return WatchOrderResponse.FromString(wire).snapshot


def _seen(asked: Asked) -> int:
    """The seq of the last event that the watcher of an order has."""
    return asked.request.after_seq if isinstance(asked.request, WatchOrderRequest) else 0
