"""The truth: what PostgreSQL holds of every order, and what the venues' own ledger says was swapped.

Read when all is over and everything has healed; the ledger is written by the simulated market alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, LiteralString, TypeVar

import msgspec
import psycopg
from psycopg.rows import dict_row

from fillwire_orders import audit

__all__ = ["StoredEvent", "StoredOrder", "Swap", "Truth", "body_of", "body_of_terms", "essence", "read_truth", "taken"]

_FILE = "truth.json"
_TERMS = (
    *("token_in", "token_out", "amount_in", "amount_out", "slippage_bps", "min_amount_out", "max_amount_in"),
    *("client_order_id", "type", "time_in_force"),
)
_BODY = (*_TERMS, "price", "stop_price", "at_us", "slices", "interval_ms")

_ORDERS = """
SELECT id::text, request_id::text, parent_id::text, token_in, token_out, amount_in::text, amount_out::text,
    slippage_bps, min_amount_out::text, max_amount_in::text, client_order_id, type, time_in_force, condition, submitted,
    status, last_seq, attempt, floor_amount_out::text, ceiling_amount_in::text, signature,
    filled_amount_in::text, filled_amount_out::text
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
    """An order as PostgreSQL has it; amounts as text, `body` is what it was asked with.

    `condition` is what it waits for now, `first_condition` what it was submitted with.
    """

    id: str
    request_id: str
    body: str
    status: str
    last_seq: int
    attempt: int
    min_amount_out: str | None
    floor_amount_out: str | None
    signature: str | None
    parent_id: str | None = None
    type: str = "MARKET"
    time_in_force: str = "IOC"
    amount_in: str | None = None
    amount_out: str | None = None
    max_amount_in: str | None = None
    ceiling_amount_in: str | None = None
    filled_amount_in: str = "0"
    filled_amount_out: str = "0"
    condition: dict[str, Any] | None = None
    first_condition: dict[str, Any] | None = None

    @property
    def rests(self) -> bool:
        """Whether it waits for something before it executes."""
        return self.type != "MARKET" and self.time_in_force != "IOC"


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
    """Everything there is.

    `missing` is what the market's own audit cannot account for, by mint or pool; `forged` what the audit of the logs found.
    """

    orders: Sequence[StoredOrder]
    events: Sequence[StoredEvent]
    swaps: Sequence[Swap]
    missing: Mapping[str, int] = {}
    forged: Sequence[str] = ()

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


def body_of_terms(terms: Mapping[str, Any]) -> str:
    """The same of terms as they are stored."""
    return body_of({**{name: terms.get(name) for name in _TERMS}, **_waits(terms.get("condition") or {})})


def essence(detail: Mapping[str, object] | None) -> str:
    """What of an event's detail client and store must agree on."""
    if detail is None:
        return ""
    kind = detail["kind"]
    match kind:
        case "built":
            return f"built {detail.get('floor_amount_out') or detail.get('ceiling_amount_in')}"
        case "submitted" | "reconciling":
            return f"{kind} {detail['signature']}"
        case "retrying":
            return f"retrying {detail['retry']}"
        case "receipt":
            return f"receipt {detail['signature']} {detail['amount_in']} {detail['amount_out']}"
        case "failure":
            return f"failure {detail['reason']}"
        case "replaced":
            return f"replaced {detail['request_id']}"
        case "fired":
            return f"fired {detail['condition']}"
        case "progress":
            return f"progress {detail['slices_begun']} {detail['slices_filled']}"
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
            forged=_forged(database_url),
        )


def _order(row: dict[str, Any]) -> StoredOrder:
    asked = row["submitted"] or row
    return msgspec.convert({**row, "first_condition": asked["condition"], "body": body_of_terms(asked)}, StoredOrder)


def _waits(condition: Mapping[str, Any]) -> dict[str, object]:
    """What an order waits for, in the words of `wishes`."""
    told: dict[str, object] = {}
    for name, one in (("price", condition.get("limit", condition)), ("stop_price", condition.get("stop", {}))):
        if "price" in one:
            told[name] = f"{Decimal(one['price']).normalize():f}"
    if at := condition.get("at"):
        told["at_us"] = round(datetime.fromisoformat(at).timestamp() * 1e6)
    if "slices" in condition:
        told |= {"slices": condition["slices"], "interval_ms": round(condition["interval_seconds"] * 1000)}
    return told


def _forged(database_url: str) -> list[str]:
    """What the product's own audit says of the hashes, and of each row against its log."""
    findings = [found for order, log in audit.logs(database_url, audit.Scope()) for found in audit.check(order, log)]
    orphans = [f"order {order_id} has events and no row" for order_id, _ in audit.orphans(database_url)]
    return [f"order {one.order_id} at {one.seq} is {one.fault}: {one.message}" for one in findings] + orphans


def _rows(connection: psycopg.Connection[Any], query: LiteralString) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query).fetchall()
