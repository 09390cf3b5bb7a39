"""Where webhooks are delivered to in tests."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

__all__ = ["Receiver", "receiving"]


@dataclass
class Receiver:
    """A real HTTP server that keeps what it gets; answers with the next of `answers`, then with 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    answering: asyncio.Event = field(default_factory=asyncio.Event)
    """Clear it to have whoever posts wait for an answer."""

    def __post_init__(self) -> None:
        self.answering.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                headers = {key.lower(): value for key, value in (line.split(": ", 1) for line in head[1:] if line)}
                body = await reader.readexactly(int(headers["content-length"]))
                self.got.append((headers, body))
                self.news.set()
                await self.answering.wait()
                status = self.answers.pop(0) if self.answers else 200
                writer.write(
                    f"HTTP/1.1 {status} x\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".encode()
                )
                await writer.drain()
        writer.close()

    @property
    def ids(self) -> list[str]:
        """Of the messages it has got, each once, in the order they came."""
        return list(dict.fromkeys(headers["webhook-id"] for headers, _ in self.got))

    async def until(self, count: int) -> list[dict[str, str]]:
        """What it has got, once that is so much."""
        async with asyncio.timeout(20):
            while len(self.got) < count:
                self.news.clear()
                await self.news.wait()
        return [json.loads(body) for _, body in self.got]


@contextlib.asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver that listens on this machine."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    yield receiver
    server.close()
