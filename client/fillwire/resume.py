"""Where a watch stands, and what that means for the next frame, the next request and the next pause. Pure."""

import logging
from dataclasses import dataclass
from typing import Final

from fillwire.errors import (
    AlreadyExists,
    ApiError,
    DeadlineExceeded,
    FailedPrecondition,
    Internal,
    InvalidRequest,
    NotFound,
    OutOfRange,
    PermissionDenied,
    Unauthenticated,
    Unavailable,
    Unimplemented,
)
from fillwire.event import Event
from fillwire.order import Order
from fillwire.retry import Chance, pause
from fillwire.status import Status
from fillwire.tokens import Tokens
from fillwire.v1 import order_pb2, order_service_pb2
from fillwire.wire.orders import read_event, read_order
from fillwire.wire.symbols import of_event, of_order

__all__ = ["TERMINATING", "Ask", "Resume", "silent", "symbols"]

TERMINATING: Final = (
    InvalidRequest,
    NotFound,
    AlreadyExists,
    FailedPrecondition,
    OutOfRange,
    Unauthenticated,
    PermissionDenied,
    Unimplemented,
)
"""Errors that would come again however often one asked; all others end in a new connection."""

log = logging.getLogger("fillwire.watch")

_SILENT_INTERVALS: Final = 3
"""A stream without a frame for so many heartbeats is dead: one may be late, one lost."""


def silent(seconds: float) -> ApiError:
    """The error of a connection on which no frame came for so long."""
    return Unavailable(f"no sign of life for {seconds:g} s", reason="SILENT")


def symbols(frame: order_service_pb2.WatchOrderResponse) -> set[str]:
    """The tokens one must know to read a frame."""
    match frame.WhichOneof("frame"):
        case "snapshot":
            return of_order(frame.snapshot)
        case "event":
            return of_event(frame.event)
        case _:
            return set()


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


class Resume:
    """The state of one watch over all its connections.

    Every event is given once and in order: what has been seen is skipped, and after a gap the log is asked again.
    """

    def __init__(self, order_id: str, ask: Ask, *, max_retries: int, chance: Chance) -> None:
        self.order_id = order_id
        self.last_seq = ask.after_seq
        self.snapshot: Order | None = None
        self.status: Status | None = None
        """Where the order is, by the last frame that told."""
        self.finished = False
        """Whether the final event has been given, or had been before the watch began."""
        self._ask = ask
        self._max_retries = max_retries
        self._chance = chance
        self._deadline = None if ask.timeout is None else chance.now() + ask.timeout
        self._failures = 0

    @property
    def timeout(self) -> float | None:
        """Seconds left for the watch. `None`: no limit."""
        return None if self._deadline is None else max(self._deadline - self._chance.now(), 0.0)

    @property
    def silence_limit(self) -> float:
        """Seconds without a frame after which a connection is dead."""
        return _SILENT_INTERVALS * self._ask.heartbeat_seconds

    def request(self) -> order_service_pb2.WatchOrderRequest:
        """What to ask for on the next connection."""
        request = order_service_pb2.WatchOrderRequest(
            order_id=self.order_id, after_seq=self.last_seq, terminal_only=self._ask.terminal_only
        )
        request.heartbeat_interval.FromMilliseconds(round(self._ask.heartbeat_seconds * 1000))
        return request

    def take(self, frame: order_service_pb2.WatchOrderResponse, tokens: Tokens) -> Event | None:
        """The event of a frame. `None`: it has none, or one that was given before.

        Raises `Unavailable` where events are missing; a new connection brings them.
        """
        match frame.WhichOneof("frame"):
            case "snapshot":
                self._begin(read_order(frame.snapshot, tokens))
                return None
            case "event":
                return self._step(frame.event, tokens)
            case "heartbeat":
                self._failures = 0
                self._expect_none_missing(frame.heartbeat.last_seq)
                return None
            case None:
                return None

    def _begin(self, order: Order) -> None:
        # The failures stay: a server that only ever gives the snapshot must not be asked without pause.
        self.snapshot = order
        self.status = order.status
        if self.last_seq is None:
            self.last_seq = order.last_seq
        # Not where last_seq is beyond the log: that is an error, and the engine is about to tell it.
        self.finished = order.status.final and order.last_seq == self.last_seq

    def _step(self, message: order_pb2.OrderEvent, tokens: Tokens) -> Event | None:
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

    def _expect_none_missing(self, seq: int) -> None:
        if not self._ask.terminal_only and self.last_seq is not None and seq > self.last_seq:
            raise Unavailable(f"events {self.last_seq + 1} to {seq} are missing", reason="GAP")

    def end_of_stream(self) -> None:
        """The engine ended the stream with OK. Raises `Unavailable` where the order has not ended."""
        # A status newer than this SDK may be a final one; the engine knows.
        self.finished = self.finished or self.status is Status.UNKNOWN
        if not self.finished:
            raise Unavailable("the stream ended before the order did", reason="CUT_SHORT")

    def pause_after(self, error: ApiError) -> float:
        """Seconds to wait before the next connection. Raises where there shall be none.

        Until the first snapshot a watch is a call like any other, with its number of retries; from then on it lives
        as long as the order, or as its timeout.
        """
        self._failures += 1
        if isinstance(error, TERMINATING) or (self.snapshot is None and self._failures > self._max_retries):
            raise error
        seconds = pause(self._failures, self._chance, error.retry_after)
        if self._deadline is not None and self._chance.now() + seconds >= self._deadline:
            raise DeadlineExceeded(
                f"the time is up; order {self.order_id} is {self.status or 'not seen yet'}"
            ) from error
        log.info(
            "watch of order %s is cut off (%s); resuming after seq %s in %.1f s",
            self.order_id,
            error.reason or error.code,
            self.last_seq,
            seconds,
        )
        return seconds
