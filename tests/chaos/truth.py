"""The truth: what PostgreSQL holds of every order, and what the venues' own ledger says was swapped.

Read when all is over and everything has healed; the ledger is written by the simulated market alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, LiteralString, TypeVar

import msgspec
import psycopg
from psycopg.rows import dict_row

__all__ = ["StoredEvent", "StoredOrder", "Swap", "Truth", "body_of", "essence", "read_truth", "taken"]

_FILE = "truth.json"
_BODY = ("token_in", "token_out", "amount_in", "slippage_bps", "min_amount_out", "client_order_id")

_ORDERS = """
SELECT id::text, request_id::text, token_in, token_out, amount_in::text, slippage_bps, min_amount_out::text,
    client_order_id, status, last_seq, attempt, floor_amount_out::text, signature
FROM fillwire.orders ORDER BY id
"""
_EVENTS = """
SELECT order_id::text, seq, previous, status, (extract(epoch FROM at) * 1000000)::bigint AS at_us, attempt, detail
FROM fillwire.order_events ORDER BY order_id, seq
"""
_SWAPS = """
SELECT signature, reference, status, amount_in::text, amount_out::text, slot, last_valid_slot
FROM market.transactions ORDER BY arrival
"""

T = TypeVar("T")


class StoredOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order as PostgreSQL has it; amounts as text, `body` is what it was asked with."""

    id: str
    request_id: str
    body: str
    status: str
    last_seq: int
    attempt: int
    min_amount_out: str | None
    floor_amount_out: str | None
    signature: str | None


class StoredEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A step of an order's log; `at_us` is microseconds since 1970."""

    order_id: str
    seq: int
    previous: str
    status: str
    at_us: int
    attempt: int
    detail: dict[str, Any] | None


class Swap(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction in the venues' ledger; its `reference` is the order's id, a colon, and the attempt."""

    signature: str
    reference: str
    status: str
    amount_in: str | None
    amount_out: str | None
    slot: int | None
    last_valid_slot: int

    @property
    def order_id(self) -> str:
        return self.reference.partition(":")[0]


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """Everything there is; `missing` is what the market's own audit cannot account for, by mint or pool."""

    orders: Sequence[StoredOrder]
    events: Sequence[StoredEvent]
    swaps: Sequence[Swap]
    missing: Mapping[str, int] = {}

    def write(self, directory: Path) -> None:
        """Keeps it in `directory`."""
        (directory / _FILE).write_bytes(msgspec.json.encode(self))


def read_truth(directory: Path) -> Truth:
    """What `Truth.write` kept."""
    return msgspec.json.decode((directory / _FILE).read_bytes(), type=Truth)


def body_of(fields: Mapping[str, Any]) -> str:
    """What was asked for, in one form for what a client sent and for what is stored."""
    given = {name: str(fields[name]) for name in _BODY if fields.get(name) not in {None, ""}}
    return json.dumps(given, sort_keys=True)


def essence(detail: Mapping[str, object] | None) -> str:
    """What of an event's detail client and store must agree on."""
    if detail is None:
        return ""
    kind = detail["kind"]
    match kind:
        case "built":
            return f"built {detail['floor_amount_out']}"
        case "submitted" | "reconciling":
            return f"{kind} {detail['signature']}"
        case "retrying":
            return f"retrying {detail['retry']}"
        case "receipt":
            return f"receipt {detail['signature']} {detail['amount_in']} {detail['amount_out']}"
        case "failure":
            return f"failure {detail['reason']}"
        case _:
            return str(kind)


def taken(database_url: str, missing: Mapping[str, int]) -> Truth:
    """Reads it from the database, in one snapshot."""
    with psycopg.connect(database_url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return Truth(
            orders=[_order(row) for row in _rows(connection, _ORDERS)],
            events=msgspec.convert(_rows(connection, _EVENTS), list[StoredEvent]),
            swaps=msgspec.convert(_rows(connection, _SWAPS), list[Swap]),
            missing=dict(missing),
        )


def _order(row: dict[str, Any]) -> StoredOrder:
    return msgspec.convert({**row, "body": body_of(row)}, StoredOrder)


def _rows(connection: psycopg.Connection[Any], query: LiteralString) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query).fetchall()
