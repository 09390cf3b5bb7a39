"""What the engine remembers of the venues its orders went to.

A record is a handful of sums that fade with time; what they mean, and how fast they fade, is the router's business
(`fillwire_dex.scores`). A crash loses the second of observations that was not yet written, and nothing else.
"""

from collections.abc import Mapping

import msgspec

from fillwire_orders.database import Pool, fetch

__all__ = ["VenueRecord", "VenueRecords"]


class VenueRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Faded sums over one venue's legs: fills, the errors of their quotes in bps, refusals, seconds until landing."""

    fills: float
    error_bps: float
    error_bps_squared: float
    refusals: float
    landing_seconds: float


class VenueRecords:
    """The records of all venues, shared by all processes; both methods raise `StoreUnavailable`."""

    def __init__(self, pool: Pool, *, half_life_seconds: float) -> None:
        self._pool = pool
        self._half_life_seconds = half_life_seconds

    async def add(self, records: Mapping[str, VenueRecord]) -> None:
        """Adds these observations, by venue, to what is remembered."""
        rows = [{"venue": venue, **msgspec.structs.asdict(record)} for venue, record in records.items()]
        params = {"records": msgspec.json.encode(rows).decode(), "half_life_seconds": self._half_life_seconds}
        await fetch(self._pool, "add_venue_records", params, once=True)  # what adds up must not be added twice

    async def read(self) -> dict[str, VenueRecord]:
        """What is remembered of each venue, faded to this moment by the database's clock."""
        rows = await fetch(self._pool, "venue_records", {"half_life_seconds": self._half_life_seconds})
        names = VenueRecord.__struct_fields__
        return {venue: VenueRecord(**dict(zip(names, sums, strict=True))) for venue, *sums in rows}
