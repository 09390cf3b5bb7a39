"""Orders that rest, for whoever watches what they wait for.

    pages      all of them, as a process begins
    since      what has begun or ended to rest, again and again
    of         these, where nobody is sure of them any more
    fire       the condition is met: each is fired once, by whoever comes first

An order is told apart by its id and its last seq: new terms, and resting again, are a new seq.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from fillwire_orders.database import Pool, fetch, run
from fillwire_orders.journal import DISPATCH_GRACE, Dispatch
from fillwire_orders.order import OrderId
from fillwire_orders.resting_order import COLUMNS, LIMIT, RestingOrder

__all__ = ["Met", "News", "RestingOrder", "RestingOrders"]

_PAGE: Final = 5_000

_RESTS: Final = "o.status = 'RESTING' AND o.fired_at IS NULL"

_FROM_ID: Final = f"""
    SELECT {COLUMNS} FROM fillwire.orders AS o, LATERAL ({LIMIT}) AS l
    WHERE {_RESTS} AND o.armed_at IS NOT NULL AND o.due_at IS NOT NULL AND o.id > %(after)s::uuid ORDER BY o.id LIMIT {_PAGE}
""".encode()  # noqa: S608 - no word of these is a client's
_OF: Final = f"""
    SELECT {COLUMNS} FROM fillwire.orders AS o, LATERAL ({LIMIT}) AS l
    WHERE {_RESTS} AND o.id = ANY (%(ids)s::uuid[])
""".encode()  # noqa: S608 - the same
# A transaction gets its number before it commits, so a number that is passed may still come into sight. Whatever is
# not older than all that were under way (`xmin`) is read again the next time.
_SINCE: Final = f"""
    SELECT m.xmin, m.now, {_RESTS}, {COLUMNS}
    FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin, clock_timestamp() AS now) AS m
    LEFT JOIN (
        SELECT DISTINCT order_id FROM fillwire.order_events
        WHERE tx >= %(cursor)s AND (status = 'RESTING' OR previous = 'RESTING')
    ) AS moved ON true
    LEFT JOIN fillwire.orders AS o ON o.id = moved.order_id
    LEFT JOIN LATERAL ({LIMIT}) AS l ON true
""".encode()  # noqa: S608 - the same

_NONE: Final = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class News:
    """What has changed: these rest, those do not. `cursor` is where to go on from, `now` the database's time."""

    cursor: int
    now: datetime
    resting: Sequence[RestingOrder]
    gone: Sequence[OrderId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """That the condition of an order was found met, as it stood at `seq`; prices and pool as in `event.Fired`."""

    order_id: OrderId
    seq: int
    condition: str
    price: str = ""
    pool: str = ""
    best_price: str = ""
    mid_price: str = ""


class RestingOrders:
    """Reads and fires them; every method raises `StoreUnavailable` and can be called again."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def cursor(self) -> int:
        """Where `since` is to go on from, for who reads all pages after this."""
        return (await self.since(_FUTURE)).cursor

    async def pages(self) -> AsyncIterator[Sequence[RestingOrder]]:
        """All that rest, by id; what begins to meanwhile may be missing, and what ended to may be there."""
        after = _NONE
        while rows := await run(self._pool, _FROM_ID, {"after": after}, name="resting_pages"):
            yield [RestingOrder.of(row) for row in rows]
            after = rows[-1][0]

    async def since(self, cursor: int) -> News:
        """What changed since `cursor`, and perhaps some that was told before; nothing is ever skipped."""
        rows = await run(self._pool, _SINCE, {"cursor": cursor}, name="resting_since")
        xmin, now = rows[0][:2]
        found = [row for row in rows if row[3] is not None]
        resting = [RestingOrder.of(row[3:]) for row in found if row[2]]
        return News(xmin, now, resting, [OrderId(row[3]) for row in found if not row[2]])

    async def of(self, order_ids: Sequence[OrderId]) -> Sequence[RestingOrder]:
        """Those of these orders that rest."""
        return [RestingOrder.of(row) for row in await run(self._pool, _OF, {"ids": list(order_ids)}, name="resting_of")]

    async def fire(self, met: Sequence[Met]) -> Sequence[Dispatch]:
        """Stores that these have fired; gives those that did by this call, to be queued.

        One that is not in the answer fired before, rests no more or as something else, or is just being changed: `of`
        tells. Nothing is lost where the caller dies before it has queued them: the sweeper does.
        """
        rows = [{"id": one.order_id, "seq": one.seq, "fired": _fired(one)} for one in met]
        params = {"met": msgspec.json.encode(rows).decode(), "dispatch_grace": DISPATCH_GRACE}
        return [Dispatch(*row) for row in await fetch(self._pool, "fire", params)]


_FUTURE: Final = 2**63 - 1


def _fired(met: Met) -> dict[str, str]:
    """`event.Fired`, but for its time, which is the database's."""
    said = {"price": met.price, "pool": met.pool, "best_price": met.best_price, "mid_price": met.mid_price}
    return {"kind": "fired", "condition": met.condition, **{name: value for name, value in said.items() if value}}
