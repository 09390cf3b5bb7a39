"""The scorekeeper: remembers how venues treated this process's orders, and says whom the router is to distrust."""

import asyncio
import contextlib
from collections.abc import Collection, Mapping, Sequence
from types import TracebackType
from typing import Final, Literal, Self

import structlog

from fillwire_dex import scores
from fillwire_dex.scores import Record
from fillwire_orders import StoreUnavailable, VenueRecords
from fillwire_orders.event import Leg
from fillwire_orders.tasks import ended
from fillwire_workers import wire

__all__ = ["Mode", "Scorekeeper"]

Mode = Literal["apply", "observe", "off"]
"""Whether scores count, are only kept for people to look at, or are not kept at all."""

WRITE_SECONDS: Final = 1.0

LOOK_EVERY: Final = 5
"""After so many quiet rounds it looks at what other processes have seen."""

log = structlog.get_logger()


class Scorekeeper:
    """Collects what this process sees and exchanges it with the others each second; an async context manager.

    `haircuts` is what the router is told, venue to bps; empty unless the mode is `apply`.
    """

    def __init__(self, records: VenueRecords, *, mode: Mode) -> None:
        self.haircuts: Mapping[str, float] = {}
        self._records = records
        self._mode = mode
        self._seen: dict[str, Record] = {}
        self._writing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if self._mode != "off":
            with contextlib.suppress(StoreUnavailable):
                await self.exchange()
            self._writing = asyncio.create_task(self._keep())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writing is not None:
            await ended(self._writing)
            with contextlib.suppress(StoreUnavailable):
                await self.exchange()

    def filled(self, legs: Sequence[Leg], *, landing_seconds: float) -> None:
        """A transaction landed with these legs, so long after it was sent."""
        for leg in legs:
            if leg.quoted_amount_out:
                self._note(
                    leg.venue,
                    Record.of_fill(
                        quoted=leg.quoted_amount_out, filled=leg.amount_out, landing_seconds=landing_seconds
                    ),
                )

    def refused(self, venues: Collection[str]) -> None:
        """A transaction with a leg at each of these venues was refused, or expired."""
        for venue in venues:
            self._note(venue, Record.of_refusal(legs=len(venues)))

    async def exchange(self) -> None:
        """Writes what was seen and reads what all have seen; raises `StoreUnavailable` and then forgets nothing."""
        seen, self._seen = self._seen, {}
        try:
            if seen:
                await self._records.add({venue: wire.kept(record) for venue, record in seen.items()})
        except StoreUnavailable:
            for venue, record in seen.items():
                self._note(venue, record)
            raise
        if self._mode == "apply":
            known = await self._records.read()
            self.haircuts = scores.haircuts({venue: wire.remembered(kept) for venue, kept in known.items()})

    def _note(self, venue: str, record: Record) -> None:
        if self._mode != "off":
            self._seen[venue] = self._seen.get(venue, Record()).plus(record)

    async def _keep(self) -> None:
        quiet = 0
        while True:
            await asyncio.sleep(WRITE_SECONDS)
            quiet = 0 if self._seen else quiet + 1
            if quiet % LOOK_EVERY:
                continue
            try:
                await self.exchange()
            except StoreUnavailable as error:
                log.warning("venue_records_not_kept", why=str(error))
