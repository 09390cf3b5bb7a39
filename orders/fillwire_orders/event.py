"""The event: one step of an order, as it is stored, published and streamed.

Details are stored as JSON with a `kind`, so that the log can be read with nothing but SQL.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from fillwire_orders.status import Status

__all__ = [
    "Built",
    "Candidate",
    "Detail",
    "Event",
    "Failure",
    "FailureReason",
    "Leg",
    "Receipt",
    "Reconciling",
    "Resting",
    "Retrying",
    "Route",
    "Submitted",
]


class FailureReason(StrEnum):
    """Why an attempt, or a whole order, came to nothing. The contract says what each one means."""

    NO_ROUTE = "NO_ROUTE"
    INSUFFICIENT_LIQUIDITY = "INSUFFICIENT_LIQUIDITY"
    SLIPPAGE_EXCEEDED = "SLIPPAGE_EXCEEDED"
    PRICE_IMPACT_EXCEEDED = "PRICE_IMPACT_EXCEEDED"
    VENUE_REFUSED = "VENUE_REFUSED"
    TRANSACTION_EXPIRED = "TRANSACTION_EXPIRED"
    VENUE_UNAVAILABLE = "VENUE_UNAVAILABLE"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    AMOUNT_TOO_SMALL = "AMOUNT_TOO_SMALL"


class Leg(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One swap of a route; amounts in smallest units.

    `fee_in` is part of `amount_in`, `fee_out` is already off `amount_out`; `fee_bps` is their sum relative to the leg.
    `share_bps` is its part of what the route sells of `token_in`.
    `quoted_amount_out` is there once it was executed: what the route had promised for its `amount_in`.
    """

    venue: str
    pool: str
    token_in: str
    token_out: str
    amount_in: int
    amount_out: int
    fee_in: int
    fee_out: int
    fee_bps: float
    share_bps: float
    quoted_amount_out: int | None = None


class Candidate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A pool that was considered; one of the pair itself was asked to take the whole amount alone.

    `amount_out` is `None` where it can't or trades another pair; `behind_bps` is how far its quote is below the
    route's, `haircut_bps` by how much it was distrusted.
    """

    venue: str
    pool: str
    token_in: str = ""
    token_out: str = ""
    amount_out: int | None = None
    used: bool = False
    reason: str = ""
    behind_bps: float = 0.0
    haircut_bps: float = 0.0


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """How an amount is swapped, and the bound that proves how good that is; legs in the order of their execution.

    `mid_price` is the pre-trade mid, whole tokens out per whole token in.
    """

    amount_in: int
    amount_out: int
    legs: tuple[Leg, ...]
    upper_bound: int
    gap_bps: float
    price_impact_bps: float
    best_single_amount_out: int | None
    candidates: tuple[Candidate, ...]
    mid_price: str
    slot: int
    router_micros: int


class Failure(msgspec.Struct, frozen=True, tag_field="kind", tag="failure"):
    """Why it came to nothing: a reason for programs, a message for people."""

    reason: FailureReason
    message: str


class Resting(msgspec.Struct, frozen=True, tag_field="kind", tag="resting", omit_defaults=True):
    """What a resting order waits for."""

    trigger_price: str = ""
    trigger_time: datetime | None = None


class Built(msgspec.Struct, frozen=True, tag_field="kind", tag="built"):
    """A route was chosen; `floor_amount_out` is the least total output its transaction will enforce."""

    route: Route
    floor_amount_out: int


class Submitted(msgspec.Struct, frozen=True, tag_field="kind", tag="submitted", omit_defaults=True):
    """The transaction's signature and last slot; the route where it is not the one of BUILDING."""

    signature: str
    last_valid_slot: int
    route: Route | None = None


class Retrying(msgspec.Struct, frozen=True, tag_field="kind", tag="retrying"):
    """Retry number `retry` of `max_retries` starts `delay_seconds` after the event's time."""

    retry: int
    max_retries: int
    delay_seconds: float
    cause: Failure


class Reconciling(msgspec.Struct, frozen=True, tag_field="kind", tag="reconciling"):
    """Nobody can say what became of the transaction."""

    signature: str
    message: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="receipt"):
    """What the swap gave.

    `venue_seconds` is what quotes, landing and the waits between attempts took, as the worker that confirmed it saw
    it; the rest of the order's life is the engine's own time.
    """

    signature: str
    slot: int
    amount_in: int
    amount_out: int
    price: str
    quoted_amount_out: int
    slippage_bps: float
    legs: tuple[Leg, ...]
    venue_seconds: float


Detail = Resting | Built | Submitted | Retrying | Reconciling | Receipt | Failure
"""What is to be known of a step, told apart by `kind`."""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of an order: the `seq`-th, from 1 and without a gap, into `status`, at the database's time `at`."""

    order_id: str
    seq: int
    status: Status
    at: datetime
    attempt: int = 0
    client_order_id: str = ""
    detail: Detail | None = None
