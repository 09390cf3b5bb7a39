"""The order: what was asked for, and where it stands."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from fillwire.amount import Amount
from fillwire.order_type import KINDS, Market, OrderType
from fillwire.receipt import Receipt
from fillwire.route import Route, Routing
from fillwire.status import FailureReason, Kind, Status, TimeInForce

__all__ = ["Failure", "Order", "OrderSpec", "Page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSpec:
    """What a client asked for, as the engine understood it: symbols in place of mints, defaults filled in."""

    token_in: str
    token_out: str
    amount_in: Amount | None
    """Exact-in: this much is given. `None`: the order is exact-out."""
    amount_out: Amount | None
    """Exact-out: this much is got. `None`: the order is exact-in."""
    slippage_bps: int | None
    """How far the execution may be worse than the first quote, or than that of `quote_id`. `None`: not given."""
    min_amount_out: Amount | None
    """The least total output. `None`: not given."""
    max_amount_in: Amount | None
    """The most total input of an exact-out order. `None`: not given."""
    max_price_impact_bps: int | None
    """`None`: no limit."""
    deadline: datetime | None
    """Nothing is sent to a venue after it. `None`: none."""
    time_in_force: TimeInForce
    good_till_time: datetime | None
    """With GTD only."""
    client_order_id: str
    """The client's own reference. Empty: none."""
    quote_id: str
    """The quote it is bound to. Empty: none."""
    routing: Routing
    type: OrderType = field(default_factory=Market)

    @property
    def kind(self) -> Kind:
        """The type by name."""
        return KINDS[type(self.type)]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt or an order came to nothing."""

    reason: FailureReason
    message: str
    """For people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as it was when the engine answered."""

    order_id: str
    """A UUID. Empty in the answer to `validate_only`."""
    request_id: str
    """The idempotency key it was submitted with."""
    spec: OrderSpec
    status: Status
    last_seq: int
    """The seq of its last event."""
    attempt: int
    """The attempt under way or the last one, from 1. 0: none yet."""
    create_time: datetime | None
    """When it was accepted, UTC. `None` in the answer to `validate_only`."""
    update_time: datetime | None
    """When its last event was recorded, UTC. `None` in the answer to `validate_only`."""
    floor_amount_out: Amount | None
    """The least output it accepts, fixed at its first route. `None` until then, and where it is exact-out."""
    ceiling_amount_in: Amount | None
    """Exact-out: the most input it accepts, fixed at its first route. `None` until then, and where it is exact-in."""
    filled_amount_in: Amount | None
    """What has been given; of a TWAP order by all its children that have ended. `None`: nothing."""
    filled_amount_out: Amount | None
    """What has been got for it."""
    arrival_mid_price: Decimal | None
    """The mid when it was accepted. `None`: there was none."""
    route: Route | None
    """Of the attempt under way or the last one. `None`: none chosen yet."""
    signature: str
    """Of the transaction recorded last. Empty: none yet."""
    receipt: Receipt | None
    """With CONFIRMED only."""
    failure: Failure | None
    """With FAILED, CANCELLED and EXPIRED only."""
    parent_order_id: str
    """The TWAP order it is a child of. Empty: none."""
    cancel_requested: bool
    """Its owner wants it withdrawn; whether that comes in time is still open."""
    hash: bytes
    """The hash of its last event: see `Event.hash`."""
    deduplicated: bool = field(default=False, compare=False)
    """In the answer to `submit`: an earlier request had the same request_id and terms."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the account's orders, newest first."""

    orders: tuple[Order, ...]
    next_page_token: str
    """For the next page. Empty: this is the last one."""
