"""Outcomes as the table `market.transactions` keeps them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from psycopg import AsyncConnection

from fillwire_dex.outcomes import (
    Expired,
    Landed,
    LandedLeg,
    Outcome,
    Pending,
    RefusalReason,
    Refused,
)
from fillwire_dex.simulated.connection import Connections, Row, fetch, lines, run

Final = Landed | Refused | Expired


async def settle(connection: AsyncConnection[Any], results: Mapping[str, Final]) -> None:
    """Write the final outcomes of these signatures."""
    if not results:
        return
    rows = [_row(signature, outcome) for signature, outcome in results.items()]
    signatures, statuses, slots, amounts_in, amounts_out, legs, reasons, messages = zip(*rows, strict=True)
    await run(
        connection,
        "settle",
        {
            "signatures": list(signatures),
            "statuses": list(statuses),
            "slots": list(slots),
            "amounts_in": list(amounts_in),
            "amounts_out": list(amounts_out),
            "legs": lines(legs),
            "reasons": list(reasons),
            "messages": list(messages),
        },
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What the table knew of the signatures that are there; incomplete when a block would tell more."""

    outcomes: Mapping[str, Outcome]
    complete: bool


async def ask(connections: Connections, signatures: Sequence[str]) -> Found:
    """Look signatures up in a statement of its own."""
    return _found(await fetch(connections, "read_results", {"signatures": list(signatures)}), signatures)


async def read(connection: AsyncConnection[Any], signatures: Sequence[str]) -> Found:
    """Look signatures up within the caller's transaction."""
    cursor = await run(connection, "read_results", {"signatures": list(signatures)})
    return _found(await cursor.fetchall(), signatures)


def _found(rows: Sequence[Row], signatures: Sequence[str]) -> Found:
    outcomes = {row[0]: _outcome(row) for row in rows}
    is_due = any(row[-1] for row in rows)
    return Found(outcomes, complete=not is_due and outcomes.keys() >= set(signatures))


def _row(signature: str, outcome: Final) -> Row:
    match outcome:
        case Landed(slot, amount_in, amount_out, legs):
            encoded = json.dumps([_leg_values(leg) for leg in legs])
            return (
                signature, "landed", slot, str(amount_in), str(amount_out), encoded, None, None
            )  # fmt: skip
        case Refused(slot, reason, message):
            return (signature, "refused", slot, None, None, "", reason.value, message)
        case Expired(slot):
            return (signature, "expired", slot, None, None, "", None, None)
    assert_never(outcome)


def _outcome(row: Row) -> Outcome:
    _, status, slot, amount_in, amount_out, legs, reason, message, _ = row
    match status:
        case "landed":
            return Landed(slot, int(amount_in), int(amount_out), tuple(map(_leg, legs)))
        case "refused":
            return Refused(slot, RefusalReason(reason), message)
        case "expired":
            return Expired(slot)
        case _:
            return Pending(slot)


def _leg_values(leg: LandedLeg) -> list[str]:
    return [
        leg.pool_id, leg.venue, leg.token_in, leg.token_out,
        str(leg.amount_in), str(leg.amount_out), str(leg.fee_in), str(leg.fee_out),
    ]  # fmt: skip


def _leg(values: list[str]) -> LandedLeg:
    pool_id, venue, token_in, token_out, *amounts = values
    return LandedLeg(pool_id, venue, token_in, token_out, *map(int, amounts))
