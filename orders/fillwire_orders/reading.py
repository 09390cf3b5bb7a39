"""Reading orders and their logs; nothing here changes anything."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from fillwire_orders import rows
from fillwire_orders.batch import Batch
from fillwire_orders.database import Pool, fetch, run
from fillwire_orders.errors import OrderNotFound, StoreUnavailable
from fillwire_orders.event import Event
from fillwire_orders.order import AccountId, Order, OrderId, RequestId, Terms
from fillwire_orders.pages import Filter, Position, page
from fillwire_orders.rows import SELECT, last_route

__all__ = ["Filter", "Position", "Reader", "last_route"]

_BY_IDS: Final = f"{SELECT} id = ANY (%(order_ids)s::uuid[])".encode()
_BY_REQUEST: Final = f"{SELECT} account_id = %(account_id)s AND request_id = %(request_id)s::uuid".encode()

_Row = Mapping[str, Any]


class Reader:
    """Reads what is committed. Every method raises `StoreUnavailable` when PostgreSQL does not answer."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._orders = Batch(self._orders_of_all, shared=(StoreUnavailable,))
        self._stories = Batch(self._stories_of_all, shared=(StoreUnavailable,))
        self._logs = Batch(self._events_of_all, shared=(StoreUnavailable,))

    async def order(self, account_id: AccountId, order_id: OrderId) -> Order:
        """The order as it is now; `OrderNotFound` for one that is not there or not of this account.

        What is asked for at the same moment is read together.
        """
        found = await self._orders(order_id)
        if found is None or found.account_id != account_id:
            raise OrderNotFound(order_id)
        return found

    async def story(self, account_id: AccountId, order_id: OrderId) -> tuple[Order, Sequence[Event]]:
        """The order as it is now, and all its events up to there; raises as `order` does, and reads together."""
        found = await self._stories(order_id)
        if found is None or found[0].account_id != account_id:
            raise OrderNotFound(order_id)
        return found

    async def order_by_request(self, account_id: AccountId, request_id: RequestId) -> tuple[Order, Terms]:
        """The order that was submitted with `request_id`, and the terms it was submitted with; raises as `order` does."""
        params = {"account_id": account_id, "request_id": request_id}
        found = await self._rows(_BY_REQUEST, params)
        if not found:
            raise OrderNotFound(request_id)
        [order] = await self._ended(found)
        return order, rows.submitted(found[0])

    async def order_by_reference(self, account_id: AccountId, client_order_id: str) -> Order:
        """The newest order with this `client_order_id`, which is not empty; raises as `order` does."""
        wanted = Filter(client_order_id=client_order_id)
        for newest in await self.page(account_id, wanted, limit=1, after=None):
            return newest
        raise OrderNotFound(client_order_id)

    async def page(
        self, account_id: AccountId, wanted: Filter, *, limit: int, after: Position | None
    ) -> Sequence[Order]:
        """Up to `limit` orders, newest first, older than `after`."""
        query, params = page(account_id, wanted, limit=limit, after=after)
        return await self._ended(await self._rows(query, params))

    async def events(self, order_id: OrderId, after_seq: int, *, limit: int = 256) -> Sequence[Event]:
        """The order's events with a greater seq than `after_seq`, in order, `limit` at most.

        What is asked for at the same moment is read together.
        """
        return await self._logs((order_id, after_seq, limit))

    async def ahead(self, seen: Mapping[OrderId, int]) -> dict[OrderId, int]:
        """The seq of the last event, of those of these orders whose log goes further than was seen of it."""
        asked = [{"id": order_id, "seq": seq} for order_id, seq in seen.items()]
        further = await fetch(self._pool, "ahead", {"seen": msgspec.json.encode(asked).decode()})
        return {OrderId(order_id): seq for order_id, seq in further}

    async def _events_of_all(self, wanted: Sequence[tuple[OrderId, int, int]]) -> Sequence[Sequence[Event]]:
        asked = [{"n": n, "id": one[0], "after_seq": one[1], "most": one[2]} for n, one in enumerate(wanted)]
        found: list[list[Event]] = [[] for _ in wanted]
        for n, *values in await fetch(self._pool, "events", {"asked": msgspec.json.encode(asked).decode()}):
            found[n].append(rows.event(values))
        return found

    async def _orders_of_all(self, order_ids: Sequence[OrderId]) -> Sequence[Order | None]:
        read = await self._ended(await self._rows(_BY_IDS, {"order_ids": list(set(order_ids))}))
        found = {order.id: order for order in read}
        return [found.get(order_id) for order_id in order_ids]

    async def _stories_of_all(self, order_ids: Sequence[OrderId]) -> Sequence[tuple[Order, Sequence[Event]] | None]:
        read = await self._rows(_BY_IDS, {"order_ids": list(set(order_ids))})
        logs = await self._logs_of("logs", read, {"ids": [row["id"] for row in read]})
        found = {str(row["id"]): (rows.order(row, log), log) for row, log in zip(read, logs, strict=True)}
        return [found.get(order_id) for order_id in order_ids]

    async def _rows(self, query: bytes, params: Mapping[str, Any]) -> Sequence[_Row]:
        return [rows.row(values) for values in await run(self._pool, query, params, name="orders")]

    async def _ended(self, read: Sequence[_Row]) -> Sequence[Order]:
        """The orders of rows, with what the ends of their logs tell: a TWAP order's may be thousands of events long."""
        asked = [{"id": row["id"], "last_seq": row["last_seq"]} for row in read]
        logs = await self._logs_of("ends", read, {"asked": msgspec.json.encode(asked).decode()})
        return [rows.order(row, log) for row, log in zip(read, logs, strict=True)]

    async def _logs_of(self, name: str, read: Sequence[_Row], params: Mapping[str, Any]) -> Sequence[Sequence[Event]]:
        """The logs of orders up to what their rows say: a step that was taken in between belongs to the next reading."""
        logs: dict[str, list[Event]] = {str(row["id"]): [] for row in read}
        for values in await fetch(self._pool, name, params) if read else ():
            logs[values[0]].append(rows.event(values))
        return [[one for one in logs[str(row["id"])] if one.seq <= row["last_seq"]] for row in read]
