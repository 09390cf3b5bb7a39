"""From rows to orders and events."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from fillwire_orders.conditions import Condition
from fillwire_orders.event import Built, Detail, Event, Failure, Receipt, Route, Submitted
from fillwire_orders.order import Order, OrderId, RequestId, Routing, Terms
from fillwire_orders.status import Status

__all__ = ["SELECT", "event", "last_route", "order", "row", "submitted"]

_COLUMNS: Final = (
    *("id", "account_id", "request_id", "parent_id", *Terms.__struct_fields__, "submitted"),
    *("status", "last_seq", "attempt", "created_at", "updated_at", "signature", "cancel_requested_at"),
    *("floor_amount_out", "ceiling_amount_in", "filled_amount_in", "filled_amount_out", "arrival_mid_price"),
)
SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM fillwire.orders WHERE "  # noqa: S608 - no word of it is a client's
"""Reads orders for `row`; what is wanted of them is still to be said."""

_AMOUNTS: Final = ("amount_in", "amount_out", "min_amount_out", "max_amount_in", "quoted_amount")
_DETAIL: Final = msgspec.json.Decoder(Detail)


def row(values: Sequence[Any]) -> dict[str, Any]:
    """What `SELECT` reads, by column."""
    return dict(zip(_COLUMNS, values, strict=True))


def order(row: Mapping[str, Any], log: Sequence[Event]) -> Order:
    """An order from its row and its log up to there; the last event and the last that chose a route are enough."""
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
        ceiling_amount_in=_amount(row["ceiling_amount_in"]),
        filled_amount_in=int(row["filled_amount_in"]),
        filled_amount_out=int(row["filled_amount_out"]),
        cancel_requested=row["cancel_requested_at"] is not None,
        arrival_mid_price=row["arrival_mid_price"],
        hash=log[-1].hash,
        signature=row["signature"],
        route=last_route(log),
        receipt=end if isinstance(end, Receipt) else None,
        failure=end if isinstance(end, Failure) else None,
        parent_id=None if row["parent_id"] is None else OrderId(str(row["parent_id"])),
    )


def submitted(row: Mapping[str, Any]) -> Terms:
    """The terms an order was submitted with; a replaced one has others now."""
    return _terms(row) if row["submitted"] is None else msgspec.convert(row["submitted"], Terms)


def event(row: Sequence[Any]) -> Event:
    """An event from its order's id, seq, status, time, attempt, the order's client_order_id, its detail and its hash."""
    order_id, seq, status, at, attempt, client_order_id, detail, digest = row
    return Event(
        order_id=order_id,
        seq=seq,
        status=Status(status),
        at=at,
        attempt=attempt,
        client_order_id=client_order_id,
        detail=None if detail is None else _DETAIL.decode(detail),
        hash=digest,
    )


def last_route(log: Sequence[Event]) -> Route | None:
    """The route that was recorded last; `None`: none was."""
    for one in reversed(log):
        if isinstance(one.detail, Built | Submitted) and one.detail.route is not None:
            return one.detail.route
    return None


def _terms(row: Mapping[str, Any]) -> Terms:
    given = {name: row[name] for name in Terms.__struct_fields__}
    given |= {name: _amount(row[name]) for name in _AMOUNTS}
    given["routing"] = msgspec.convert(row["routing"], Routing)
    given["condition"] = msgspec.convert(row["condition"], Condition | None)
    return msgspec.convert(given, Terms)


def _amount(value: Any) -> int | None:
    return None if value is None else int(value)
