"""Which faults strike a transaction that is sent: a scripted one first, else a seeded one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from psycopg import AsyncConnection

from fillwire_dex.simulated.connection import row, run
from fillwire_dex.simulated.faults import rating, scripted
from fillwire_dex.simulated.faults.chance import Chance
from fillwire_dex.simulated.faults.kinds import FaultKind
from fillwire_dex.simulated.streams import Streams
from fillwire_dex.transaction import Transaction

_ANSWER_FAULTS: Final = frozenset({FaultKind.HALTED, FaultKind.RATE_LIMITED, FaultKind.TIMEOUT_BUT_LANDS})
"""What can befall any send, of a transaction that the market has already as well."""

_SEND_FAULTS: Final = _ANSWER_FAULTS | {FaultKind.REFUSE, FaultKind.DROP}

_DELAY_SLOTS: Final = 8
_DROPPED_SHARE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Strike:
    """What befalls one transaction: a fault, or congestion that lets it land later than it would, or both."""

    fault: FaultKind | None = None
    delay_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Hazards:
    """What can befall a transaction on its way to the market."""

    streams: Streams

    async def strikes(self, connection: AsyncConnection[Any], transactions: Sequence[Transaction]) -> list[Strike]:
        """Return what befalls each transaction, in the order given."""
        slot, rates, slot_ms, faults = await row(await run(connection, "read_hazards"))
        send = _Send(
            connection,
            self.streams,
            Chance(self.streams, rating.read(rates)),
            scripted.armed(faults),
            slot,
            slot_ms / 1_000,
        )
        if not send.armed and not send.chance.rates:
            return [Strike()] * len(transactions)
        venues, known = await _venues(connection, transactions), await _known(connection, transactions)
        return [
            await send.strike(
                sent, {venues.get(leg.pool_id) for leg in sent.instructions}, is_new=sent.signature not in known
            )
            for sent in transactions
        ]


@dataclass(frozen=True, slots=True)
class _Send:
    """One delivery of transactions, and the faults of its moment."""

    connection: AsyncConnection[Any]
    streams: Streams
    chance: Chance
    armed: Sequence[scripted.Armed]
    slot: int
    slot_seconds: float

    async def strike(self, sent: Transaction, venues: set[str | None], *, is_new: bool) -> Strike:
        """Return what befalls one transaction; what is decided when it comes in is not decided again."""
        fault = await self._scripted(venues, _SEND_FAULTS if is_new else _ANSWER_FAULTS)
        fault = fault or self._seeded(sent.signature, venues)
        crowd = await self._congestion(venues) if is_new else None
        if crowd is None:
            return Strike(fault)
        slots, share = crowd
        if self.streams.strikes(share, "congested drop", sent.signature):
            fault = fault or FaultKind.DROP
        late = 1 + int(self.streams.unit("congested delay", sent.signature) * slots)
        return Strike(fault, late * self.slot_seconds)

    async def _scripted(self, venues: set[str | None], kinds: AbstractSet[FaultKind]) -> FaultKind | None:
        """Count one occasion of the oldest fault that concerns a transaction, and return its kind.

        A halted venue is not felt here: it refuses what reaches it.
        """
        for fault in self.armed:
            halts_a_venue = fault.kind is FaultKind.HALTED and fault.venue is not None
            if fault.kind not in kinds or halts_a_venue or not fault.concerns(venues):
                continue
            if await scripted.strike(self.connection, fault):
                return fault.kind
        return None

    def _seeded(self, signature: str, venues: set[str | None]) -> FaultKind | None:
        if self.chance.is_halted(None, self.slot):
            return FaultKind.HALTED
        return self.chance.of_send(signature, venues)

    async def _congestion(self, venues: set[str | None]) -> tuple[int, float] | None:
        """Return by how many slots a transaction is late at most, and what share is dropped; None: no congestion."""
        for fault in self.armed:
            if fault.kind is not FaultKind.CONGESTED or not fault.concerns(venues):
                continue
            if await scripted.strike(self.connection, fault):
                return fault.slots or _DELAY_SLOTS, _DROPPED_SHARE if fault.share is None else fault.share
        return (_DELAY_SLOTS, _DROPPED_SHARE) if self.chance.is_congested(venues, self.slot) else None


async def _venues(connection: AsyncConnection[Any], transactions: Sequence[Transaction]) -> Mapping[str, str]:
    """Return the venue of every pool that the transactions trade on."""
    pool_ids = {leg.pool_id for sent in transactions for leg in sent.instructions}
    cursor = await run(connection, "find_venues", {"pool_ids": list(pool_ids)})
    return dict(await cursor.fetchall())


async def _known(connection: AsyncConnection[Any], transactions: Sequence[Transaction]) -> set[str]:
    """Return the signatures of those that the market has already."""
    cursor = await run(connection, "find_known", {"signatures": [sent.signature for sent in transactions]})
    return {signature for (signature,) in await cursor.fetchall()}
