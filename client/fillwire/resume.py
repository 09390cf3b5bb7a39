"""The course of a watch: the events of one order, each once and in order."""

from dataclasses import dataclass
from typing import Any

from google.protobuf import duration_pb2

from fillwire.course import Course
from fillwire.errors import Internal, Unavailable
from fillwire.event import Event
from fillwire.order import Order
from fillwire.retry import Chance
from fillwire.status import Status
from fillwire.talks import Steps
from fillwire.tokens import Tokens
from fillwire.v1 import order_pb2, order_service_pb2
from fillwire.wire.events import read_event
from fillwire.wire.methods import WATCH_ORDER, Call
from fillwire.wire.orders import read_order
from fillwire.wire.scalars import duration
from fillwire.wire.symbols import of_event, of_order

__all__ = ["Ask", "Resume"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a watch is asked to show."""

    after_seq: int | None = 0
    """Only events with a greater seq. 0: from the first. `None`: only what comes after the snapshot."""
    timeout: float | None = None
    """Seconds for the whole watch. `None`: as long as the order lives."""
    heartbeat_seconds: float = 15.0
    """How long the engine may be silent before it gives a sign of life, 1 to 60."""
    terminal_only: bool = False
    """Only the final event."""

    @property
    def heartbeat_interval(self) -> duration_pb2.Duration:
        """For the wire."""
        return duration(self.heartbeat_seconds)


class Resume(Course[Event]):
    """The state of one watch over all its connections.

    Every event is given once and in order: what has been seen is skipped, and after a gap the log is asked again.
    """

    def __init__(self, order_id: str, ask: Ask, *, max_retries: int, chance: Chance) -> None:
        super().__init__(
            timeout=ask.timeout, heartbeat_seconds=ask.heartbeat_seconds, max_retries=max_retries, chance=chance
        )
        self.order_id = order_id
        self.last_seq = ask.after_seq
        self.snapshot: Order | None = None
        self.status: Status | None = None
        """Where the order is, by the last frame that told."""
        self._ask = ask

    def call(self) -> Steps[Call[Any]]:
        yield from ()
        request = order_service_pb2.WatchOrderRequest(
            order_id=self.order_id,
            after_seq=self.last_seq,
            heartbeat_interval=self._ask.heartbeat_interval,
            terminal_only=self._ask.terminal_only,
        )
        return Call(WATCH_ORDER, request)

    def symbols(self, frame: order_service_pb2.WatchOrderResponse) -> set[str]:
        return of_order(frame.snapshot) | of_event(frame.event)

    def take(self, frame: order_service_pb2.WatchOrderResponse, tokens: Tokens) -> Event | None:
        match frame.WhichOneof("frame"):
            case "snapshot":
                self.begin(read_order(frame.snapshot, tokens))
                return None
            case "event":
                return self.step(frame.event, tokens)
            case "heartbeat":
                self.beat(frame.heartbeat.last_seq)
                return None
            case None:
                return None

    def begin(self, order: Order) -> None:
        """A connection begins with the order as it is."""
        # The failures stay: a server that only ever gives the snapshot must not be asked without pause.
        self._reached = True
        self.snapshot = order
        self.status = order.status
        if self.last_seq is None:
            self.last_seq = order.last_seq
        # Not where last_seq is beyond the log: that is an error, and the engine is about to tell it.
        self.finished = order.status.final and order.last_seq == self.last_seq

    def step(self, message: order_pb2.OrderEvent, tokens: Tokens) -> Event | None:
        """An event has come."""
        if self.snapshot is None or self.last_seq is None:
            raise Internal("the stream began without a snapshot", reason="NO_SNAPSHOT")
        if message.seq <= self.last_seq:
            return None
        self._expect_none_missing(message.seq - 1)
        event = read_event(message, tokens, self.snapshot.spec)
        self._failures = 0
        self.status = event.status
        self.last_seq = event.seq
        self.finished = event.status.final
        return event

    def beat(self, last_seq: int) -> None:
        """The engine says that it has sent every event up to this one."""
        self._failures = 0
        self._expect_none_missing(last_seq)

    def _expect_none_missing(self, seq: int) -> None:
        if not self._ask.terminal_only and self.last_seq is not None and seq > self.last_seq:
            raise Unavailable(f"events {self.last_seq + 1} to {seq} are missing", reason="GAP")

    def end_of_stream(self) -> None:
        # A status newer than this SDK may be a final one; the engine knows.
        self.finished = self.finished or self.status is Status.UNKNOWN
        if not self.finished:
            raise Unavailable("the stream ended before the order did", reason="CUT_SHORT")

    def name(self) -> str:
        return f"watch of order {self.order_id}"

    def place(self) -> str:
        return f"after seq {self.last_seq}"

    def standing(self) -> str:
        return f"order {self.order_id} is {self.status or 'not seen yet'}"
