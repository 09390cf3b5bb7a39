"""The order: what was asked for (`Terms`) and where it stands (`Order`)."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType

import msgspec

from fillwire_orders.conditions import Condition
from fillwire_orders.event import Failure, Receipt, Route
from fillwire_orders.status import Status

__all__ = [
    "AccountId",
    "Order",
    "OrderId",
    "OrderType",
    "RequestId",
    "Routing",
    "Terms",
    "TimeInForce",
]

OrderId = NewType("OrderId", str)
"""A UUID in its canonical text form, ordered by time (version 7)."""

RequestId = NewType("RequestId", str)
"""The client's idempotency key, a UUID in its canonical text form."""

AccountId = NewType("AccountId", str)
"""Whose order it is. Where no key is asked for, all are of the account `default`."""


class OrderType(StrEnum):
    """What makes an order execute; all but the first have a `Condition` of the same name."""

    MARKET = "MARKET"
    LIMIT = "LIMIT"
    STOP = "STOP"
    TAKE_PROFIT = "TAKE_PROFIT"
    TRAILING_STOP = "TRAILING_STOP"
    SCHEDULED = "SCHEDULED"
    TWAP = "TWAP"
    SNIPER = "SNIPER"
    OCO = "OCO"


class TimeInForce(StrEnum):
    """How long an order stays in the market."""

    IOC = "IOC"
    GTC = "GTC"
    GTD = "GTD"


class Routing(msgspec.Struct, frozen=True, omit_defaults=True):
    """Limits of the route; `None` and empty mean the engine's choice."""

    max_legs: int | None = None
    max_hops: int | None = None
    include_venues: tuple[str, ...] = ()
    exclude_venues: tuple[str, ...] = ()


_CALLED = {"condition": "type", "quoted_amount": "quote_id"}
"""Fields that the contract has in another."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a client asked for, validated and in canonical form; two equal requests have equal terms.

    Amounts are in smallest units; exactly one of `amount_in` and `amount_out` is given.
    `condition` is of the order's `type`, `None` for a market order.
    `quoted_amount` is the other amount by the quote `quote_id`, to which slippage refers; `None`: to the first route.
    """

    token_in: str
    token_out: str
    amount_in: int | None = None
    amount_out: int | None = None
    slippage_bps: int | None = None
    min_amount_out: int | None = None
    max_amount_in: int | None = None
    max_price_impact_bps: int | None = None
    deadline: datetime | None = None
    time_in_force: TimeInForce = TimeInForce.IOC
    good_till_time: datetime | None = None
    client_order_id: str = ""
    quote_id: str = ""
    quoted_amount: int | None = None
    routing: Routing = Routing()
    type: OrderType = OrderType.MARKET
    condition: Condition | None = None

    @property
    def rests(self) -> bool:
        """Whether the order waits for something before it executes."""
        return self.type is not OrderType.MARKET and self.time_in_force is not TimeInForce.IOC

    def differing(self, other: "Terms") -> list[str]:
        """The fields in which the two differ, as the contract names them, in the order they are declared."""
        names = (name for name in self.__struct_fields__ if getattr(self, name) != getattr(other, name))
        return list(dict.fromkeys(_CALLED.get(name, name) for name in names))


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order as it is at one moment.

    `floor_amount_out` is the least output it accepts (exact-in), `ceiling_amount_in` the most input (exact-out); each is
    fixed at its first route, `None` until then. The filled amounts of a TWAP order are those of its children that ended.
    `arrival_mid_price` is whole tokens out per token in when it was accepted, `None` where there was none.
    `route` is that of the last attempt that chose one, `receipt` is there in CONFIRMED only,
    `failure` in the other final states only. `attempt` counts from 1; 0: none yet. Times are aware UTC.
    """

    id: OrderId
    account_id: AccountId
    request_id: RequestId
    terms: Terms
    status: Status
    last_seq: int
    attempt: int
    created_at: datetime
    updated_at: datetime
    floor_amount_out: int | None = None
    ceiling_amount_in: int | None = None
    filled_amount_in: int = 0
    filled_amount_out: int = 0
    cancel_requested: bool = False
    arrival_mid_price: Decimal | None = None
    hash: bytes = b""
    signature: str | None = None
    route: Route | None = None
    receipt: Receipt | None = None
    failure: Failure | None = None
    parent_id: OrderId | None = None
