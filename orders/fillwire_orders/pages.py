"""Pages of an account's orders: which, and from where."""

from datetime import datetime
from typing import Any, Final

import msgspec

from fillwire_orders.order import AccountId, OrderId, OrderType
from fillwire_orders.rows import SELECT
from fillwire_orders.status import FINAL, Status

__all__ = ["Filter", "Position", "page"]

_CONDITIONS: Final = {
    "statuses": "status = ANY (%(statuses)s::text[])",
    "types": "type = ANY (%(types)s::text[])",
    "token_in": "token_in = %(token_in)s",
    "token_out": "token_out = %(token_out)s",
    # What it is not stands in the index's own condition; without it the planner could not use the index.
    "client_order_id": "client_order_id = %(client_order_id)s AND client_order_id <> ''",
    "parent_id": "parent_id = %(parent_id)s::uuid",
    "created_from": "created_at >= %(created_from)s",
    "created_before": "created_at < %(created_before)s",
}
_AFTER: Final = "(created_at, id) < (%(after_at)s, %(after_id)s::uuid)"
_OPEN: Final = "due_at IS NOT NULL"


class Position(msgspec.Struct, frozen=True):
    """Where a page ended: the creation time and id of its last order."""

    created_at: datetime
    id: OrderId


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which orders to list; all that are given must hold, and what is empty is not. `created_before` is exclusive."""

    statuses: tuple[Status, ...] = ()
    types: tuple[OrderType, ...] = ()
    token_in: str | None = None
    token_out: str | None = None
    client_order_id: str | None = None
    parent_id: OrderId | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None


def page(account_id: AccountId, wanted: Filter, *, limit: int, after: Position | None) -> tuple[bytes, dict[str, Any]]:
    """The statement that reads up to `limit` orders, newest first, older than `after`, and its parameters."""
    given = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value}
    params = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
    conditions = ["account_id = %(account_id)s", *(_CONDITIONS[name] for name in params)]
    if wanted.statuses and FINAL.isdisjoint(wanted.statuses):
        conditions.append(_OPEN)  # open orders have an index, for among all they are few
    if after is not None:
        conditions.append(_AFTER)
        params |= {"after_at": after.created_at, "after_id": after.id}
    query = f"{SELECT} {' AND '.join(conditions)} ORDER BY created_at DESC, id DESC LIMIT %(limit)s"
    return query.encode(), {**params, "account_id": account_id, "limit": limit}
