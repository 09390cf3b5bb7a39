"""What goes wrong when venues are read: a scripted fault first, else a seeded one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Final

from fillwire_dex.simulated import mirror
from fillwire_dex.simulated.connection import Connections, fetch, transaction
from fillwire_dex.simulated.faults import scripted
from fillwire_dex.simulated.faults.chance import Chance
from fillwire_dex.simulated.faults.kinds import FaultKind
from fillwire_dex.simulated.faults.scripted import Armed
from fillwire_dex.simulated.mirror import Listings, Sight
from fillwire_dex.simulated.streams import Streams

_STALE_SLOTS: Final = 8
_READ_FAULTS: Final = frozenset({FaultKind.HALTED, FaultKind.QUOTE_UNAVAILABLE, FaultKind.STALE_READ})


@dataclass(frozen=True, slots=True)
class Stale:
    """The venue answers with the market as it was."""

    sight: Sight


Trouble = str | Stale | None
"""Why a venue does not answer, or what it answers instead; None: nothing is wrong."""


class Troubles:
    """The troubles of one read, of however many venues."""

    def __init__(self, connections: Connections, streams: Streams) -> None:
        self._connections = connections
        self._streams = streams
        self._market_halts: dict[int, asyncio.Task[bool]] = {}

    async def of(self, venue: str, sight: Sight) -> Trouble:
        """Return what is wrong with reading a venue, counting it as an occasion of that fault."""
        for fault in sight.armed:
            if fault.kind in _READ_FAULTS and fault.concerns((venue,)) and await self._strikes(fault):
                return await self._trouble(fault.kind, venue, sight, fault.slots)
        if not sight.rates:
            return None
        chance = Chance(self._streams, sight.rates)
        if chance.is_halted(None, sight.slot) or chance.is_halted(venue, sight.slot):
            return FaultKind.HALTED.value
        kind = chance.of_read(venue)
        return await self._trouble(kind, venue, sight, None) if kind else None

    async def _strikes(self, fault: Armed) -> bool:
        """Whether a fault strikes; one of the whole market does so once for all venues."""
        if fault.kind is not FaultKind.HALTED or fault.venue is not None:
            return await self._strike(fault)
        if fault.id not in self._market_halts:
            self._market_halts[fault.id] = asyncio.ensure_future(self._strike(fault))
        return await self._market_halts[fault.id]

    async def _strike(self, fault: Armed) -> bool:
        if not fault.counted:
            return True
        async with transaction(self._connections) as connection:
            return await scripted.strike(connection, fault)

    async def _trouble(self, kind: FaultKind, venue: str, sight: Sight, slots: int | None) -> Trouble:
        if kind is not FaultKind.STALE_READ:
            return kind.value
        slot = max(sight.slot - (slots or _STALE_SLOTS), 0)
        return Stale(replace(sight, present=slot, head=slot, listings=await self._earlier(venue, slot, sight.listings)))

    async def _earlier(self, venue: str, slot: int, listings: Listings) -> Listings:
        """Return the pools with those of a venue as they were at the end of a slot."""
        earlier = dict(listings)
        for id_, version, moved, state in await fetch(self._connections, "read_past", {"venue": venue, "slot": slot}):
            if state is None:
                earlier.pop(id_, None)
            elif id_ in earlier:
                earlier[id_] = mirror.past(earlier[id_], version, moved, state)
        return earlier
