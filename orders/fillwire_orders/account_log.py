"""The account's log: the events of all its orders, read by cursor, none skipped and none twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from fillwire_orders import rows
from fillwire_orders.batch import Batch
from fillwire_orders.cursor import Cursor, origin_of
from fillwire_orders.database import Pool, fetch
from fillwire_orders.errors import CursorForeign, StoreUnavailable
from fillwire_orders.event import Event
from fillwire_orders.order import AccountId, OrderId

__all__ = ["PAGE", "AccountLog", "Entry", "Page"]

PAGE: Final = 256
"""Events of one read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event, what is to be known of its order, and the cursor after it; the order was accepted at `accepted_at`."""

    event: Event
    token_in: str
    token_out: str
    accepted_at: datetime
    cursor: Cursor


class Page:
    """Up to `PAGE` events after a cursor; iterating gives the entries, each made when its turn comes.

    `cursor` is where the page ends. `is_full`: there may be more at once. `is_held`: events are committed that cannot
    be given yet, because a transaction is open that may store some that belong before them.
    """

    def __init__(self, begin: Cursor, found: Sequence[tuple[Any, ...]], most: int) -> None:
        self._begin = begin
        self._rows = [row[3:] for row in found if row[3] is not None]
        horizon, self.is_held = found[0][1:3]
        self.is_full = len(self._rows) == most
        self.cursor = _after(begin, self._rows[-1]) if self.is_full else begin.past(horizon)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Entry]:
        for row in self._rows:
            *logged, token_in, token_out, accepted_at = row[1:]
            yield Entry(rows.event(logged), token_in, token_out, accepted_at, _after(self._begin, row))


class AccountLog:
    """Reads what is committed. Every method raises `StoreUnavailable` when PostgreSQL does not answer."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._pages: Batch[tuple[AccountId, Cursor, int], Page] = Batch(self._pages_of_all, shared=(StoreUnavailable,))

    async def begin(self, account_id: AccountId, after: Cursor | None = None, *, from_start: bool = False) -> Cursor:
        """Where to read on: at `after`, or at the account's first event, or now.

        Now is where no open transaction can store anything before; what was committed a moment ago may come after it.
        Raises `CursorForeign` for one of another database or account, or of a time this database has not seen.
        """
        [(system, database, lowest, upcoming)] = await fetch(self._pool, "account_origin", {})
        origin = origin_of(system, database, account_id)
        if after is None:
            return Cursor(origin, 0 if from_start else lowest)
        if after.origin != origin or after.tx > upcoming:
            raise CursorForeign
        return after

    async def page(self, account_id: AccountId, after: Cursor, *, most: int = PAGE) -> Page:
        """The next events. What is asked for at the same moment is read together, and the same place only once."""
        return await self._pages((account_id, after, most))

    async def has_more(self, places: Sequence[tuple[AccountId, Cursor]]) -> Sequence[bool]:
        """Of each place whether anything stands after it, be it held."""
        asked = [_asked(n, account_id, place) for n, (account_id, place) in enumerate(places)]
        found = await fetch(self._pool, "account_news", {"asked": msgspec.json.encode(asked).decode()})
        with_more = {n for (n,) in found}
        return [n in with_more for n, _ in enumerate(places)]

    async def _pages_of_all(self, wanted: Sequence[tuple[AccountId, Cursor, int]]) -> Sequence[Page]:
        places = list(dict.fromkeys(wanted))
        asked = [{**_asked(n, account, place), "most": most} for n, (account, place, most) in enumerate(places)]
        found: list[list[tuple[Any, ...]]] = [[] for _ in places]
        for row in await fetch(self._pool, "account_events", {"asked": msgspec.json.encode(asked).decode()}):
            found[row[0]].append(row)
        pages = {place: Page(place[1], some, place[2]) for place, some in zip(places, found, strict=True)}
        return [pages[one] for one in wanted]


def _asked(n: int, account_id: AccountId, place: Cursor) -> dict[str, object]:
    return {"n": n, "account_id": account_id, "tx": place.tx, "order_id": place.order_id, "seq": place.seq}


def _after(begin: Cursor, row: Sequence[Any]) -> Cursor:
    tx, order_id, seq, *_ = row
    return begin.at(tx, OrderId(order_id), seq)
