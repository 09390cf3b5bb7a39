"""Reading orders and their logs; nothing here changes anything."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from fillwire_orders.batch import Batch
from fillwire_orders.database import Pool, fetch, run
from fillwire_orders.errors import OrderNotFound, StoreUnavailable
from fillwire_orders.event import (
    Built,
    Detail,
    Event,
    Failure,
    Receipt,
    Route,
    Submitted,
)
from fillwire_orders.order import AccountId, Order, OrderId, RequestId, Routing, Terms
from fillwire_orders.status import Status

__all__ = ["Filter", "Position", "Reader", "last_route"]

_DETAIL: Final = msgspec.json.Decoder(Detail)
_AMOUNTS: Final = ("amount_in", "amount_out", "min_amount_out", "max_amount_in")
_COLUMNS: Final = (
    *("id", "account_id", "request_id", "parent_id", *Terms.__struct_fields__),
    *("status", "last_seq", "attempt", "created_at", "updated_at", "floor_amount_out", "signature"),
)
_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM fillwire.orders WHERE "  # noqa: S608 - no word of it is a client's
_BY_IDS: Final = f"{_SELECT} id = ANY (%(order_ids)s::uuid[])".encode()
_BY_REQUEST: Final = f"{_SELECT} account_id = %(account_id)s AND request_id = %(request_id)s::uuid".encode()
_CONDITIONS: Final = {
    "statuses": "status = ANY (%(statuses)s::text[])",
    "token_in": "token_in = %(token_in)s",
    "token_out": "token_out = %(token_out)s",
    "client_order_id": "client_order_id = %(client_order_id)s",
    "created_from": "created_at >= %(created_from)s",
    "created_before": "created_at < %(created_before)s",
    "after": "(created_at, id) < (%(after_at)s, %(after_id)s::uuid)",
}


class Position(msgspec.Struct, frozen=True):
    """Where a page ended: the creation time and id of its last order."""

    created_at: datetime
    id: OrderId


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which orders to list; all that are given must hold, and what is empty is not. `created_before` is exclusive."""

    statuses: tuple[Status, ...] = ()
    token_in: str | None = None
    token_out: str | None = None
    client_order_id: str | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None


