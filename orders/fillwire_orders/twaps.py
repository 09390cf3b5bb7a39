"""TWAP orders: each makes its children one after the other, and ends when there are no more to come.

    end_slices     an open child has ended: what it swapped is added to its parent
    due            who needs a next child, and who has come to an end
    begin          the next children are made
    end            the orders that have come to an end are ended

Whatever is done twice, or by two processes at once, happens once: a step is taken only of an order that stands where it
stood when the step was decided on. A crash between any two of them leaves what the next call finds.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import msgspec
import uuid_utils

from fillwire_orders import rows
from fillwire_orders.database import Pool, fetch
from fillwire_orders.event import Event, Failure, FailureReason, Receipt
from fillwire_orders.journal import DISPATCH_GRACE, Dispatch
from fillwire_orders.order import OrderId, RequestId
from fillwire_orders.status import Status

__all__ = ["Ending", "Slice", "Sums", "Twaps", "child_request"]

_AFTERWARDS: Final = "its child orders had swapped what its filled amounts say"


@dataclass(frozen=True, slots=True)
class Sums:
    """What the children of a TWAP order have swapped together; what their routes had quoted, `None`: none was filled."""

    amount_in: int
    amount_out: int
    quoted_amount_in: int | None
    quoted_amount_out: int | None
    slot: int
    venue_seconds: float


@dataclass(frozen=True, slots=True)
class Slice:
    """That the child after `begun` others is due."""

    parent_id: OrderId
    begun: int
    token_in: str
    token_out: str


@dataclass(frozen=True, slots=True)
class Ending:
    """That an order has come to its end as it stands at `seq`; `reason` says why before all its slices were through."""

    order_id: OrderId
    seq: int
    token_in: str
    token_out: str
    reason: FailureReason | None
    arrival_mid_price: Decimal | None
    sums: Sums


class Twaps:
    """Every method raises `StoreUnavailable` and can be called again."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def end_slices(self, open_slices: Sequence[tuple[OrderId, int]]) -> Sequence[Event]:
        """Notes the end of those that have ended, of children that are said to be open: (parent, its how-manieth)."""
        asked = [{"id": one, "begun": n, "request_id": child_request(one, n)} for one, n in open_slices]
        found = await fetch(self._pool, "end_slices", {"open": msgspec.json.encode(asked).decode()})
        return [rows.event(row) for row in found]

    async def due(self, *, limit: int = 500) -> Sequence[Slice | Ending]:
        """What is to be done now, longest overdue first; it stays so until it is done."""
        return [_due(row) for row in await fetch(self._pool, "due_twaps", {"limit": limit})]

    async def begin(self, slices: Sequence[tuple[Slice, Decimal | None]]) -> tuple[Sequence[Event], Sequence[Dispatch]]:
        """Makes these children, each with the mid of its pair; gives the events to be published and the children to be queued."""
        asked = [_child(one, mid) for one, mid in slices]
        params = {"slices": msgspec.json.encode(asked).decode(), "dispatch_grace": DISPATCH_GRACE}
        events = [rows.event(row) for row in await fetch(self._pool, "begin_slices", params)]
        children = [OrderId(event.order_id) for event in events if event.status is Status.PENDING]
        return events, [Dispatch(child, dispatch=1, attempt=0) for child in children]

    async def end(self, endings: Sequence[tuple[Ending, Receipt | None]]) -> Sequence[Event]:
        """Ends these, with a receipt for those whose children swapped something; gives their last events."""
        steps = [_step(ending, receipt) for ending, receipt in endings]
        found = await fetch(self._pool, "end_twaps", {"steps": msgspec.json.encode(steps).decode()})
        return [rows.event(row) for row in found]


def child_request(parent_id: OrderId, number: int) -> RequestId:
    """The request id of a child; it is what makes a child unique."""
    return RequestId(str(uuid.uuid5(uuid.UUID(parent_id), str(number))))


def _due(row: Sequence[Any]) -> Slice | Ending:
    order_id, seq, token_in, token_out, begun, ends, reason, mid, *sums = row
    if not ends:
        return Slice(OrderId(order_id), begun, token_in, token_out)
    why = None if reason is None else FailureReason(reason)
    return Ending(OrderId(order_id), seq, token_in, token_out, why, mid, _sums(sums))


def _sums(row: Sequence[Any]) -> Sums:
    amount_in, amount_out, quoted_in, quoted_out, slot, seconds = row
    return Sums(
        amount_in=int(amount_in),
        amount_out=int(amount_out),
        quoted_amount_in=None if quoted_in is None else int(quoted_in),
        quoted_amount_out=None if quoted_out is None else int(quoted_out),
        slot=slot or 0,
        venue_seconds=seconds or 0.0,
    )


def _child(one: Slice, mid: Decimal | None) -> dict[str, object]:
    return {
        "parent_id": one.parent_id,
        "begun": one.begun,
        "id": str(uuid_utils.uuid7()),
        "request_id": child_request(one.parent_id, one.begun + 1),
        "mid": mid,
    }


def _step(ending: Ending, receipt: Receipt | None) -> dict[str, object]:
    status, detail = _end(ending, receipt)
    return {"id": ending.order_id, "seq": ending.seq, "status": status, "detail": detail}


def _end(ending: Ending, receipt: Receipt | None) -> tuple[Status, Receipt | Failure]:
    match ending.reason:
        case None if receipt is not None:
            return Status.CONFIRMED, receipt
        case None:
            return Status.FAILED, Failure(FailureReason.NO_SLICE_FILLED, "none of its child orders swapped anything")
        case FailureReason.WITHDRAWN | FailureReason.SWITCHED_OFF:
            return Status.CANCELLED, Failure(ending.reason, f"withdrawn; {_AFTERWARDS}")
        case _:
            return Status.EXPIRED, Failure(ending.reason, f"its time passed; {_AFTERWARDS}")
