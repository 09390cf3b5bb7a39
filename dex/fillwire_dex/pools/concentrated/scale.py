"""Ticks and their square-root prices, Q64.64; each venue's table is a `TickScale` of its own.

Tick t stands near 1.0001 ** (t / 2), but the venues compute it with truncating integers and other
constants, so that their tables differ at most ticks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, log
from typing import Final

LAST_TICK: Final = 443_636
"""Ticks run from minus this to this, on every venue."""

ONE: Final = 1 << 64
"""The sqrt price 1."""

_LOG_OF_TICK: Final = log(1.0001) / 2


@dataclass(frozen=True, slots=True)
class TickScale:
    """`sqrt_price_at` must rise from tick to tick."""

    sqrt_price_at: Callable[[int], int]

    def tick_at(self, sqrt_price: int) -> int:
        """Return the greatest tick whose sqrt price is not above this one, at least the first tick."""
        tick = floor(log(sqrt_price / ONE) / _LOG_OF_TICK)
        tick = max(-LAST_TICK, min(tick, LAST_TICK))
        while tick > -LAST_TICK and self.sqrt_price_at(tick) > sqrt_price:
            tick -= 1
        while tick < LAST_TICK and self.sqrt_price_at(tick + 1) <= sqrt_price:
            tick += 1
        return tick
