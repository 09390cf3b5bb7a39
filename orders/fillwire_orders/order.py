"""The order: what was asked for (`Terms`) and where it stands (`Order`)."""

from datetime import datetime
from enum import StrEnum
from typing import NewType

import msgspec

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
"""Whose order it is. Until there are keys, all are of the account `default`."""


class OrderType(StrEnum):
    """What makes an order execute."""

    MARKET = "MARKET"


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


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a client asked for, validated and in canonical form; two equal requests have equal terms.

    Amounts are in smallest units; exactly one of `amount_in` and `amount_out` is given.
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
    routing: Routing = Routing()
    type: OrderType = OrderType.MARKET

    def differing(self, other: "Terms") -> list[str]:
        """The names of the fields in which the two differ, in the order they are declared."""
        return [name for name in self.__struct_fields__ if getattr(self, name) != getattr(other, name)]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order as it is at one moment.

    `floor_amount_out` is the least output it accepts, fixed at its first route, `None` until then.
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
    signature: str | None = None
    route: Route | None = None
    receipt: Receipt | None = None
    failure: Failure | None = None
    parent_id: OrderId | None = None
