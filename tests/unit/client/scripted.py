"""An engine that says what the test wrote down, over a real gRPC server."""

import asyncio
import threading
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from fillwire.wire.methods import serialize
from tests.unit.client.messages import ACCOUNTS, MARKET, ORDERS, TOKENS, trailers


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

    async def stream(self, method: str, request: Message, context: Any) -> AsyncIterator[Message]:
        self.open_streams += 1
        try:
            async for line in self.speak(method, request, context):
                yield line
        finally:
            self.open_streams -= 1
            self.streams_closed.set()


def _handlers(engine: Engine, service: Any) -> grpc.GenericRpcHandler:
    """All methods of a service, answered by the engine."""

    def handler(method: MethodDescriptor) -> Any:
        async def stream(request: Message, context: Any) -> AsyncIterator[Message]:
            async for line in engine.stream(method.name, request, context):
                yield line

        async def unary(request: Message, context: Any) -> Message:
            return await anext(engine.speak(method.name, request, context))

        request = message_factory.GetMessageClass(method.input_type).FromString
        if method.server_streaming:
            return grpc.unary_stream_rpc_method_handler(stream, request, serialize)
        return grpc.unary_unary_rpc_method_handler(unary, request, serialize)

    methods = {name: handler(method) for name, method in service.methods_by_name.items()}
    return grpc.method_handlers_generic_handler(service.full_name, methods)


@asynccontextmanager
async def serving(engine: Engine, credentials: grpc.ServerCredentials | None = None) -> AsyncIterator[str]:
    """The engine on a free port, encrypted where there are credentials; gives its target."""
    server = grpc.aio.server()
    server.add_generic_rpc_handlers([_handlers(engine, service) for service in (ORDERS, MARKET, ACCOUNTS)])
    if credentials is None:
        port = server.add_insecure_port("127.0.0.1:0")
    else:
        port = server.add_secure_port("127.0.0.1:0", credentials)
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)


@contextmanager
def serving_beside(engine: Engine, credentials: grpc.ServerCredentials | None = None) -> Iterator[str]:
    """The same in a thread of its own, for a test that calls synchronously."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = serving(engine, credentials)
    try:
        yield asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
