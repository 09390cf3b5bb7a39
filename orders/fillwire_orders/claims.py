"""What a worker holds of an order (`Claim`), and the steps it can take with it (`Step`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from fillwire_orders.conditions import Condition, Limit, Oco
from fillwire_orders.event import Detail, Event, Fired
from fillwire_orders.order import AccountId, OrderId, OrderType, Routing
from fillwire_orders.status import Status

__all__ = ["Claim", "Claimed", "NotNow", "Step", "Transaction", "Wait"]

_ROUTING: Final = msgspec.json.Decoder(Routing)
_CONDITION: Final = msgspec.json.Decoder(Condition)
_FIRED: Final = msgspec.json.Decoder(Fired)
_NO_LIMITS: Final = Routing()


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
    `rested_attempt` is the attempt after which the order rested last, 0: none; its retries count from there.
    """

    order_id: OrderId
    account_id: AccountId
    fence: int
    status: Status
    last_seq: int
    attempt: int
    client_order_id: str = ""
    rested_attempt: int = 0

    @property
    def retry(self) -> int:
        """How many attempts there have been since the order was submitted, or rested last."""
        return self.attempt - self.rested_attempt

    def event(self, at: datetime, detail: Detail | None, hash_: bytes = b"") -> Event:
        """The event of the step that was taken last."""
        return Event(
            order_id=self.order_id,
            seq=self.last_seq,
            status=self.status,
            at=at,
            attempt=self.attempt,
            client_order_id=self.client_order_id,
            detail=detail,
            hash=hash_,
        )


@dataclass(frozen=True, slots=True)
class Transaction:
    """A signed transaction that is stored, and may be on its way."""

    signature: str
    last_valid_slot: int
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A claim, and what a worker must know of the order to go on from where it stands.

    Exactly one of `amount_in` and `amount_out` is given. `limit` is there where the whole amount must be swapped at its
    price or better; `rests_again` says that the order rests again where it cannot be.
    `began` is the event of ROUTING where the claim began an attempt. `seconds_left` counts to the order's deadline,
    `None`: it has none. `venue_seconds` is what earlier attempts have taken. `sent` is the transaction that
    may have been sent; whoever claims the order must ask the venue about it first.
    """

    claim: Claim
    began: Event | None
    token_in: str
    token_out: str
    amount_in: int | None = None
    amount_out: int | None = None
    slippage_bps: int | None = None
    min_amount_out: int | None = None
    max_amount_in: int | None = None
    quoted_amount: int | None = None
    floor_amount_out: int | None = None
    ceiling_amount_in: int | None = None
    max_price_impact_bps: int | None = None
    routing: Routing = _NO_LIMITS
    limit: Limit | None = None
    rests_again: bool = False
    fired: Fired | None = None
    arrival_mid_price: Decimal | None = None
    seconds_left: float | None = None
    venue_seconds: float = 0.0
    sent: Transaction | None = None

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Claimed":
        """From a row of `claim.sql`."""
        order_id, fence, begins, status, last_seq, attempt, rested, at, account_id, reference, *rest = row
        hash_, entered_with, token_in, token_out, *terms = rest
        *amounts, impact, routing, condition, fired, at_once, arrival, left, spent, signature, slot, payload = terms
        amount_in, amount_out, slippage, least, most, quoted, floor, ceiling = (_integer(one) for one in amounts)
        claim = Claim(OrderId(order_id), account_id, fence, Status(status), last_seq, attempt, reference, rested)
        why = None if fired is None else _FIRED.decode(fired)
        limit = None if condition is None else _limit(_CONDITION.decode(condition), why)
        entered = None if entered_with is None else why
        return cls(
            claim=claim,
            began=claim.event(at, entered, hash_) if begins else None,
            token_in=token_in,
            token_out=token_out,
            amount_in=amount_in,
            amount_out=amount_out,
            slippage_bps=slippage,
            min_amount_out=least,
            max_amount_in=most,
            quoted_amount=quoted,
            floor_amount_out=floor,
            ceiling_amount_in=ceiling,
            max_price_impact_bps=impact,
            routing=_ROUTING.decode(routing),
            limit=limit,
            rests_again=limit is not None and not at_once,
            fired=why,
            arrival_mid_price=arrival,
            seconds_left=left,
            venue_seconds=spent,
            sent=None if signature is None else Transaction(signature, slot, payload),
        )


def _limit(condition: Condition, fired: Fired | None) -> Limit | None:
    """The limit that the order executes under; an OCO order's only where that is what fired."""
    match condition:
        case Limit():
            return condition
        case Oco(limit=limit) if fired is not None and fired.condition == OrderType.LIMIT:
            return limit
        case _:
            return None


def _integer(value: Any) -> int | None:
    return None if value is None else int(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a worker wants recorded.

    `floor_amount_out`, `ceiling_amount_in`, the filled amounts and `transaction` are kept with the order from then on;
    `venue_seconds` is added to what is there. A `delay` ends the attempt: the order is given back, its transaction
    is forgotten (it is proven dead), and the next attempt is due after so many seconds. A step to RESTING gives the
    order back likewise, until its condition is met anew.
    """

    status: Status
    detail: Detail | None = None
    floor_amount_out: int | None = None
    ceiling_amount_in: int | None = None
    filled_amount_in: int | None = None
    filled_amount_out: int | None = None
    venue_seconds: float = 0.0
    transaction: Transaction | None = None
    delay: float | None = None
