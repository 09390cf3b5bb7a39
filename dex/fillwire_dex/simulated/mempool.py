"""Taking transactions in, each signature once, and telling the sender what is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from psycopg import AsyncConnection, AsyncCursor

from fillwire_dex.outcomes import (
    Accepted,
    DelayReason,
    NotTaken,
    Outcome,
    Pending,
    SendResult,
    SendUnknown,
)
from fillwire_dex.simulated import ledger
from fillwire_dex.simulated.blocks import Production
from fillwire_dex.simulated.connection import Row, row, run
from fillwire_dex.simulated.faults import FaultKind
from fillwire_dex.simulated.faults.hazards import Hazards, Strike
from fillwire_dex.simulated.latency import LatencyProfile
from fillwire_dex.simulated.streams import Streams
from fillwire_dex.transaction import Transaction

_RETRY_AFTER_SECONDS: Final = {FaultKind.RATE_LIMITED: 0.5, FaultKind.HALTED: 2.0}
"""The faults that keep a transaction out, and how long its sender is asked to wait."""

_FATES: Final = {FaultKind.REFUSE: "refuse", FaultKind.DROP: "drop"}

Struck = tuple[Transaction, Strike]


@dataclass(frozen=True, slots=True)
class Mempool:
    """Where transactions wait for their block."""

    streams: Streams
    profile: LatencyProfile
    hazards: Hazards

    async def take(self, production: Production, transactions: Sequence[Transaction]) -> list[SendResult]:
        """Store transactions and answer in the order given, within the caller's transaction.

        Where landing takes no time they land at once, in the same database transaction.
        """
        strikes = await self.hazards.strikes(production.connection, transactions)
        struck = list(zip(transactions, strikes, strict=True))
        let_in = [one for one in struck if one[1].fault not in _RETRY_AFTER_SECONDS]
        outcomes = await self._admit(production, let_in) if let_in else {}
        return [_answer(sent.signature, strike.fault, outcomes) for sent, strike in struck]

    async def _admit(self, production: Production, let_in: Sequence[Struck]) -> Mapping[str, Outcome]:
        """Store transactions and return what is known of them."""
        connection = production.connection
        stored = await self._store(connection, let_in)
        outcomes: dict[str, Outcome] = {}
        if self.profile.lands_at_once:
            block = await production.produce()
            slot = block.slot
            outcomes.update(block.results)
        else:
            (slot,) = await row(await run(connection, "read_slot"))
        for (new,) in await stored.fetchall():
            outcomes.setdefault(new, Pending(slot))
        missing = [sent.signature for sent, _ in let_in if sent.signature not in outcomes]
        if missing:
            outcomes.update((await ledger.read(connection, missing)).outcomes)
        return outcomes

    async def _store(self, connection: AsyncConnection[Any], let_in: Sequence[Struck]) -> AsyncCursor[Row]:
        """Insert what is not there yet; the cursor will have the signatures that are new.

        In order of signature: two senders of the same transactions then never wait for each other.
        """
        ordered = sorted(let_in, key=lambda one: one[0].signature)
        sent = [transaction for transaction, _ in ordered]
        return await run(
            connection,
            "admit",
            {
                "signatures": [t.signature for t in sent],
                "references": [t.reference for t in sent],
                "payloads": [t.payload for t in sent],
                "pool_ids": [" ".join(leg.pool_id for leg in t.instructions) for t in sent],
                "last_valid_slots": [t.last_valid_slot for t in sent],
                "fates": [_FATES.get(strike.fault, "land") if strike.fault else "land" for _, strike in ordered],
                "delays": [self._delay_seconds(transaction, strike) for transaction, strike in ordered],
            },
        )

    def _delay_seconds(self, transaction: Transaction, strike: Strike) -> float:
        return self.streams.between(self.profile.landing, "landing", transaction.signature) + strike.delay_seconds


def _answer(signature: str, fault: FaultKind | None, outcomes: Mapping[str, Outcome]) -> SendResult:
    if fault in _RETRY_AFTER_SECONDS:
        return NotTaken(signature, DelayReason(fault.value), _RETRY_AFTER_SECONDS[fault])
    if fault is FaultKind.TIMEOUT_BUT_LANDS:
        return SendUnknown(signature, "the answer to the send was lost")
    return Accepted(signature, outcomes[signature])
