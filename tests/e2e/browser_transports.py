"""The two ways in which pages speak to the engine, through the bridge: the WebSocket, and gRPC-Web."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol, TypeVar

import httpx
from google.protobuf import json_format
from google.protobuf.message import Message
from google.rpc import status_pb2  # type: ignore[import-untyped]
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from fillwire_bridge import statuses
from tests.integration.bridge.web import BINARY, Heard, Web

__all__ = ["TRANSPORTS", "Ended", "Lost", "Transport"]

Answer = TypeVar("Answer", bound=Message)


class Ended(Exception):
    """The call came to an end that is not OK; `status` is google.rpc.Status as JSON."""

    def __init__(self, status: Mapping[str, Any]) -> None:
        super().__init__(status)
        self.status = status


class Lost(Exception):
    """The bridge went away."""


class Transport(Protocol):
    """An open way to the engine."""

    def messages(self, method: str, request: Message, kind: type[Answer]) -> AsyncIterator[Answer]:
        """What a call answers, to its OK. Leaving it cancels the call. Raises Ended and Lost."""


class Socket:
    """All calls over one WebSocket."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._names = count()
        self._heard: dict[str, asyncio.Queue[Mapping[str, Any]]] = {}

    async def listen(self) -> None:
        """Hands each message to its call, until the connection is lost."""
        try:
            async for text in self._connection:
                heard = json.loads(text)
                if heard.get("id") in self._heard:
                    self._heard[heard["id"]].put_nowait(heard)
        finally:
            for queue in self._heard.values():
                queue.put_nowait({})

    async def messages(self, method: str, request: Message, kind: type[Answer]) -> AsyncIterator[Answer]:
        name = str(next(self._names))
        heard = self._heard[name] = asyncio.Queue()
        await self._say({"id": name, "call": method, "request": json_format.MessageToDict(request)})
        try:
            while "message" in (said := await heard.get()):
                yield json_format.ParseDict(said["message"], kind())
            _end(said.get("end"))
        finally:
            del self._heard[name]
            await self._say({"id": name, "cancel": {}})

    async def _say(self, said: Mapping[str, Any]) -> None:
        with suppress(WebSocketException):
            await self._connection.send(json.dumps(said))


@dataclass(frozen=True, slots=True)
class GrpcWeb:
    """A request of HTTP for each call."""

    web: Web
    headers: Mapping[str, str] = field(default_factory=dict)

    async def messages(self, method: str, request: Message, kind: type[Answer]) -> AsyncIterator[Answer]:
        try:
            async with self.web.stream(method, request, **self.headers) as heard:
                async for wire in heard.frames():
                    yield kind.FromString(wire)
        except httpx.TransportError:
            raise Lost from None
        _end(_status(heard) if heard.trailers else None)


def _status(heard: Heard) -> Mapping[str, Any]:
    told = "grpc-status-details-bin" in heard.trailers
    return statuses.as_json(heard.status if told else status_pb2.Status(code=heard.code, message=heard.text))


def _end(status: Mapping[str, Any] | None) -> None:
    if status is None:
        raise Lost
    if status["code"] != "OK":
        raise Ended(status)


@asynccontextmanager
async def socket(bridge_url: str, token: str = "") -> AsyncIterator[Transport]:
    try:
        async with connect(bridge_url.replace("http", "ws", 1) + "/v1/ws", proxy=None) as connection:
            hello = {"token": token} if token else {}
            await connection.send(json.dumps({"hello": hello}))
            assert "ready" in json.loads(await connection.recv())
            opened = Socket(connection)
            listening = asyncio.create_task(opened.listen())
            try:
                yield opened
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
    except (OSError, WebSocketException):
        raise Lost from None


@asynccontextmanager
async def grpc_web(bridge_url: str, token: str = "") -> AsyncIterator[Transport]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(base_url=bridge_url, timeout=30, trust_env=False) as http:
        yield GrpcWeb(Web(http, BINARY), headers)


TRANSPORTS = {"socket": socket, "grpc_web": grpc_web}
"""By name: opens one to a bridge, for whom a token names."""
