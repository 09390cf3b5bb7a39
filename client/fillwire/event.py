"""The event: one step of an order."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from fillwire.amount import Amount
from fillwire.order import Failure, Receipt
from fillwire.route import Route
from fillwire.status import Status

__all__ = ["Building", "Detail", "Event", "Reconciling", "Resting", "Retrying", "Submitted"]


@dataclass(frozen=True, slots=True)
class Resting:
    """What a resting order waits for."""

    trigger_price: Decimal | None
    """`None`: for no price."""
    trigger_time: datetime | None
    """`None`: for no time."""


@dataclass(frozen=True, slots=True)
class Building:
    """A route was chosen."""

    route: Route
    floor_amount_out: Amount | None
    """The least output the transaction will enforce. `None`: not given."""


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


Detail = Resting | Building | Submitted | Retrying | Reconciling | Receipt | Failure


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
    detail: Detail | None
    """`None`: the status says it all, or it is of a kind newer than this SDK."""
