"""What the workers remember of venues, as quotes and listings need it."""

import time
from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from fillwire_dex import scores
from fillwire_dex.scores import Record, Score
from fillwire_orders import StoreUnavailable, VenueRecords

__all__ = ["Mode", "VenueScores"]

Mode = Literal["apply", "observe", "off"]
"""As the workers' setting: whether scores count, are only shown, or are not kept."""

FRESH_SECONDS: Final = 2.0


class VenueScores:
    """Reads the records at most every `FRESH_SECONDS`; when the store is away, what was read last still holds."""

    def __init__(self, records: VenueRecords, *, mode: Mode) -> None:
        self.applied = mode == "apply"
        self._records = records
        self._mode = mode
        self._known: Mapping[str, Record] = {}
        self._stale_at = 0.0

    async def all(self) -> Mapping[str, Score]:
        """The score of each venue that is remembered."""
        return {venue: scores.score(record) for venue, record in (await self._fresh()).items()}

    async def haircuts(self) -> Mapping[str, float]:
        """By how many bps the router distrusts each venue, for `router.best`."""
        return scores.haircuts(await self._fresh()) if self.applied else {}

    async def _fresh(self) -> Mapping[str, Record]:
        if self._mode != "off" and time.monotonic() >= self._stale_at:
            self._stale_at = time.monotonic() + FRESH_SECONDS
            try:
                kept = await self._records.read()
            except StoreUnavailable:
                return self._known
            self._known = {venue: Record(**msgspec.structs.asdict(record)) for venue, record in kept.items()}
        return self._known
