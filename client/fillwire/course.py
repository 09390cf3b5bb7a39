"""The course of a stream over all its connections: what the next one asks for, and when there is none. Free of I/O."""

import logging
from abc import ABC, abstractmethod
from typing import Any, Final, Generic, TypeVar

from fillwire.errors import (
    AlreadyExists,
    ApiError,
    DeadlineExceeded,
    FailedPrecondition,
    InvalidRequest,
    NotFound,
    OutOfRange,
    PermissionDenied,
    Unauthenticated,
    Unavailable,
    Unimplemented,
)
from fillwire.retry import Chance, pause
from fillwire.talks import Steps
from fillwire.tokens import Tokens
from fillwire.wire.methods import Call

__all__ = ["TERMINATING", "Course", "silent"]

T = TypeVar("T")

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


class Course(ABC, Generic[T]):
    """Where a stream stands, and what that means for the next frame, the next request and the next pause."""

    def __init__(
        self, *, timeout: float | None, heartbeat_seconds: float | None, max_retries: int, chance: Chance
    ) -> None:
        self.finished = False
        """Whether nothing can follow."""
        self.silence_limit = None if heartbeat_seconds is None else _SILENT_INTERVALS * heartbeat_seconds
        """Seconds without a frame after which a connection is dead. `None`: this stream has no heartbeats."""
        self._heartbeat_seconds = heartbeat_seconds
        self._max_retries = max_retries
        self._chance = chance
        self._deadline = None if timeout is None else chance.now() + timeout
        self._failures = 0
        self._reached = False
        self._frames = 0

    @property
    def timeout(self) -> float | None:
        """Seconds left for the whole stream. `None`: no limit."""
        return None if self._deadline is None else max(self._deadline - self._chance.now(), 0.0)

    @abstractmethod
    def call(self) -> Steps[Call[Any]]:
        """What to ask for on the next connection."""

    @abstractmethod
    def symbols(self, frame: Any) -> set[str]:
        """The tokens one must know to read a frame."""

    @abstractmethod
    def take(self, frame: Any, tokens: Tokens) -> T | None:
        """What a frame gives. `None`: nothing, or what was given before.

        Raises `Unavailable` where something is missing; a new connection brings it.
        """

    @abstractmethod
    def name(self) -> str:
        """What it is, for the log: "watch of order 1"."""

    @abstractmethod
    def place(self) -> str:
        """From where the next connection goes on, for the log: "after seq 3"."""

    def _connect(self) -> None:
        """A connection begins."""
        self._frames = 0

    def _hear(self) -> None:
        """The engine has sent a frame that needs no order to mean something."""
        self._reached = True
        self._frames += 1
        # Not with the first one: an engine that gives no other must not be asked without pause.
        if self._frames > 1:
            self._failures = 0

    def standing(self) -> str:
        """What is known when the time is up, for people."""
        return f"{self.name()} was to go on {self.place()}"

    def end_of_stream(self) -> None:
        """The engine ended the stream with OK. Raises `Unavailable` where that is not its end."""
        raise Unavailable("the stream ended before its time", reason="CUT_SHORT")

    def pause_after(self, error: ApiError) -> float:
        """Seconds to wait before the next connection. Raises where there shall be none.

        Until it is reached a stream is a call like any other, with its number of retries; from then on it lives as
        long as what it shows, or as its timeout.
        """
        self._failures += 1
        if (
            self.finished
            or isinstance(error, TERMINATING)
            or (not self._reached and self._failures > self._max_retries)
        ):
            raise error
        seconds = pause(self._failures, self._chance, error.retry_after)
        if self._deadline is not None and self._chance.now() + seconds >= self._deadline:
            raise DeadlineExceeded(f"the time is up; {self.standing()}") from error
        why = error.reason or error.code
        log.info("%s is cut off (%s); resuming %s in %.1f s", self.name(), why, self.place(), seconds)
        return seconds
