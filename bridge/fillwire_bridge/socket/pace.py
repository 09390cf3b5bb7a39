"""How often something may be done: a bucket that fills with time."""

import time
from collections.abc import Callable

__all__ = ["Pace"]


class Pace:
    """So many times a second, and `burst` times at once after a rest."""

    def __init__(self, per_second: float, *, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._left = burst
        self._at = clock()

    def wait_seconds(self) -> float:
        """Takes a turn and gives 0; where there is none, gives the seconds until there is."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return (1 - self._left) / self._per_second
        self._left -= 1
        return 0.0
