"""A call of a socket, from its request to its end."""

import asyncio
from dataclasses import dataclass
from typing import Final

import grpc
from google.rpc import code_pb2, status_pb2  # type: ignore[import-untyped]

from fillwire_bridge import statuses
from fillwire_bridge.contract import Method
from fillwire_bridge.metrics import CALLS
from fillwire_bridge.socket import frames
from fillwire_bridge.socket.writer import Writer
from fillwire_bridge.upstream import Metadata, Upstream

__all__ = ["OpenCall", "Request"]

_OPEN: Final = CALLS.labels("socket")


@dataclass(frozen=True, slots=True)
class Request:
    """What goes to the engine."""

    method: Method
    wire: bytes
    """Its message."""
    metadata: Metadata


class OpenCall:
    """A call that is under way: it relays what the engine says, and says its own end, last and once."""

    task: asyncio.Task[None]
    """What runs it."""

    def __init__(
        self, name: str, request: Request, upstream: Upstream, writer: Writer, answering: asyncio.Semaphore
    ) -> None:
        """Begins with `run`; `answering` has the turns of calls that answer once."""
        self.id = name
        self._request = request
        self._upstream = upstream
        self._writer = writer
        self._answering = answering
        self._ending: status_pb2.Status | None = None
        # A timeout without a time: it cancels and cleans up as the library does it.
        self._relaying = asyncio.timeout(None)
        self._is_relaying = False

    @property
    def streams(self) -> bool:
        """Whether it is answered with a stream."""
        return self._request.method.streams

    def end(self, status: status_pb2.Status) -> None:
        """Ends it with `status`, wherever it stands; does nothing where it has ended."""
        if self._ending is None:
            self._ending = status
            if self._is_relaying:
                self._relaying.reschedule(asyncio.get_running_loop().time())

    async def run(self) -> None:
        """Until its end is said. Raises as `Writer.say`."""
        with _OPEN.track_inprogress():
            await self._writer.say(frames.end(self.id, self._ending or await self._status()))

    async def _status(self) -> status_pb2.Status:
        try:
            async with self._relaying:
                self._is_relaying = True
                try:
                    return await self._relay()
                finally:
                    self._is_relaying = False
        except TimeoutError:
            if self._ending is None:
                raise
            return self._ending

    async def _relay(self) -> status_pb2.Status:
        method, wire, metadata = self._request.method, self._request.wire, self._request.metadata
        try:
            if method.streams:
                with self._upstream.follow(method, wire, metadata=metadata) as stream:
                    async for said in stream:
                        await self._writer.relay(self.id, method.response, said)
            else:
                async with self._answering:
                    with self._upstream.ask(method, wire, metadata=metadata) as answer:
                        await self._writer.relay(self.id, method.response, await answer)
        except grpc.aio.AioRpcError as error:
            return statuses.of(error)
        return status_pb2.Status(code=code_pb2.OK)
