"""One socket, from its opening to its close."""

import asyncio
from collections.abc import Sequence
from typing import Final, NoReturn, assert_never

import grpc
from starlette.websockets import WebSocket, WebSocketDisconnect

from fillwire_bridge import statuses
from fillwire_bridge.metrics import REFUSED
from fillwire_bridge.parts import Parts
from fillwire_bridge.socket import frames
from fillwire_bridge.socket.admission import Admission
from fillwire_bridge.socket.caller import Caller
from fillwire_bridge.socket.calls import OpenCall, Request
from fillwire_bridge.socket.closing import Closed, Code
from fillwire_bridge.socket.limits import Limits
from fillwire_bridge.socket.writer import Writer

__all__ = ["Session"]

_CANCELLED: Final = statuses.refused(grpc.StatusCode.CANCELLED, "CANCELLED", "the client cancelled the call")


class Session:
    """Reads what the client says; each call answers for itself, beside the others."""

    def __init__(self, socket: WebSocket, parts: Parts, limits: Limits) -> None:
        """Begins with `run`."""
        self._socket = socket
        self._parts = parts
        self._limits = limits
        self._writer = Writer(socket, slow_seconds=limits.slow_seconds)
        self._caller = Caller(socket.headers, parts)
        self._admission = Admission(limits, max_calls=parts.settings.max_calls)
        self._answering = asyncio.Semaphore(limits.answering)
        self._calls: dict[str, OpenCall] = {}
        self._tasks = asyncio.TaskGroup()
        self.started = 0
        """Calls so far."""

    @property
    def relayed(self) -> int:
        """Messages of the engine so far."""
        return self._writer.relayed

    async def run(self) -> NoReturn:
        """Raises a group of Closed and WebSocketDisconnect; no call is open then."""
        async with self._tasks:
            self._tasks.create_task(self._drain())
            await self._begin()
            while True:
                await self._hear(await self._next())

    async def _begin(self) -> None:
        try:
            async with asyncio.timeout(self._limits.silent_seconds):
                first = await self._next()
        except TimeoutError:
            raise Closed(Code.UNAUTHENTICATED, f"nothing was said for {self._limits.silent_seconds:g} s") from None
        if isinstance(first, frames.Hello):
            await self._writer.say(frames.ready(await self._caller.named(first.token)))
        else:
            await self._hear(first)

    async def _next(self) -> frames.Frame:
        # Whoever says much at once is heard in turn with the other sockets.
        await asyncio.sleep(0)
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message["code"])
        if (text := message.get("text")) is None:
            raise Closed(Code.BINARY, "this protocol is text")
        return frames.read(text)

    async def _hear(self, frame: frames.Frame) -> None:
        match frame:
            case frames.Call():
                await self._start(frame)
            case frames.Cancel():
                if call := self._calls.get(frame.id):
                    call.end(_CANCELLED)
            case frames.Ping():
                await self._writer.say(frames.pong(frame))
            case frames.Hello():
                raise Closed(Code.MALFORMED, "hello is the first message, and said once")
            case _:
                assert_never(frame)

    async def _start(self, call: frames.Call) -> None:
        if call.id in self._calls:
            raise Closed(Code.MALFORMED, f"the id {call.id!a} is in use")
        metadata = self._caller.metadata()
        try:
            method, wire = self._admission.admit(call, open_calls=len(self._calls))
        except statuses.Refusal as refusal:
            REFUSED.labels(statuses.reason(refusal.status)).inc()
            await self._writer.say(frames.end(call.id, refusal.status))
            return
        self.started += 1
        opened = OpenCall(call.id, Request(method, wire, metadata), self._parts.upstream, self._writer, self._answering)
        self._calls[call.id] = opened
        opened.task = self._tasks.create_task(self._run(opened))

    async def _run(self, call: OpenCall) -> None:
        try:
            await call.run()
        finally:
            del self._calls[call.id]

    async def _drain(self) -> None:
        """Streams end at once; what answers once has half of the time that there is."""
        await self._parts.draining.wait()
        self._admission.shut(statuses.draining())
        await self._end([call for call in self._calls.values() if call.streams])
        if answering := [call.task for call in self._calls.values()]:
            await asyncio.wait(answering, timeout=self._parts.settings.drain_seconds / 2)
        await self._end([*self._calls.values()])
        raise Closed(Code.DRAINING, "this bridge is stopping; resume on another one")

    async def _end(self, calls: Sequence[OpenCall]) -> None:
        for call in calls:
            call.end(statuses.draining())
        if calls:
            await asyncio.wait([call.task for call in calls])
