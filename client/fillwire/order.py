"""The order: what was asked for, where it stands, and what it gave."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from fillwire.amount import Amount
from fillwire.order_type import Market, OrderType
from fillwire.route import Leg, Route, Routing
from fillwire.status import FailureReason, Status, TimeInForce

__all__ = ["Failure", "Order", "OrderSpec", "Page", "Receipt"]


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
    """How far the output may fall below the first quote. `None`: not given."""
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


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt or an order came to nothing."""

    reason: FailureReason
    message: str
    """For people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What an execution gave."""

    signature: str
    """The transaction that landed."""
    slot: int
    amount_in: Amount
    """What was given, fees included."""
    amount_out: Amount
    """What was got, net of all fees."""
    price: Decimal | None
    """Realised, whole tokens out per token in. `None`: not given."""
    quoted_amount_out: Amount | None
    """What the route had quoted. `None`: not recorded."""
    slippage_bps: float
    """`amount_out` against `quoted_amount_out`; negative: less than quoted."""
    legs: tuple[Leg, ...]
    venue_time: timedelta
    """From acceptance to the last event, what the venues took: quotes, landing, waits between attempts."""
    engine_time: timedelta
    """The rest of it, queueing included."""
    arrival_mid_price: Decimal | None
    """The mid when the order was accepted. `None`: not recorded."""

    @property
    def venues(self) -> tuple[str, ...]:
        """The venues of its legs, each once, in their order."""
        return tuple(dict.fromkeys(leg.venue for leg in self.legs))


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
    """The least output it accepts, fixed at its first route. `None` until then."""
    route: Route | None
    """Of the attempt under way or the last one. `None`: none chosen yet."""
    signature: str
    """Of the transaction recorded last. Empty: none yet."""
    receipt: Receipt | None
    """With CONFIRMED only."""
    failure: Failure | None
    """With FAILED, CANCELLED and EXPIRED only."""
    parent_order_id: str
    """The order it is a child of. Empty: none."""
    deduplicated: bool = field(default=False, compare=False)
    """In the answer to `submit`: an earlier request had the same request_id and terms."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the account's orders, newest first."""

    orders: tuple[Order, ...]
    next_page_token: str
    """For the next page. Empty: this is the last one."""