class Reader:
    """Reads what is committed. Every method raises `StoreUnavailable` when PostgreSQL does not answer."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._stories = Batch(self._stories_of_all, shared=(StoreUnavailable,))
        self._logs = Batch(self._events_of_all, shared=(StoreUnavailable,))

    async def order(self, account_id: AccountId, order_id: OrderId) -> Order:
        """The order as it is now; `OrderNotFound` for one that is not there or not of this account."""
        order, _ = await self.story(account_id, order_id)
        return order

    async def story(self, account_id: AccountId, order_id: OrderId) -> tuple[Order, Sequence[Event]]:
        """The order as it is now, and all its events up to there; raises as `order` does.

        What is asked for at the same moment is read together.
        """
        found = await self._stories(order_id)
        if found is None or found[0].account_id != account_id:
            raise OrderNotFound(order_id)
        return found

    async def order_by_request(self, account_id: AccountId, request_id: RequestId) -> Order:
        """The order that was submitted with `request_id`; raises as `order` does."""
        params = {"account_id": account_id, "request_id": request_id}
        found = await self._read(_BY_REQUEST, params)
        if not found:
            raise OrderNotFound(request_id)
        return found[0][0]

    async def page(
        self, account_id: AccountId, wanted: Filter, *, limit: int, after: Position | None
    ) -> Sequence[Order]:
        """Up to `limit` orders, newest first, older than `after`."""
        return [order for order, _ in await self._read(*_page(account_id, wanted, limit, after))]

    async def events(self, order_id: OrderId, after_seq: int, *, limit: int = 256) -> Sequence[Event]:
        """The order's events with a greater seq than `after_seq`, in order, `limit` at most.

        What is asked for at the same moment is read together.
        """
        return await self._logs((order_id, after_seq, limit))

    async def ahead(self, seen: Mapping[OrderId, int]) -> dict[OrderId, int]:
        """The seq of the last event, of those of these orders whose log goes further than was seen of it."""
        asked = [{"id": order_id, "seq": seq} for order_id, seq in seen.items()]
        rows = await fetch(self._pool, "ahead", {"seen": msgspec.json.encode(asked).decode()})
        return {OrderId(row[0]): row[1] for row in rows}

    async def _events_of_all(self, wanted: Sequence[tuple[OrderId, int, int]]) -> Sequence[Sequence[Event]]:
        asked = [{"n": n, "id": one[0], "after_seq": one[1], "most": one[2]} for n, one in enumerate(wanted)]
        found: list[list[Event]] = [[] for _ in wanted]
        for n, *row in await fetch(self._pool, "events", {"asked": msgspec.json.encode(asked).decode()}):
            found[n].append(_event(row))
        return found

    async def _stories_of_all(self, order_ids: Sequence[OrderId]) -> Sequence[tuple[Order, Sequence[Event]] | None]:
        found = {story[0].id: story for story in await self._read(_BY_IDS, {"order_ids": list(set(order_ids))})}
        return [found.get(order_id) for order_id in order_ids]

    async def _read(self, query: bytes, params: Mapping[str, Any]) -> Sequence[tuple[Order, Sequence[Event]]]:
        rows = [dict(zip(_COLUMNS, row, strict=True)) for row in await run(self._pool, query, params, name="orders")]
        logs: dict[str, list[Event]] = {str(row["id"]): [] for row in rows}
        if logs:
            for row in await fetch(self._pool, "logs", {"ids": list(logs)}):
                logs[row[0]].append(_event(row))
        # A step that was taken between the two reads belongs to the next one.
        stories = ((row, [event for event in logs[str(row["id"])] if event.seq <= row["last_seq"]]) for row in rows)
        return [(_order(row, log), log) for row, log in stories]


def _page(account_id: AccountId, wanted: Filter, limit: int, after: Position | None) -> tuple[bytes, dict[str, Any]]:
    params: dict[str, Any] = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value}
    if "statuses" in params:
        params["statuses"] = list(params["statuses"])
    conditions = [_CONDITIONS[name] for name in params]
    if after is not None:
        conditions.append(_CONDITIONS["after"])
        params |= {"after_at": after.created_at, "after_id": after.id}
    where = " AND ".join(["account_id = %(account_id)s", *conditions])
    query = f"{_SELECT} {where} ORDER BY created_at DESC, id DESC LIMIT %(limit)s"
    return query.encode(), {**params, "account_id": account_id, "limit": limit}


def _order(row: dict[str, Any], log: Sequence[Event]) -> Order:
    end = log[-1].detail
    return Order(
        id=OrderId(str(row["id"])),
        account_id=row["account_id"],
        request_id=RequestId(str(row["request_id"])),
        terms=_terms(row),
        status=Status(row["status"]),
        last_seq=row["last_seq"],
        attempt=row["attempt"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        floor_amount_out=_amount(row["floor_amount_out"]),
        signature=row["signature"],
        route=last_route(log),
        receipt=end if isinstance(end, Receipt) else None,
        failure=end if isinstance(end, Failure) else None,
        parent_id=None if row["parent_id"] is None else OrderId(str(row["parent_id"])),
    )


def _terms(row: dict[str, Any]) -> Terms:
    given = {name: row[name] for name in Terms.__struct_fields__}
    given |= {name: _amount(row[name]) for name in _AMOUNTS}
    given["routing"] = msgspec.convert(row["routing"], Routing)
    return msgspec.convert(given, Terms)


def last_route(log: Sequence[Event]) -> Route | None:
    """The route that was recorded last; `None`: none was."""
    for event in reversed(log):
        if isinstance(event.detail, Built | Submitted) and event.detail.route is not None:
            return event.detail.route
    return None


def _amount(value: Any) -> int | None:
    return None if value is None else int(value)


def _event(row: Sequence[Any]) -> Event:
    order_id, seq, status, at, attempt, client_order_id, detail = row
    return Event(
        order_id=order_id,
        seq=seq,
        status=Status(status),
        at=at,
        attempt=attempt,
        client_order_id=client_order_id,
        detail=None if detail is None else _DETAIL.decode(detail),
    )
