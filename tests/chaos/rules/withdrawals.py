"""What the answer to a cancel promises: CANCELLED is for good, TOO_LATE is true, PENDING begins nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from fillwire_orders import FINAL, Status
from tests.chaos.evidence import Asked, Evidence
from tests.chaos.history import Type
from tests.chaos.truth import StoredEvent
from tests.chaos.wishes import PRICED

__all__ = ["cancelled_and_went_on", "late_for_nothing", "withdrawn_and_went_on", "withdrawn_unasked"]

_GOING_ON: Final = {Status.ROUTING, Status.BUILDING, Status.SUBMITTED, Status.RETRYING, Status.RESTING}


def cancelled_and_went_on(evidence: Evidence) -> Iterator[str]:
    """CANCELLED: that is the order's last event, and nothing of it landed or will."""
    for ask, log in _answered(evidence, "CANCELLED"):
        end = (log[-1].status, log[-1].seq) if log else None
        swaps = [one for one in evidence.transactions.get(ask.order_id, ()) if one.status in {"landed", "pending"}]
        if end != (Status.CANCELLED, ask.answer["last_seq"]) or swaps:
            yield f"{_said(ask)}, its log ends with {end}, {len(swaps)} transactions are alive"


def late_for_nothing(evidence: Evidence) -> Iterator[str]:
    """TOO_LATE: it had ended otherwise, as the answer says."""
    for ask, log in _answered(evidence, "TOO_LATE"):
        end = log[-1].status if log else None
        if end != ask.answer["status"] or end == Status.CANCELLED or end not in FINAL:
            yield f"{_said(ask)} because it is {ask.answer['status']}, and it is {end}"


def withdrawn_and_went_on(evidence: Evidence) -> Iterator[str]:
    """PENDING: the attempt under way is the last, of a TWAP order the slice; and it ends."""
    for ask, log in _answered(evidence, "PENDING"):
        seen = int(ask.answer["last_seq"])
        before = max((_begun(event) for event in log if event.seq <= seen), default=0)
        # A TWAP order notes the end of its last slice.
        further = [one for one in log if one.seq > seen and one.status in _GOING_ON and not 0 < _begun(one) <= before]
        if further or not evidence.is_final(ask.order_id):
            yield f"{_said(ask)} at {seen}, its log went on: {', '.join(one.status for one in log)}"


def withdrawn_unasked(evidence: Evidence) -> Iterator[str]:
    """Who is CANCELLED was to be, by its owner, or as the slice of such a one."""
    asked = {ask.order_id for ask in evidence.cancels}
    for order in evidence.orders.values():
        swept = evidence.withdrew_all and order.type in PRICED
        if order.status == Status.CANCELLED and not swept and asked.isdisjoint({order.id, order.parent_id}):
            yield f"order {order.id} is CANCELLED, and nobody asked for that"


def _answered(evidence: Evidence, result: str) -> Iterator[tuple[Asked, Sequence[StoredEvent]]]:
    for ask in evidence.cancels:
        if ask.type is Type.OK and ask.answer["result"] == result:
            yield ask, evidence.logs.get(ask.order_id, ())


def _begun(event: StoredEvent) -> int:
    return int((event.detail or {}).get("slices_begun", 0))


def _said(ask: Asked) -> str:
    return f"{ask.proc} was told {ask.answer['result']} of order {ask.order_id}"
