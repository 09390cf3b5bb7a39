"""What a worker holds of an order (`Claim`), and the steps it can take with it (`Step`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from fillwire_orders.event import Detail, Event
from fillwire_orders.order import OrderId, Routing
from fillwire_orders.status import Status

__all__ = ["Claim", "Claimed", "NotNow", "Step", "Transaction", "Wait"]


@dataclass(frozen=True, slots=True)
class Wait:
    """The order's retry is due in `seconds`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class NotNow:
    """Nothing to do: the order is final, held by another worker, resting or unknown."""


@dataclass(slots=True)
class Claim:
    """An order in a worker's hands; `status` and `last_seq` move on with each recorded step.

    `fence` is greater than that of every claim before it; a step recorded under an older one is refused.
    """

    order_id: OrderId
    fence: int
    status: Status
    last_seq: int
    attempt: int
    client_order_id: str

    def event(self, at: datetime, detail: Detail | None) -> Event:
        """The event of the step that was taken last."""
        return Event(
            order_id=self.order_id,
            seq=self.last_seq,
            status=self.status,
            at=at,
            attempt=self.attempt,
            client_order_id=self.client_order_id,
            detail=detail,
        )


@dataclass(frozen=True, slots=True)
class Transaction:
    """A signed transaction that is stored, and may be on its way."""

    signature: str
    last_valid_slot: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim, and what a worker must know of the order to go on from where it stands.

    `began` is the event of ROUTING where the claim began an attempt. `seconds_left` counts to the order's deadline,
    `None`: it has none. `venue_seconds` is what earlier attempts have taken. `sent` is the transaction that
    may have been sent; whoever claims the order must ask the venue about it first.
    """

    claim: Claim
    began: Event | None
    token_in: str
    token_out: str
    amount_in: int
    slippage_bps: int | None
    min_amount_out: int | None
    floor_amount_out: int | None
    max_price_impact_bps: int | None
    routing: Routing
    seconds_left: float | None
    venue_seconds: float
    sent: Transaction | None

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Claimed":
        """From a row of `claim.sql`."""
        (
            order_id,
            fence,
            begins,
            status,
            last_seq,
            attempt,
            updated_at,
            client_order_id,
            *order,
        ) = row
        claim = Claim(OrderId(order_id), fence, Status(status), last_seq, attempt, client_order_id)
        (
            token_in,
            token_out,
            amount_in,
            slippage_bps,
            minimum,
            floor,
            impact,
            routing,
            left,
            spent,
            *sent,
        ) = order
        return cls(
            claim=claim,
            began=claim.event(updated_at, None) if begins else None,
            token_in=token_in,
            token_out=token_out,
            amount_in=int(amount_in),
            slippage_bps=slippage_bps,
            min_amount_out=None if minimum is None else int(minimum),
            floor_amount_out=None if floor is None else int(floor),
            max_price_impact_bps=impact,
            routing=msgspec.convert(routing, Routing),
            seconds_left=left,
            venue_seconds=spent,
            sent=None if sent[0] is None else Transaction(*sent),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a worker wants recorded.

    `floor_amount_out` and `transaction` are kept with the order from then on;
    `venue_seconds` is added to what is there. A `delay` ends the attempt: the order is given back, its transaction
    is forgotten (it is proven dead), and the next attempt is due after so many seconds.
    """

    status: Status
    detail: Detail | None = None
    floor_amount_out: int | None = None
    venue_seconds: float = 0.0
    transaction: Transaction | None = None
    delay: float | None = None
