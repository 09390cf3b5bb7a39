"""A client of gRPC-Web that shows what went over the wire: frames as they come, and trailers."""

import base64
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

import httpx
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]

BINARY = "application/grpc-web+proto"
TEXT = "application/grpc-web-text+proto"


def frame(message: bytes, *, flags: int = 0) -> bytes:
    return struct.pack(">BI", flags, len(message)) + message


@dataclass(slots=True)
class Heard:
    """An answer: its messages so far, and its trailers once they are there."""

    response: httpx.Response
    messages: list[bytes] = field(default_factory=list)
    trailers: dict[str, str] = field(default_factory=dict)

    @property
    def code(self) -> int:
        return int(self.trailers["grpc-status"])

    @property
    def text(self) -> str:
        return unquote(self.trailers.get("grpc-message", ""))

    @property
    def reason(self) -> str:
        info = error_details_pb2.ErrorInfo()
        self.status.details[0].Unpack(info)
        return str(info.reason)

    @property
    def status(self) -> status_pb2.Status:
        raw = self.trailers["grpc-status-details-bin"]
        return status_pb2.Status.FromString(base64.b64decode(raw + "=" * (-len(raw) % 4)))

    async def frames(self) -> AsyncIterator[bytes]:
        """Messages as they come; the trailers end it."""
        buffer = b""
        async for chunk in self._chunks():
            buffer += chunk
            while len(buffer) >= 5:
                flags, length = struct.unpack_from(">BI", buffer)
                if len(buffer) < 5 + length:
                    break
                body, buffer = buffer[5 : 5 + length], buffer[5 + length :]
                if flags & 0x80:
                    self.trailers = dict(map(_trailer, body.decode("ascii").splitlines()))
                else:
                    self.messages.append(body)
                    yield body
        assert not buffer, "half a frame"
        if "grpc-status" in self.response.headers:
            self.trailers = dict(self.response.headers)

    async def _chunks(self) -> AsyncIterator[bytes]:
        text = self.response.headers["content-type"].startswith("application/grpc-web-text")
        rest = b""
        async for chunk in self.response.aiter_bytes():
            if not text:
                yield chunk
                continue
            # As the official client reads it: whatever is there, in whole groups of four.
            rest += chunk
            whole = len(rest) - len(rest) % 4
            yield b"".join(base64.b64decode(rest[at : at + 4], validate=True) for at in range(0, whole, 4))
            rest = rest[whole:]
        assert not rest


@dataclass(frozen=True, slots=True)
class Web:
    """Calls over one HTTP client."""

    http: httpx.AsyncClient
    content_type: str = BINARY

    def body(self, request: Message) -> bytes:
        framed = frame(request.SerializeToString())
        return base64.b64encode(framed) if self.content_type == TEXT else framed

    async def ask(self, method: str, request: Message, **headers: str) -> Heard:
        """The whole answer."""
        return await self.send(method, self.body(request), **headers)

    async def send(self, method: str, body: bytes, **headers: str) -> Heard:
        """The whole answer to a body as it is."""
        async with self.opened(method, body, headers) as heard:
            async for _ in heard.frames():
                pass
        return heard

    @asynccontextmanager
    async def stream(self, method: str, request: Message, **headers: str) -> AsyncIterator[Heard]:
        """An answer that is read while the block runs; leaving the block closes its connection."""
        async with self.opened(method, self.body(request), headers) as heard:
            yield heard

    @asynccontextmanager
    async def opened(
        self, method: str, body: bytes | AsyncIterator[bytes], headers: Mapping[str, str]
    ) -> AsyncIterator[Heard]:
        named = {"content-type": self.content_type} | {name.replace("_", "-"): value for name, value in headers.items()}
        path = f"/fillwire.v1.{method}" if not method.startswith("/") else method
        async with self.http.stream("POST", path, content=body, headers=named) as response:
            yield Heard(response)


def _trailer(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name, value.strip()
