"""A channel to the engine, and how calls are made on it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message

from fillwire.conversations import Conversations
from fillwire.credentials import credentials
from fillwire.retry import Attempts, Chance, Policy
from fillwire.settings import CHANNEL_OPTIONS, Settings
from fillwire.sync.connection import Connection
from fillwire.sync.watchdog import Timer, Watchdog
from fillwire.talks import Steps
from fillwire.wire.failures import translate
from fillwire.wire.methods import Call, serialize

__all__ = ["Line", "open_line"]

R = TypeVar("R")
M = TypeVar("M", bound=Message)


def _daemon_timer(seconds: float, action: Callable[[], None]) -> Timer:
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    return timer


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A channel, who speaks on it, and the clock it goes by; shared by all copies of a client."""

    channel: grpc.Channel
    metadata: tuple[tuple[str, str], ...] = ()
    chance: Chance = field(default_factory=Chance)
    sleep: Callable[[float], None] = time.sleep
    timer: Callable[[float, Callable[[], None]], Timer] = _daemon_timer
    conversations: Conversations = field(default_factory=Conversations)

    def hold(self, steps: Steps[R], policy: Policy) -> R:
        """Makes the calls of a conversation; returns its result."""
        answer: Any = None
        while True:
            try:
                call = steps.send(answer)
            except StopIteration as done:
                result: R = done.value
                return result
            answer = self._ask(call, policy)

    def _ask(self, call: Call[M], policy: Policy) -> M:
        attempts = Attempts(call.method, policy, self.chance)
        ask = self.channel.unary_unary(call.method.path, serialize, call.method.answer.FromString)
        while True:
            try:
                return ask(call.request, timeout=attempts.timeout, metadata=self.metadata)
            except grpc.RpcError as error:
                pause = attempts.pause_after(translate(error))
            self.sleep(pause)

    def open(self, call: Call[Any], *, timeout: float | None, silence_limit: float | None) -> Connection:
        """Opens a stream; nothing is known of it until the first read."""
        open_stream = self.channel.unary_stream(call.method.path, serialize, call.method.answer.FromString)
        frames = open_stream(call.request, timeout=timeout, metadata=self.metadata)
        if silence_limit is None:
            return Connection(frames, None)
        return Connection(frames, Watchdog(silence_limit, frames.cancel, now=self.chance.now, timer=self.timer))

    def close(self) -> None:
        """Ends the connection."""
        self.channel.close()


def open_line(settings: Settings) -> Line:
    """A line that connects with its first call."""
    if settings.tls:
        channel = grpc.secure_channel(settings.target, credentials(settings.tls), CHANNEL_OPTIONS)
    else:
        channel = grpc.insecure_channel(settings.target, CHANNEL_OPTIONS)
    return Line(channel=channel, metadata=settings.metadata)
