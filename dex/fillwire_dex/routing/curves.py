"""The curves of pools as the router works on them, each prepared once while it is the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fillwire_dex.pools.pool import Direction, Pool
from fillwire_dex.routing.ladder import Curve, Ladder, ladder

_MOST_KNOWN: Final = 2_048


@dataclass(slots=True)
class _Known:
    pool: Pool
    now: int
    curve: Curve
    ladder: Ladder


_KNOWN: Final[dict[tuple[int, Direction], _Known]] = {}
"""By what object the pool is, which is kept alive with it; of two times, fees may be others, and mostly are not."""


def curve(pool: Pool, direction: Direction, *, now: int) -> tuple[Curve, Ladder]:
    """Return a pool's output curve, and the same as a ladder."""
    key = id(pool), direction
    known = _KNOWN.get(key)
    if known is None or known.pool is not pool:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        segments = pool.segments(direction, now=now)
        known = _KNOWN[key] = _Known(pool, now, segments, ladder(segments))
    elif known.now != now:
        segments = pool.segments(direction, now=now)
        if segments != known.curve:
            known.curve, known.ladder = segments, ladder(segments)
        known.now = now
    return known.curve, known.ladder
