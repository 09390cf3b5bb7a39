"""When a call is made again, and after how long. Pure: the clock and the dice are given."""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from fillwire.errors import ApiError, DeadlineExceeded, Unavailable
from fillwire.wire.methods import Method

__all__ = ["FIRST_PAUSE", "LONGEST_PAUSE", "Attempts", "Chance", "Policy", "pause"]

FIRST_PAUSE: Final = 0.1
"""Seconds; the bound of the first pause, doubled with each one that follows."""

LONGEST_PAUSE: Final = 5.0
"""Seconds; no bound is greater."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient a client is."""

    timeout: float | None = None
    """Seconds for a whole call, retries included. `None`: the method's own."""
    max_retries: int = 2
    """How often a call is made again."""


@dataclass(frozen=True, slots=True)
class Chance:
    """Time and luck; tests give their own."""

    now: Callable[[], float] = time.monotonic
    random: Callable[[], float] = random.random


def pause(failures: int, chance: Chance, retry_after: float | None) -> float:
    """Seconds to wait after so many failures in a row: full jitter, on top of what the engine asked for.

    Full jitter is the variant of https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ that
    spreads the clients of a restarted server best. An engine asks all of them for the same; they are spread over as
    long again, or they would come back in one instant.
    """
    least = retry_after or 0.0
    bound = min(LONGEST_PAUSE, math.ldexp(FIRST_PAUSE, min(failures - 1, 16)))
    return least + chance.random() * max(bound, least)


class Attempts:
    """The attempts at one call."""

    def __init__(self, method: Method[Any], policy: Policy, chance: Chance) -> None:
        self._asks_again = method.asks_again
        self._retries = 0 if method.once else policy.max_retries
        self._failures = 0
        self._chance = chance
        timeout = method.timeout if policy.timeout is None else policy.timeout
        self._deadline = None if timeout is None else chance.now() + timeout

    @property
    def timeout(self) -> float | None:
        """Seconds the next attempt may take. `None`: no limit.

        Where a lost answer is asked for again, an attempt gets half of what is left, or there were no time to ask.
        """
        if self._deadline is None:
            return None
        left = max(self._deadline - self._chance.now(), 0.0)
        return left / 2 if self._asks_again and self._failures < self._retries else left

    def pause_after(self, error: ApiError) -> float:
        """Seconds to wait before the next attempt. Raises the error where there is none to make."""
        self._failures += 1
        if self._failures > self._retries or not self._worth_repeating(error):
            raise error
        seconds = pause(self._failures, self._chance, error.retry_after)
        if self._deadline is not None and self._chance.now() + seconds >= self._deadline:
            raise error
        return seconds

    def _worth_repeating(self, error: ApiError) -> bool:
        return isinstance(error, Unavailable) or (self._asks_again and isinstance(error, DeadlineExceeded))
