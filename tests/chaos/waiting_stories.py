"""Stories of orders that wait, in which every promise is kept; `stories` tells them with its own.

limited    fired at its limit and swapped
moved      a stop that was given another price, fired by that one, and withdrawn too late
withdrawn  a take-profit that was withdrawn while it rested
held       a market order whose transaction was on its way when it was withdrawn; refused, and not tried again
sliced     a TWAP order of two slices, both swapped
exact      gets an exact amount
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from tests.chaos.history import About, Recorder, Type
from tests.chaos.truth import StoredEvent, StoredOrder, Swap, body_of

__all__ = ["SLICED", "told_of_waiting"]

SLICED: Final = "11111111-1111-4111-8111-111111111111"

_AT: Final = 1_700_000_000_000_000
_SIDES: Final = {"token_in": "SOL", "token_out": "USDC"}
_LIMIT: Final = {"type": "LIMIT", "price": "0.1", "amount": 100}
_STOP: Final = {"type": "STOP", "price": "0.2"}
_MOVED: Final = {"type": "STOP", "price": "0.3"}
_TAKE_PROFIT: Final = {"type": "TAKE_PROFIT", "price": "9"}
_TWAP: Final = {"type": "TWAP", "slices": 2, "interval_seconds": 1.0}
_WITHDRAWN: Final = {"kind": "failure", "reason": "WITHDRAWN"}

Step = tuple[str, Mapping[str, Any] | None]


def told_of_waiting(recorder: Recorder) -> tuple[Sequence[StoredOrder], Sequence[StoredEvent], Sequence[Swap]]:
    """Tells the stories to `recorder`; gives the orders, events and swaps behind them."""
    slices = [str(uuid.uuid5(uuid.UUID(SLICED), number)) for number in "12"]
    told = [
        _order("limited", [*_rested(_LIMIT, "0.1"), *_swapped("limited")], condition=_LIMIT),
        _order("moved", [*_replaced(), *_swapped("moved")], condition=_MOVED, first=_STOP),
        _order("withdrawn", [*_rested(_TAKE_PROFIT), ("CANCELLED", _WITHDRAWN)], condition=_TAKE_PROFIT),
        _order("held", [("PENDING", None), *_swapped("held")[:-1], ("CANCELLED", _WITHDRAWN)]),
        _order("slice-1", [("PENDING", None), *_swapped("slice-1", 500, 50)], parent=(SLICED, slices[0])),
        _order("slice-2", [("PENDING", None), *_swapped("slice-2", 500, 50)], parent=(SLICED, slices[1])),
        _order(SLICED, _sliced(), condition=_TWAP, filled=("1000", "100")),
        _order("exact", [("PENDING", None), *_swapped("exact")], exact_out=True),
    ]
    for order, _ in told:
        if order.parent_id is None:
            op = recorder.invoke("client-4", About.SUBMIT, request_id=order.request_id, body=order.body)
            recorder.note("client-4", Type.OK, About.SUBMIT, op, order_id=order.id, deduplicated=False)
    op = recorder.invoke("client-4", About.REPLACE, order_id="moved", request_id="change", price="0.3")
    recorder.note("client-4", Type.OK, About.REPLACE, op, last_seq=3)
    _cancel(recorder, "moved", result="TOO_LATE", status="CONFIRMED", last_seq=7)
    _cancel(recorder, "withdrawn", result="CANCELLED", status="CANCELLED", last_seq=3)
    _cancel(recorder, "held", result="PENDING", status="SUBMITTED", last_seq=4)
    orders = [order for order, _ in told]
    swaps = [_swap(order) for order in orders if order.id not in {"withdrawn", SLICED}]
    return orders, [event for _, log in told for event in log], swaps


def _cancel(recorder: Recorder, order_id: str, **answer: Any) -> None:
    op = recorder.invoke("client-4", About.CANCEL, order_id=order_id)
    recorder.note("client-4", Type.OK, About.CANCEL, op, **answer)


def _rested(condition: Mapping[str, Any], price: str = "") -> Sequence[Step]:
    rested: list[Step] = [("PENDING", None), ("RESTING", {"kind": "resting", "trigger_price": condition["price"]})]
    return [*rested, ("ROUTING", _fired(condition, price))] if price else rested


def _replaced() -> Sequence[Step]:
    change = {"kind": "replaced", "request_id": "change", "terms": {"condition": _MOVED}}
    return [*_rested(_STOP), ("RESTING", change), ("ROUTING", _fired(_MOVED, "0.25"))]


def _fired(condition: Mapping[str, Any], price: str) -> Mapping[str, Any]:
    return {"kind": "fired", "condition": condition["type"], "price": price, "at": "2026-11-21T00:00:00Z"}


def _swapped(name: str, amount_in: int = 1000, amount_out: int = 100) -> list[Step]:
    """From ROUTING, which a story of resting has told already, to the end."""
    amounts = {"amount_in": amount_in, "amount_out": amount_out, "slot": 7}
    steps: list[Step] = [
        ("BUILDING", {"kind": "built", "ceiling_amount_in": 1000} if name == "exact" else _BUILT),
        ("SUBMITTED", {"kind": "submitted", "signature": f"s-{name}-1"}),
        ("CONFIRMED", {"kind": "receipt", "signature": f"s-{name}-1", **amounts}),
    ]
    return steps if name in {"limited", "moved"} else [("ROUTING", None), *steps]


_BUILT: Final = {"kind": "built", "floor_amount_out": 40}


def _sliced() -> Sequence[Step]:
    counts = ((1, 0), (1, 1), (2, 1), (2, 2))
    steps: list[Step] = [
        ("RESTING", {"kind": "progress", "slices_begun": begun, "slices_filled": filled}) for begun, filled in counts
    ]
    receipt = {"kind": "receipt", "signature": "", "amount_in": 1000, "amount_out": 100, "slot": 7}
    return [("PENDING", None), ("RESTING", {"kind": "resting"}), *steps, ("CONFIRMED", receipt)]


def _order(
    name: str,
    steps: Sequence[Step],
    *,
    condition: Mapping[str, Any] | None = None,
    first: Mapping[str, Any] | None = None,
    parent: tuple[str, str] | None = None,
    filled: tuple[str, str] = ("0", "0"),
    exact_out: bool = False,
) -> tuple[StoredOrder, Sequence[StoredEvent]]:
    log = _log(name, steps, late=name == SLICED)
    asked = {**_SIDES, "type": condition["type"] if condition else "MARKET"}
    asked |= {"amount_out": "100"} if exact_out else {"amount_in": "500" if parent else "1000"}
    order = StoredOrder(
        id=name,
        request_id=parent[1] if parent else f"r-{name}",
        body=body_of(asked),
        status=log[-1].status,
        last_seq=len(log),
        attempt=log[-1].attempt,
        min_amount_out=None,
        floor_amount_out=None if exact_out else "40",
        ceiling_amount_in="1000" if exact_out else None,
        signature=None,
        parent_id=parent[0] if parent else None,
        type=asked["type"],
        time_in_force="GTC" if condition else "IOC",
        amount_in=asked.get("amount_in"),
        amount_out=asked.get("amount_out"),
        filled_amount_in=filled[0],
        filled_amount_out=filled[1],
        condition=None if condition is None else dict(condition),
        first_condition=None if condition is None else dict(first or condition),
    )
    return order, log


def _log(name: str, steps: Sequence[Step], *, late: bool) -> Sequence[StoredEvent]:
    events: list[StoredEvent] = []
    attempt = 0
    for seq, (status, detail) in enumerate(steps, 1):
        attempt += status == "ROUTING"
        events.append(
            StoredEvent(
                order_id=name,
                seq=seq,
                previous=events[-1].status if events else "",
                status=status,
                at_us=_AT + seq + 100 * late,
                attempt=attempt,
                detail=None if detail is None else dict(detail),
            )
        )
    return events


def _swap(order: StoredOrder) -> Swap:
    refused = order.status == "CANCELLED"
    amounts = ("500", "50") if order.parent_id else ("1000", "100")
    swap = Swap(
        signature=f"s-{order.id}-1",
        reference=f"{order.id}:1",
        status="landed",
        amount_in=amounts[0],
        amount_out=amounts[1],
        slot=7,
        last_valid_slot=9,
    )
    return msgspec.structs.replace(swap, status="refused", amount_in=None, amount_out=None) if refused else swap
