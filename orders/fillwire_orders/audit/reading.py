"""Reading logs for an audit, a few hundred orders at a time: memory and locks stay small, however many there are."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import msgspec
import psycopg
from psycopg.rows import DictRow, dict_row

from fillwire_orders.audit.chain import JSON_TERMS
from fillwire_orders.order import Terms

__all__ = ["Scope", "logs", "orphans"]

_BATCH: Final = 500
_FIRST: Final = "00000000-0000-0000-0000-000000000000"
_ORDER: Final = (
    *("id::text", "account_id", "request_id::text", "parent_id::text", "submitted::text"),
    *(f"{name}::text" if name in JSON_TERMS else name for name in Terms.__struct_fields__),
    *("status", "last_seq", "attempt", "created_at", "updated_at", "filled_amount_in", "filled_amount_out"),
)
_EVENT: Final = (
    *("order_id::text", "seq", "previous", "status", "at", "attempt", "fence", "detail::text", "account_id", "hash"),
)
_CONDITIONS: Final = {
    "order_id": "id = %(order_id)s::uuid",
    "account_id": "account_id = %(account_id)s",
    "since": "created_at >= %(since)s",
}
_EVENTS: Final = (
    f"SELECT {', '.join(_EVENT)} FROM fillwire.order_events"  # noqa: S608 - no word of it is a client's
    " WHERE order_id = ANY (%(ids)s::uuid[]) ORDER BY order_id, seq"
)
_ORPHANS: Final = (
    "SELECT order_id::text, min(seq) FROM fillwire.order_events AS e"
    " WHERE NOT EXISTS (SELECT FROM fillwire.orders AS o WHERE o.id = e.order_id) GROUP BY order_id ORDER BY order_id"
)


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """Which orders: all that are given must hold; `since` is when they were accepted."""

    order_id: str | None = None
    account_id: str | None = None
    since: datetime | None = None


def logs(database_url: str, scope: Scope) -> Iterator[tuple[DictRow, Sequence[DictRow]]]:
    """Each order's row with the rows of its events, in the order of ids; JSON is its text.

    A batch is read as of one moment: an order that goes on meanwhile is seen before or after its step, never between.
    """
    given = {name: value for name, value in msgspec.structs.asdict(scope).items() if value is not None}
    where = " AND ".join(["id > %(after)s::uuid", *(_CONDITIONS[name] for name in given)])
    query = f"SELECT {', '.join(_ORDER)} FROM fillwire.orders WHERE {where} ORDER BY id LIMIT {_BATCH}"  # noqa: S608
    after = _FIRST
    with _connected(database_url) as connection:
        while True:
            with connection.transaction():
                orders = connection.execute(query.encode(), {**given, "after": after}).fetchall()
                events = connection.execute(_EVENTS.encode(), {"ids": [order["id"] for order in orders]}).fetchall()
            yield from _joined(orders, events)
            if len(orders) < _BATCH:
                return
            after = orders[-1]["id"]


def orphans(database_url: str) -> Iterator[tuple[str, int]]:
    """The ids of orders that have events and no row, and the first seq there is of each."""
    with _connected(database_url) as connection:
        for row in connection.execute(_ORPHANS.encode()):
            yield row["order_id"], row["min"]


def _joined(orders: Sequence[DictRow], events: Sequence[DictRow]) -> Iterator[tuple[DictRow, Sequence[DictRow]]]:
    by_order = defaultdict[str, list[DictRow]](list)
    for event in events:
        by_order[event["order_id"]].append(event)
    for order in orders:
        yield order, by_order[order["id"]]


def _connected(database_url: str) -> psycopg.Connection[DictRow]:
    connection = psycopg.connect(
        database_url.replace("postgresql+psycopg://", "postgresql://", 1),
        autocommit=True,
        row_factory=dict_row,
        application_name="fillwire audit",
        options="-c timezone=UTC",
    )
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    return connection
