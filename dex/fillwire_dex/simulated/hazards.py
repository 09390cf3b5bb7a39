"""Which fault strikes a transaction that is sent: a scripted one first, else a seeded one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from psycopg import AsyncConnection

from fillwire_dex.simulated import scripted
from fillwire_dex.simulated.connection import run
from fillwire_dex.simulated.faults import FaultKind, FaultRates
from fillwire_dex.simulated.streams import Streams
from fillwire_dex.transaction import Transaction

_SEND_FAULTS: Final = (
    FaultKind.HALTED,
    FaultKind.RATE_LIMITED,
    FaultKind.REFUSE,
    FaultKind.DROP,
    FaultKind.TIMEOUT_BUT_LANDS,
)


@dataclass(frozen=True, slots=True)
class Hazards:
    """What can befall a transaction on its way to the market."""

    streams: Streams
    rates: FaultRates

    async def strikes(
        self, connection: AsyncConnection[Any], transactions: Sequence[Transaction]
    ) -> list[FaultKind | None]:
        """Return the fault that strikes each transaction, in the order given."""
        armed = await scripted.find(connection, _SEND_FAULTS)
        venues = await _venues(connection, transactions) if armed else {}
        return [
            await _scripted(connection, armed, sent, venues) or self._seeded(sent.signature) for sent in transactions
        ]

    def _seeded(self, signature: str) -> FaultKind | None:
        """Return the fault that the rates give this transaction, if any.

        Rate limits are drawn anew for each send, the others belong to the transaction for good.
        """
        if self.streams.strikes(self.rates.rate_limited, "rate_limited"):
            return FaultKind.RATE_LIMITED
        for kind, rate in (
            (FaultKind.REFUSE, self.rates.refuse),
            (FaultKind.DROP, self.rates.drop),
            (FaultKind.TIMEOUT_BUT_LANDS, self.rates.timeout_but_lands),
        ):
            if self.streams.strikes(rate, kind.value, signature):
                return kind
        return None


async def _scripted(
    connection: AsyncConnection[Any],
    armed: Sequence[scripted.Armed],
    sent: Transaction,
    venues: dict[str, str],
) -> FaultKind | None:
    """Count one occasion of the oldest fault that concerns a transaction, and return its kind.

    A halted venue is not felt here: it refuses what reaches it.
    """
    touched = {venues.get(leg.pool_id, "") for leg in sent.instructions}
    for fault in armed:
        halts_a_venue = fault.kind is FaultKind.HALTED and fault.venue is not None
        if halts_a_venue or not fault.concerns(touched):
            continue
        if await scripted.strike(connection, fault):
            return fault.kind
    return None


async def _venues(connection: AsyncConnection[Any], transactions: Sequence[Transaction]) -> dict[str, str]:
    """Return the venue of every pool that the transactions trade on."""
    pool_ids = {leg.pool_id for sent in transactions for leg in sent.instructions}
    cursor = await run(connection, "find_venues", {"pool_ids": list(pool_ids)})
    return dict(await cursor.fetchall())
