"""fillwire: submit token-swap orders to the engine, and watch them until they are final.

    from fillwire import Client

    with Client("localhost:50051") as client:
        order = client.submit("SOL", "USDC", "1.5", slippage_bps=50)
        for event in client.watch(order):
            print(event.seq, event.status)

Names are loaded when they are first used: a process that needs only `fillwire.v1` never loads gRPC.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fillwire.aio import AsyncClient, AsyncWatch
    from fillwire.amount import Amount, Quantity, Token
    from fillwire.errors import (
        Aborted,
        AlreadyExists,
        ApiError,
        Cancelled,
        DeadlineExceeded,
        FailedPrecondition,
        FillwireError,
        Internal,
        InvalidRequest,
        NotFound,
        OrderFailed,
        OutOfRange,
        PermissionDenied,
        RateLimited,
        RequestIdReused,
        Unauthenticated,
        Unavailable,
        Unimplemented,
        Violation,
    )
    from fillwire.event import Building, Detail, Event, Reconciling, Resting, Retrying, Submitted
    from fillwire.explanation import Attempt, Explanation
    from fillwire.market import Pool, Quote, Venue, VenueScore
    from fillwire.order import Failure, Order, OrderSpec, Page, Receipt
    from fillwire.order_type import (
        Limit,
        Market,
        Oco,
        OrderType,
        Scheduled,
        Sniper,
        Stop,
        TakeProfit,
        TrailingStop,
        Twap,
    )
    from fillwire.route import Candidate, Leg, Route, Routing
    from fillwire.status import FailureReason, SniperTrigger, Status, TimeInForce
    from fillwire.sync import Client, Watch

__all__ = [
    "Aborted",
    "AlreadyExists",
    "Amount",
    "ApiError",
    "AsyncClient",
    "AsyncWatch",
    "Attempt",
    "Building",
    "Cancelled",
    "Candidate",
    "Client",
    "DeadlineExceeded",
    "Detail",
    "Event",
    "Explanation",
    "FailedPrecondition",
    "Failure",
    "FailureReason",
    "FillwireError",
    "Internal",
    "InvalidRequest",
    "Leg",
    "Limit",
    "Market",
    "NotFound",
    "Oco",
    "Order",
    "OrderFailed",
    "OrderSpec",
    "OrderType",
    "OutOfRange",
    "Page",
    "PermissionDenied",
    "Pool",
    "Quantity",
    "Quote",
    "RateLimited",
    "Receipt",
    "Reconciling",
    "RequestIdReused",
    "Resting",
    "Retrying",
    "Route",
    "Routing",
    "Scheduled",
    "Sniper",
    "SniperTrigger",
    "Status",
    "Stop",
    "Submitted",
    "TakeProfit",
    "TimeInForce",
    "Token",
    "TrailingStop",
    "Twap",
    "Unauthenticated",
    "Unavailable",
    "Unimplemented",
    "Venue",
    "VenueScore",
    "Violation",
    "Watch",
]

_MODULES = (
    "amount", "errors", "event", "explanation", "market", "order", "order_type", "route", "status", "sync", "aio",
)  # fmt: skip
"""Where they are; those that load gRPC come last."""


def __getattr__(name: str) -> object:
    if name in __all__:
        for module in _MODULES:
            home = importlib.import_module(f"fillwire.{module}")
            if name in home.__all__:
                value: object = getattr(home, name)
                globals()[name] = value
                return value
    raise AttributeError(f"module 'fillwire' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
