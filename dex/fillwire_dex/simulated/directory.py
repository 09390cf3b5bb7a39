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
    chance = Chance(streams, sight.rates)
    return tuple(_venue(name, by_name[name], sight, chance) for name in sorted(by_name))


def _venue(name: str, listings: Sequence[Listing], sight: Sight, chance: Chance) -> Venue:
    fees = [listing.pool.fee_rate(direction, now=sight.now) * 10_000 for listing in listings for direction in Direction]
    scripted = any(fault.kind is FaultKind.HALTED and fault.concerns((name,)) for fault in sight.armed)
    by_chance = chance.is_halted(None, sight.slot) or chance.is_halted(name, sight.slot)
    return Venue(
        name=name,
        kind=listings[0].kind,
        pool_count=len(listings),
        status=VenueStatus.HALTED if scripted or by_chance else VenueStatus.OPEN,
        min_fee_bps=min(fees),
        max_fee_bps=max(fees),
    )
