"""A pool that may take part in a route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from fillwire_dex.errors import InsufficientLiquidity
from fillwire_dex.pools.pool import Direction, Segment, Swap
from fillwire_dex.snapshot import Listing, Snapshot


@dataclass(frozen=True, slots=True)
class Contender:
    """A listing, its curve in the order's direction, and its own answer to the whole amount.

    `whole` is None when the pool cannot fill the amount alone.
    """

    listing: Listing
    direction: Direction
    curve: tuple[Segment, ...]
    whole: Swap | None

    @classmethod
    def of(cls, listing: Listing, snapshot: Snapshot, amount_in: int) -> Self:
        """Ask a pool for its curve and for a quote of the whole amount."""
        pool, direction, now = listing.pool, listing.direction(snapshot.token_in), snapshot.now
        curve = pool.segments(direction, now=now)
        try:
            whole = pool.quote_exact_in(direction, amount_in, now=now)
        except InsufficientLiquidity:
            whole = None
        return cls(listing, direction, curve, whole)

    def quote(self, amount_in: int, now: int) -> Swap:
        """Quote a leg exactly; the answer to the whole amount is already known."""
        if self.whole is not None and self.whole.amount_in == amount_in:
            return self.whole
        return self.listing.pool.quote_exact_in(self.direction, amount_in, now=now)
