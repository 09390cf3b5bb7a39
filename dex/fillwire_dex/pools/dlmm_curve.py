"""The output curve of Meteora DLMM's bins, for the router."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from fillwire_dex.pools.dlmm_fees import RATE_UNIT
from fillwire_dex.pools.dlmm_ladder import Ladder
from fillwire_dex.pools.dlmm_price import Q64
from fillwire_dex.pools.pool import Direction, Segment


def concave_curve(ladder: Ladder) -> tuple[Segment, ...]:
    """Return the least concave curve that lies nowhere below the bins filled one after the other.

    A bin that is better than the one before it, for its lower fee, becomes one straight piece with it,
    and that with the piece before, until the slopes fall again.
    """
    pieces: list[tuple[float, float]] = []
    for piece in _pieces(ladder):
        pieces.append(piece)
        while len(pieces) > 1 and _price(pieces[-1]) > _price(pieces[-2]):
            taken, given = pieces.pop()
            pieces[-1] = pieces[-1][0] + taken, pieces[-1][1] + given
    return tuple(Segment(_price(piece), inf, piece[0]) for piece in pieces)


def _price(piece: tuple[float, float]) -> float:
    taken, given = piece
    return given / taken


def _pieces(ladder: Ladder) -> Iterator[tuple[float, float]]:
    """Yield what drains each bin and what it gives, gross and net, before any rounding."""
    rungs, down = ladder.all(), ladder.direction is Direction.A_TO_B
    for each, rate in zip(rungs.bins, rungs.rates, strict=True):
        held = sum(each.tiers(ladder.direction))
        price = each.price / Q64 if down else Q64 / each.price
        kept = 1 - rate / RATE_UNIT
        yield (held / (price * kept), float(held)) if ladder.on_input else (held / price, held * kept)
