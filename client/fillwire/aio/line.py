"""A channel to the engine, and how calls are made on it: the asynchronous twin of `fillwire.sync.line`."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message

from fillwire.aio.connection import Connection
from fillwire.conversations import Conversations
from fillwire.credentials import credentials
from fillwire.retry import Attempts, Chance, Policy
from fillwire.settings import CHANNEL_OPTIONS, Settings
from fillwire.talks import Steps
from fillwire.wire.failures import translate
from fillwire.wire.methods import Call, serialize

__all__ = ["Line"]

R = TypeVar("R")
M = TypeVar("M", bound=Message)


@dataclass(slots=True, kw_only=True)
class Line:
    """A channel, who speaks on it, and the clock it goes by; shared by all copies of a client."""

    settings: Settings
    chance: Chance = field(default_factory=Chance)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    conversations: Conversations = field(default_factory=Conversations)
    _channel: grpc.aio.Channel | None = None

    async def hold(self, steps: Steps[R], policy: Policy) -> R:
        """Makes the calls of a conversation; returns its result."""
        answer: Any = None
        while True:
            try:
                call = steps.send(answer)
            except StopIteration as done:
                result: R = done.value
                return result
            answer = await self._ask(call, policy)

    async def _ask(self, call: Call[M], policy: Policy) -> M:
        attempts = Attempts(call.method, policy, self.chance)
        ask = self._connected().unary_unary(call.method.path, serialize, call.method.answer.FromString)
        while True:
            try:
                return await ask(call.request, timeout=attempts.timeout, metadata=self.settings.metadata)
            except grpc.RpcError as error:
                pause = attempts.pause_after(translate(error))
            await self.sleep(pause)

    def open(self, call: Call[Any], *, timeout: float | None, silence_limit: float | None) -> Connection:
        """Opens a stream; nothing is known of it until the first read."""
        open_stream = self._connected().unary_stream(call.method.path, serialize, call.method.answer.FromString)
        return Connection(open_stream(call.request, timeout=timeout, metadata=self.settings.metadata), silence_limit)

    def _connected(self) -> grpc.aio.Channel:
        # Not before the first call: a channel belongs to the event loop in which it is made.
        if self._channel is None:
            if self.settings.tls:
                self._channel = grpc.aio.secure_channel(
                    self.settings.target, credentials(self.settings.tls), CHANNEL_OPTIONS
                )
            else:
                self._channel = grpc.aio.insecure_channel(self.settings.target, CHANNEL_OPTIONS)
        return self._channel

    async def close(self) -> None:
        """Ends the connection."""
        if self._channel is not None:
            await self._channel.close()
