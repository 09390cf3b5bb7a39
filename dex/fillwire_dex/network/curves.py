"""Curves as arrays, each made once.

Pools hand out the same tuple as long as they do not change, so its identity is the key;
the entry holds the tuple, so the identity cannot be given to another one meanwhile.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from fillwire_dex.pools.pool import Segment

Floats = NDArray[np.float64]
Curve = tuple[Segment, ...]

MOST_KEPT: Final = 4_096
"""Far above the curves of one market; about 10 MB when every curve has a hundred segments."""

LARGEST_AMOUNT: Final = float(1 << 64)
"""No token amount on chain is greater, so no straight line need be longer."""

_kept: dict[int, tuple[Curve, Floats]] = {}


def table(curve: Curve) -> Floats:
    """Return three rows over the segments: price, bend (1 / depth, 0 for a straight one), capacity."""
    entry = _kept.get(id(curve))
    if entry is None:
        entry = (curve, _tabulated(curve))
        _keep(entry)
    return entry[1]


def _tabulated(curve: Curve) -> Floats:
    """Return the rows; only a straight line without end is cut, as its profit could not be bounded."""
    rows = np.array([(segment.price, 1 / segment.depth, segment.capacity) for segment in curve], dtype=float).T
    endless = (rows[1] == 0) & np.isinf(rows[2])
    rows[2, endless] = LARGEST_AMOUNT
    rows.setflags(write=False)
    return rows


def _keep(entry: tuple[Curve, Floats]) -> None:
    """Add an entry; the one that was added first makes room."""
    while len(_kept) >= MOST_KEPT:
        _kept.pop(next(iter(_kept)), None)
    _kept[id(entry[0])] = entry
