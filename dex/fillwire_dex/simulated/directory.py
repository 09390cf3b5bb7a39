"""Venues as they are listed, from the pools they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from fillwire_dex.market import Venue, VenueStatus
from fillwire_dex.pools.pool import Direction
from fillwire_dex.simulated.faults import FaultKind
from fillwire_dex.simulated.reads import Sight
from fillwire_dex.snapshot import Listing


def venues(sight: Sight) -> tuple[Venue, ...]:
    """Return all venues by name, with the range of their fees at this moment."""
    by_name: defaultdict[str, list[Listing]] = defaultdict(list)
    for listing in sight.listings:
        by_name[listing.venue].append(listing)
    return tuple(_venue(name, by_name[name], sight) for name in sorted(by_name))


def _venue(name: str, listings: Sequence[Listing], sight: Sight) -> Venue:
    fees = [listing.pool.fee_rate(direction, now=sight.now) * 10_000 for listing in listings for direction in Direction]
    halted = any(fault.kind is FaultKind.HALTED and fault.concerns((name,)) for fault in sight.armed)
    return Venue(
        name=name,
        kind=listings[0].kind,
        pool_count=len(listings),
        status=VenueStatus.HALTED if halted else VenueStatus.OPEN,
        min_fee_bps=min(fees),
        max_fee_bps=max(fees),
    )
