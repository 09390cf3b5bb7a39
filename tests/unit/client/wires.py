"""A synchronous client on a channel of `grpc_testing`, with a clock that only moves when it is told to."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import grpc

# It comes without types.
import grpc_testing  # type: ignore[import-untyped]
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from fillwire import Client
from fillwire.retry import Chance
from fillwire.sync.line import Line
from tests.unit.client.messages import ACCOUNTS, MARKET, ORDERS, TOKENS, trailers

T = TypeVar("T")

PATIENCE: Final = 10.0
"""Seconds a test waits for what is to happen at once."""


class Background(Generic[T]):
    """Something that runs in a thread of its own, and its outcome."""

    def __init__(self, action: Callable[[], T]) -> None:
        self._outcome: queue.Queue[tuple[T | None, BaseException | None]] = queue.Queue()
        threading.Thread(target=self._run, args=(action,), daemon=True).start()

    def _run(self, action: Callable[[], T]) -> None:
        try:
            self._outcome.put((action(), None))
        except BaseException as error:  # noqa: BLE001  whatever it is, it belongs to the test
            self._outcome.put((None, error))

    def result(self) -> Any:
        value, error = self._outcome.get(timeout=PATIENCE)
        if error is not None:
            raise error
        return value


class Alarm:
    """A timer that goes off when the test says so."""

    def __init__(self, seconds: float, action: Callable[[], None]) -> None:
        self.seconds = seconds
        self.started = False
        self.cancelled = False
        self._action = action

    def start(self) -> None:
        self.started = True

    def cancel(self) -> None:
        self.cancelled = True

    def ring(self) -> None:
        self._action()


@dataclass
class Clock:
    """Time stands still, but for sleeping and what the test adds."""

    time: float = 1000.0
    slept: list[float] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    _readings: int = 0
    _read: threading.Condition = field(default_factory=threading.Condition)

    def now(self) -> float:
        with self._read:
            self._readings += 1
            self._read.notify_all()
            return self.time

    def wait_for_readings(self, count: int) -> None:
        """Waits until the clock was read so often in all."""
        with self._read:
            assert self._read.wait_for(lambda: self._readings >= count, timeout=PATIENCE)

    @property
    def readings(self) -> int:
        return self._readings

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def timer(self, seconds: float, action: Callable[[], None]) -> Alarm:
        self.alarms.append(Alarm(seconds, action))
        return self.alarms[-1]


class Wires:
    """A client, and the other end of its wire."""

    def __init__(self, *, max_retries: int = 2, luck: float = 1.0) -> None:
        self.clock = Clock()
        self.channel = grpc_testing.channel([ORDERS, MARKET, ACCOUNTS], grpc_testing.strict_fake_time(0))
        line = Line(
            channel=self.channel,
            metadata=(("authorization", "Bearer 5ecret"),),
            chance=Chance(self.clock.now, lambda: luck),
            sleep=self.clock.sleep,
            timer=self.clock.timer,
        )
        self.client = Client(max_retries=max_retries, line=line)
        asking = self.begin(self.client.tokens)
        self.answer(MARKET, "ListTokens", TOKENS)
        asking.result()

    def begin(self, action: Callable[[], T]) -> Background[T]:
        """Calls the client beside the test."""
        return Background(action)

    def take(self, service: Any, name: str) -> tuple[Any, Any, Any]:
        """The next call of a method: its metadata, its request, and the engine's end of it."""
        method: MethodDescriptor = service.methods_by_name[name]
        take = self.channel.take_unary_stream if method.server_streaming else self.channel.take_unary_unary
        taken: tuple[Any, Any, Any] = Background(lambda: take(method)).result()
        return taken

    def answer(self, service: Any, name: str, response: Message) -> Any:
        """Answers the next call of a method; gives its request."""
        _, request, call = self.take(service, name)
        call.terminate(response, (), grpc.StatusCode.OK, "")
        return request

    def refuse(self, service: Any, name: str, code: grpc.StatusCode, message: str = "no", *details: Message) -> Any:
        """Refuses the next call of a method; gives its request."""
        _, request, call = self.take(service, name)
        call.terminate(None, trailers(code, message, *details), code, message)
        return request


def end(stream: Any, code: grpc.StatusCode, message: str = "no", *details: Message) -> None:
    """Ends a stream from the engine's side."""
    stream.terminate(trailers(code, message, *details) if details else (), code, message)
