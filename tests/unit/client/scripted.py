"""An engine that says what the test wrote down, over a real gRPC server."""

import asyncio
import threading
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.message import Message

from fillwire.v1 import market_service_pb2_grpc, order_service_pb2_grpc
from tests.unit.client.messages import TOKENS, trailers


@dataclass(frozen=True)
class Refusal:
    """The engine says no."""

    code: grpc.StatusCode
    message: str = "no"
    details: tuple[Message, ...] = ()


class Silence:
    """The engine says nothing any more, and keeps the line open."""


Line = Message | Refusal | Silence
"""What the engine says; a stream is several of them, and ends with OK after the last message."""


class Engine:
    """Answers each call with the next script of its method, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: dict[str, list[Any]] = defaultdict(list)
        self.metadata: list[dict[str, str]] = []
        self.open_streams = 0
        self.streams_closed = asyncio.Event()
        self._scripts: dict[str, deque[tuple[Line, ...]]] = defaultdict(deque)
        self._scripts["ListTokens"].append((TOKENS,))

    def script(self, method: str, *lines: Line) -> None:
        """What the next call of the method that has no script yet will hear; the last script is repeated."""
        self._scripts[method].append(lines)

    def close_stream(self) -> None:
        self.open_streams -= 1
        self.streams_closed.set()

    async def answer(self, method: str, request: Message, context: Any) -> Message:
        return await anext(self.speak(method, request, context))

    async def speak(self, method: str, request: Message, context: Any) -> AsyncIterator[Message]:
        self.asked[method].append(request)
        self.metadata.append(dict(context.invocation_metadata()))
        scripts = self._scripts[method]
        for line in scripts.popleft() if len(scripts) > 1 else scripts[0]:
            match line:
                case Refusal(code, message, details):
                    context.set_trailing_metadata(trailers(code, message, *details))
                    await context.abort(code, message)
                case Silence():
                    await asyncio.Event().wait()
                case _:
                    yield line


class _Orders(order_service_pb2_grpc.OrderServiceServicer):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def SubmitOrder(self, request: Any, context: Any) -> Any:  # noqa: N802
        return await self._engine.answer("SubmitOrder", request, context)

    async def GetOrder(self, request: Any, context: Any) -> Any:  # noqa: N802
        return await self._engine.answer("GetOrder", request, context)

    async def ListOrders(self, request: Any, context: Any) -> Any:  # noqa: N802
        return await self._engine.answer("ListOrders", request, context)

    async def WatchOrder(self, request: Any, context: Any) -> Any:  # noqa: N802
        self._engine.open_streams += 1
        try:
            async for frame in self._engine.speak("WatchOrder", request, context):
                yield frame
        finally:
            self._engine.close_stream()


class _Market(market_service_pb2_grpc.MarketServiceServicer):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def GetQuote(self, request: Any, context: Any) -> Any:  # noqa: N802
        return await self._engine.answer("GetQuote", request, context)

    async def ListTokens(self, request: Any, context: Any) -> Any:  # noqa: N802
        return await self._engine.answer("ListTokens", request, context)

    async def ListVenues(self, request: Any, context: Any) -> Any:  # noqa: N802
        return await self._engine.answer("ListVenues", request, context)


@asynccontextmanager
async def serving(engine: Engine) -> AsyncIterator[str]:
    """The engine on a free port; gives its target."""
    server = grpc.aio.server()
    order_service_pb2_grpc.add_OrderServiceServicer_to_server(_Orders(engine), server)
    market_service_pb2_grpc.add_MarketServiceServicer_to_server(_Market(engine), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)


@contextmanager
def serving_beside(engine: Engine) -> Iterator[str]:
    """The same in a thread of its own, for a test that calls synchronously."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = serving(engine)
    try:
        yield asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
