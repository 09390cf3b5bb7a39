"""Ways to an order's events: a WebSocket of the bridge for each watcher, or straight to the server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Final, Protocol

import grpc
from websockets.asyncio.client import ClientConnection, connect

from fillwire.v1 import order_service_pb2, order_service_pb2_grpc

__all__ = ["Happening", "Way", "way"]

Happening = tuple[int, float]
"""The seq of an event, and the time at which it was recorded, unix seconds."""

_AT_A_TIME: Final = 100
_WATCHES_EACH: Final = 800
"""Of one gRPC connection, on which the server takes a thousand calls at a time."""


class Way(Protocol):
    """A way to the engine's events."""

    async def connect(self, watchers: int) -> None:
        """Makes the connections that so many watchers need."""

    def watch(self, watcher: int, order_id: str) -> AsyncIterator[Happening]:
        """The events of an order, from its first to its end, for the watcher of this number."""


def way(address: str) -> Way:
    """Over a bridge, where `address` is a URL, else straight to the server."""
    return Sockets(address) if address.startswith("http") else Direct(address)


class Sockets:
    """A WebSocket of the bridge for each watcher."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("http", "ws", 1) + "/v1/ws"
        self._sockets: list[ClientConnection] = []

    async def connect(self, watchers: int) -> None:
        while (missing := watchers - len(self._sockets)) > 0:
            self._sockets += await asyncio.gather(*(self._greeted() for _ in range(min(_AT_A_TIME, missing))))

    async def watch(self, watcher: int, order_id: str) -> AsyncIterator[Happening]:
        socket = self._sockets[watcher]
        call = {"id": "1", "call": "OrderService/WatchOrder", "request": {"orderId": order_id, "afterSeq": "0"}}
        await socket.send(json.dumps(call))
        async for text in socket:
            frame = json.loads(text)
            if "end" in frame:
                return
            if event := frame.get("message", {}).get("event"):
                yield int(event["seq"]), datetime.fromisoformat(event["time"]).timestamp()

    async def _greeted(self) -> ClientConnection:
        socket = await connect(self._url, compression=None, open_timeout=60)
        await socket.send('{"hello": {}}')
        await socket.recv()
        return socket


class Direct:
    """No bridge: as many gRPC connections as the server wants for so many watches."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._stubs: list[Any] = []

    async def connect(self, watchers: int) -> None:
        for _ in range(0, watchers, _WATCHES_EACH):
            channel = grpc.aio.insecure_channel(self._target, options=[("grpc.use_local_subchannel_pool", 1)])
            await channel.channel_ready()
            self._stubs.append(order_service_pb2_grpc.OrderServiceStub(channel))

    async def watch(self, watcher: int, order_id: str) -> AsyncIterator[Happening]:
        stub = self._stubs[watcher % len(self._stubs)]
        async for frame in stub.WatchOrder(order_service_pb2.WatchOrderRequest(order_id=order_id, after_seq=0)):
            if frame.HasField("event"):
                yield frame.event.seq, frame.event.time.ToNanoseconds() / 1e9
