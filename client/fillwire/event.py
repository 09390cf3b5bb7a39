"""The event: one step of an order."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from fillwire.amount import Amount
from fillwire.order import Failure, OrderSpec
from fillwire.receipt import Receipt
from fillwire.route import Route
from fillwire.status import Kind, Status

__all__ = [
    "Building", "Detail", "Event", "Fired", "Progress", "Reconciling", "Replaced", "Resting", "Retrying", "Submitted",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resting:
    """What a resting order waits for."""

    trigger_price: Decimal | None
    """`None`: for no price."""
    trigger_time: datetime | None
    """`None`: for no time."""
    cause: Failure | None
    """Why it rests again: the price had gone before it could be swapped. `None`: it rests for the first time."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The terms of a resting order were replaced."""

    spec: OrderSpec
    """The new ones."""
    request_id: str
    """The idempotency key of the change."""


@dataclass(frozen=True, slots=True)
class Fired:
    """Why a resting order executes now."""

    condition: Kind
    """What was waited for: LIMIT or STOP of an OCO order, else the order's own type."""
    price: Decimal | None
    """The mid or, for a limit, the average price of the whole amount. `None`: it waited for no price."""
    pool: str
    """The pool that appeared. Empty: it waited for none."""
    best_price: Decimal | None
    """Of a trailing stop: the best price it had seen. `None`: it is none."""
    time: datetime | None
    """When the condition was found met, UTC. `None`: not given."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a TWAP order has come."""

    slices_begun: int
    """How many child orders there have been."""
    slices_filled: int
    """How many of them have swapped their amount."""
    filled_amount_in: Amount | None
    """What these have given. `None`: nothing yet."""
    filled_amount_out: Amount | None
    """What they have got."""
    child_order_id: str
    """The child that began or ended."""


@dataclass(frozen=True, slots=True)
class Building:
    """A route was chosen."""

    route: Route
    floor_amount_out: Amount | None
    """The least output the transaction will enforce. `None`: the order is exact-out."""
    ceiling_amount_in: Amount | None
    """The most input it will enforce. `None`: the order is exact-in."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The transaction was signed and recorded; it is sent from now on and lands at most once."""

    signature: str
    last_valid_slot: int
    """The last slot in which it can land."""
    route: Route | None
    """The route in force, where another worker took over and routed again. `None`: that of BUILDING."""


@dataclass(frozen=True, slots=True)
class Retrying:
    """The attempt is proven to have swapped nothing; another one follows."""

    retry: int
    """Which retry this is, from 1."""
    max_retries: int
    cause: Failure
    next_attempt_time: datetime | None
    """When the next attempt starts, UTC. `None`: not given."""


@dataclass(frozen=True, slots=True)
class Reconciling:
    """Nobody can say for now whether the transaction landed."""

    signature: str
    message: str
    """What was seen, for people."""


Detail = Resting | Replaced | Fired | Progress | Building | Submitted | Retrying | Reconciling | Receipt | Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A status the order entered, and what is to be known of it."""

    order_id: str
    seq: int
    """Place in the order's log: 1, 2, 3 and so on, without a gap."""
    status: Status
    time: datetime
    """When it was recorded, UTC."""
    attempt: int
    """Which attempt it belongs to, from 1. 0: before the first."""
    client_order_id: str
    """The client's own reference. Empty: none."""
    token_in: str
    """Symbol."""
    token_out: str
    """Symbol."""
    hash: bytes
    """SHA-256 over the hash of the event before and this event: whoever keeps it can tell a log that was changed."""
    detail: Detail | None
    """`None`: the status says it all, or it is of a kind newer than this SDK."""
