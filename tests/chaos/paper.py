"""Paper: what a run leaves behind, open to forgery by those who test the checker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from tests.chaos.history import About, Record, Type
from tests.chaos.truth import Truth

__all__ = ["Corruption", "Paper"]


@dataclass(slots=True)
class Paper:
    """History and truth of one run."""

    records: list[Record]
    truth: Truth

    def first(self, about: About, kind: Type = Type.INVOKE, **value: Any) -> int:
        """The place of the first such record."""
        return next(
            place
            for place, record in enumerate(self.records)
            if (record.f, record.type) == (about, kind) and value.items() <= record.value.items()
        )

    def answer(self, request_id: str) -> int:
        """The place of the first answer to a submit with this request id."""
        op = self.records[self.first(About.SUBMIT, request_id=request_id)].op
        answered = (place for place, one in enumerate(self.records) if one.op == op and one.type is not Type.INVOKE)
        return next(answered)

    def change(self, place: int, **value: Any) -> None:
        """Writes something else into a record."""
        record = self.records[place]
        self.records[place] = msgspec.structs.replace(record, value={**record.value, **value})

    def drop(self, place: int) -> None:
        del self.records[place]

    def events(self, order_id: str) -> list[int]:
        """The places of the events that watches of this order were given."""
        return [n for n, one in enumerate(self.records) if one.f is About.EVENT and one.value["order_id"] == order_id]

    def restore(self, table: str, number: int, **changes: Any) -> None:
        """Changes a row of the truth."""
        rows = list(getattr(self.truth, table))
        rows[number] = msgspec.structs.replace(rows[number], **changes)
        self.truth = msgspec.structs.replace(self.truth, **{table: rows})

    def remove(self, table: str, keep: Callable[[Any], bool]) -> None:
        """Removes the rows of the truth that are not to be kept."""
        rows = [row for row in getattr(self.truth, table) if keep(row)]
        self.truth = msgspec.structs.replace(self.truth, **{table: rows})

    def add(self, table: str, row: Any) -> None:
        """Adds a row to the truth."""
        self.truth = msgspec.structs.replace(self.truth, **{table: [*getattr(self.truth, table), row]})

    def reorder(self, order_id: str, **changes: Any) -> None:
        """Changes the row of an order."""
        number = next(n for n, one in enumerate(self.truth.orders) if one.id == order_id)
        self.restore("orders", number, **changes)

    def relog(self, order_id: str, seq: int, **changes: Any) -> None:
        """Changes an event of an order's log; what is not a column of it goes into its detail."""
        number = next(n for n, one in enumerate(self.truth.events) if (one.order_id, one.seq) == (order_id, seq))
        event = self.truth.events[number]
        columns = {name: value for name, value in changes.items() if name in event.__struct_fields__}
        details = {name: value for name, value in changes.items() if name not in columns}
        detail = {**event.detail, **details} if event.detail and details else event.detail
        self.restore("events", number, **{"detail": detail, **columns})

    def reswap(self, order_id: str, **changes: Any) -> None:
        """Changes the transaction of an order."""
        number = next(n for n, one in enumerate(self.truth.swaps) if one.order_id == order_id)
        self.restore("swaps", number, **changes)


Corruption = Callable[[Paper], None]
