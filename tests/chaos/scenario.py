"""A scenario: all that decides a run, but for the machine's own whims."""

from __future__ import annotations

import msgspec

from tests.chaos.rules.ending import REST_SECONDS

__all__ = ["Scenario"]


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """`kinds` are those that may strike, empty: all; with `hold` each lasts so many seconds.

    `rate` is orders a second, at most half of what the engine can do; `latency` how slow the venues are;
    `plant` a fault of the product to be caught. `rest` is how long orders are waited for when all has healed.
    """

    seed: int = 7
    duration: float = 60.0
    rate: float = 15.0
    kinds: tuple[str, ...] = ()
    hold: float | None = None
    latency: str = "default"
    plant: str | None = None
    rest: float = REST_SECONDS
