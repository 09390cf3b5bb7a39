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
    "Cost",
    "Detail",
    "Event",
    "Failure",
    "FailureReason",
    "Fired",
    "Leg",
    "Progress",
    "Receipt",
    "Reconciling",
    "Replaced",
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
    WITHDRAWN = "WITHDRAWN"
    SWITCHED_OFF = "SWITCHED_OFF"
    GOOD_TILL_TIME_PASSED = "GOOD_TILL_TIME_PASSED"
    LIMIT_NOT_MET = "LIMIT_NOT_MET"
    NO_SLICE_FILLED = "NO_SLICE_FILLED"


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

    `amount_out` (of an exact-out order `amount_in`) is `None` where it can't or trades another pair; `behind_bps` is how far its quote is below the
    route's, `haircut_bps` by how much it was distrusted.
    """

    venue: str
    pool: str
    token_in: str = ""
    token_out: str = ""
    amount_out: int | None = None
    amount_in: int | None = None
    used: bool = False
    reason: str = ""
    behind_bps: float = 0.0
    haircut_bps: float = 0.0


class Route(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"bound": "upper_bound"}):
    """How an amount is swapped, and the bound that proves how good that is; legs in the order of their execution.

    `bound` is what the exact-in route cannot give more than, or the exact-out one not take less than. `mid_price` is the pre-trade mid, whole tokens out per whole token in.
    """

    amount_in: int
    amount_out: int
    legs: tuple[Leg, ...]
    bound: int
    gap_bps: float
    price_impact_bps: float
    best_single_amount_out: int | None
    candidates: tuple[Candidate, ...]
    mid_price: str
    slot: int
    router_micros: int
    exact_out: bool = False
    best_single_amount_in: int | None = None


class Failure(msgspec.Struct, frozen=True, tag_field="kind", tag="failure"):
    """Why it came to nothing: a reason for programs, a message for people."""

    reason: FailureReason
    message: str


class Resting(msgspec.Struct, frozen=True, tag_field="kind", tag="resting", omit_defaults=True):
    """What a resting order waits for; `cause` says why it rests again."""

    trigger_price: str = ""
    trigger_time: datetime | None = None
    cause: Failure | None = None


class Replaced(msgspec.Struct, frozen=True, tag_field="kind", tag="replaced"):
    """A resting order has new terms: those of `Terms`, as JSON; `request_id` is the idempotency key of the change."""

    request_id: str
    terms: msgspec.Raw


class Progress(msgspec.Struct, frozen=True, tag_field="kind", tag="progress"):
    """A child of a TWAP order began or ended; what its children have swapped so far."""

    slices_begun: int
    slices_filled: int
    filled_amount_in: int
    filled_amount_out: int
    child_id: str


class Fired(msgspec.Struct, frozen=True, tag_field="kind", tag="fired", omit_defaults=True):
    """Why a resting order executes: the type of the condition that was met, and what met it.

    `price` is the mid or, for a limit, the average price of the whole amount; empty where it waited for none.
    `mid_price` is the mid then; empty: nobody knew it.
    """

    condition: str
    at: datetime
    price: str = ""
    pool: str = ""
    best_price: str = ""
    mid_price: str = ""


class Built(msgspec.Struct, frozen=True, tag_field="kind", tag="built", omit_defaults=True):
    """A route was chosen; its transaction will enforce the least output, or the most input, in total."""

    route: Route
    floor_amount_out: int | None = None
    ceiling_amount_in: int | None = None


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


class Cost(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an execution cost, in bps of what the whole amount was worth at the mid when the order arrived.

    Positive is a cost; drift + fee + impact + slippage = total. `second_best_amount` is what the best venue without a leg
    had quoted for the whole amount: the output, or of an exact-out order the input; `None`: there was no such quote.
    """

    total_bps: float
    drift_bps: float
    fee_bps: float
    impact_bps: float
    slippage_bps: float
    second_best_venue: str = ""
    second_best_amount: int | None = None
    saved_bps: float = 0.0


class Receipt(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="receipt"):
    """What the swap gave.

    `cost` is there where the price at arrival is known. A TWAP order's has the sums of its children, no signature and no
    legs. `venue_seconds` is what quotes, landing and the waits between attempts took, as the worker that confirmed it saw
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
    quoted_amount_in: int | None = None
    arrival_mid_price: str = ""
    cost: Cost | None = None


Detail = Resting | Replaced | Progress | Fired | Built | Submitted | Retrying | Reconciling | Receipt | Failure
"""What is to be known of a step, told apart by `kind`."""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of an order: the `seq`-th, from 1 and without a gap, into `status`, at the database's time `at`.

    `hash` is SHA-256 over the hash of the event before and this event (`fillwire.chain` in the database says of what).
    """

    order_id: str
    seq: int
    status: Status
    at: datetime
    attempt: int = 0
    client_order_id: str = ""
    detail: Detail | None = None
    hash: bytes = b""
