"""Ends a read that waits too long: a blocking iterator of gRPC cannot be given a time limit of its own."""

import threading
from collections.abc import Callable
from typing import Protocol

__all__ = ["Timer", "Watchdog"]


class Timer(Protocol):
    """Runs something once, later, unless it is cancelled before; `threading.Timer` is one."""

    def start(self) -> None: ...

    def cancel(self) -> None: ...


class Watchdog:
    """Calls `bite`, once, when a wait lasts longer than `limit` seconds.

    One timer serves many short waits: it looks again when it goes off. With nobody waiting it lapses, so that an
    abandoned watch is not kept alive by it.
    """

    def __init__(
        self,
        limit: float,
        bite: Callable[[], object],
        *,
        now: Callable[[], float],
        timer: Callable[[float, Callable[[], None]], Timer],
    ) -> None:
        self.limit = limit
        self.bitten = False
        self._bite = bite
        self._now = now
        self._new_timer = timer
        self._timer: Timer | None = None
        self._waiting_since: float | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """A wait begins."""
        with self._lock:
            self._waiting_since = self._now()
            if self._timer is None:
                self._arm(self.limit)

    def end(self) -> None:
        """It ended in time."""
        with self._lock:
            self._waiting_since = None

    def close(self) -> None:
        """No other wait follows."""
        with self._lock:
            self._waiting_since = None
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _arm(self, seconds: float) -> None:
        self._timer = self._new_timer(seconds, self._look)
        self._timer.start()

    def _look(self) -> None:
        with self._lock:
            self._timer = None
            if self._waiting_since is None:
                return
            left = self._waiting_since + self.limit - self._now()
            if left > 0:
                self._arm(left)
                return
            self.bitten = True
        self._bite()
