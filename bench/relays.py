"""Readers of the account's stream from its first event, in a process of their own: how fast each way brings it.

They count messages and read none, so that what they cost is the same for every way. Says when all have got all.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, Final

import grpc
import httpx
from websockets.asyncio.client import connect

from fillwire.v1 import order_service_pb2

__all__ = ["WAYS"]

_METHOD: Final = "/fillwire.v1.OrderService/WatchOrders"
_REQUEST: Final = order_service_pb2.WatchOrdersRequest(from_start=True).SerializeToString()


async def direct(target: str) -> AsyncGenerator[int]:
    """The server's own messages; yields the size of each, as all ways do."""
    async with grpc.aio.insecure_channel(target, options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
        follow: Any = channel.unary_stream(_METHOD)
        async for message in follow(_REQUEST):
            yield len(message)


async def web(url: str) -> AsyncGenerator[int]:
    """gRPC-Web, binary."""
    frames = _Frames()
    async for chunk in _posted(url, "application/grpc-web+proto", _framed(_REQUEST)):
        for size in frames.take(chunk):
            yield size


async def web_text(url: str) -> AsyncGenerator[int]:
    """gRPC-Web as text, each chunk of it a base64 of its own."""
    frames, rest = _Frames(), b""
    async for chunk in _posted(url, "application/grpc-web-text+proto", b64encode(_framed(_REQUEST))):
        rest += chunk
        whole = len(rest) // 4 * 4
        quads, rest = rest[:whole], rest[whole:]
        for size in frames.take(_decoded(quads)):
            yield size


async def socket(url: str) -> AsyncGenerator[int]:
    """JSON on a WebSocket."""
    call = {"id": "1", "call": "OrderService/WatchOrders", "request": {"fromStart": True}}
    async with connect(url.replace("http", "ws", 1) + "/v1/ws", compression=None, max_size=None) as connection:
        await connection.send(json.dumps(call))
        async for text in connection:
            yield len(text)


async def events(url: str) -> AsyncGenerator[int]:
    """JSON as Server-Sent Events; a block without a message, as a heartbeat is, counts as one too."""
    rest = b""
    async with (
        httpx.AsyncClient(timeout=60) as client,
        client.stream("GET", f"{url}/v1/events?from_start=true") as answer,
    ):
        async for chunk in answer.aiter_raw():
            *blocks, rest = (rest + chunk).split(b"\n\n")
            for block in blocks:
                if not block.startswith(b"retry:"):
                    yield len(block) + 2


WAYS: Final[dict[str, Callable[[str], AsyncGenerator[int]]]] = {
    "gRPC": direct,
    "gRPC-Web": web,
    "gRPC-Web text": web_text,
    "WebSocket": socket,
    "Server-Sent Events": events,
}


class _Frames:
    """Cuts a body into frames: a byte of flags, four of length, and as many as that says."""

    def __init__(self) -> None:
        self._rest = b""

    def take(self, chunk: bytes) -> list[int]:
        """The sizes of the frames that are whole now."""
        body, at, sizes = self._rest + chunk, 0, []
        while len(body) >= at + 5 and len(body) >= (end := at + 5 + int.from_bytes(body[at + 1 : at + 5], "big")):
            sizes.append(end - at)
            at = end
        self._rest = body[at:]
        return sizes


def _framed(message: bytes) -> bytes:
    return b"\0" + len(message).to_bytes(4, "big") + message


def _decoded(quads: bytes) -> bytes:
    """Base64 with padding in the middle, where one chunk ends and the next begins."""
    return b"".join(b64decode(part + b"=" * (-len(part) % 4)) for part in quads.replace(b"==", b"=").split(b"="))


async def _posted(url: str, kind: str, body: bytes) -> AsyncIterator[bytes]:
    headers = {"content-type": kind, "accept": kind}
    async with (
        httpx.AsyncClient(timeout=60) as client,
        client.stream("POST", url + _METHOD, content=body, headers=headers) as answer,
    ):
        async for chunk in answer.aiter_raw():
            yield chunk


async def main(name: str, address: str, readers: int, messages: int) -> None:
    """Reads until each reader has so many messages."""
    began = time.perf_counter()
    sizes = await asyncio.gather(*(_read(name, address, messages) for _ in range(readers)))
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "bytes": sum(sizes)}))


async def _read(name: str, address: str, messages: int) -> int:
    total = 0
    async with aclosing(WAYS[name](address)) as sizes:
        async for size in sizes:
            total += size
            messages -= 1
            if not messages:
                break
    return total


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
