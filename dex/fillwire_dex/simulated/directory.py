"""Venues as they are listed, from the pools they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from fillwire_dex.market import Venue, VenueStatus
from fillwire_dex.pools.pool import Direction
from fillwire_dex.simulated.faults import FaultKind
from fillwire_dex.simulated.faults.chance import Chance
from fillwire_dex.simulated.mirror import Sight
from fillwire_dex.simulated.streams import Streams
from fillwire_dex.snapshot import Listing


def venues(sight: Sight, streams: Streams) -> tuple[Venue, ...]:
    """Return all venues by name, with the range of their fees at this moment."""
    by_name: defaultdict[str, list[Listing]] = defaultdict(list)
    for listing in sight.listings.values():
        by_name[listing.venue].append(listing)
    shut = halted(sight, streams)
    return tuple(_venue(name, by_name[name], sight, halted=name in shut) for name in sorted(by_name))


def halted(sight: Sight, streams: Streams) -> frozenset[str]:
    """Return the venues that do not trade at this moment."""
    names = {listing.venue for listing in sight.listings.values()}
    halts = [fault for fault in sight.armed if fault.kind is FaultKind.HALTED]
    chance = Chance(streams, sight.rates)
    if chance.is_halted(None, sight.slot):
        return frozenset(names)
    return frozenset(
        name for name in names if any(fault.concerns((name,)) for fault in halts) or chance.is_halted(name, sight.slot)
    )


def _venue(name: str, listings: Sequence[Listing], sight: Sight, *, halted: bool) -> Venue:
    fees = [listing.pool.fee_rate(direction, now=sight.now) * 10_000 for listing in listings for direction in Direction]
    return Venue(
        name=name,
        kind=listings[0].kind,
        pool_count=len(listings),
        status=VenueStatus.HALTED if halted else VenueStatus.OPEN,
        min_fee_bps=min(fees),
        max_fee_bps=max(fees),
    )
