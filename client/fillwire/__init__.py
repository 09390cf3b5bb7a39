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
    from fillwire.account import Account, Webhook
    from fillwire.aio import AsyncAccountWatch, AsyncClient, AsyncStream, AsyncWatch
    from fillwire.amount import Amount, Quantity, Token
    from fillwire.cancellation import Cancellation, Cancellations
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
        OrderChanged,
        OrderFailed,
        OrderNotResting,
        OutOfRange,
        PermissionDenied,
        QuotaExhausted,
        QuoteExpired,
        RateLimited,
        RequestIdReused,
        Unauthenticated,
        Unavailable,
        Unimplemented,
        Violation,
        WebhookNotVerified,
    )
    from fillwire.event import (
        Building,
        Detail,
        Event,
        Fired,
        Progress,
        Reconciling,
        Replaced,
        Resting,
        Retrying,
        Submitted,
    )
    from fillwire.execution import Execution, ExecutionReport
    from fillwire.explanation import Attempt, Explanation
    from fillwire.market import Pool, Price, Quote, Venue, VenueScore
    from fillwire.order import Failure, Order, OrderSpec, Page
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
    from fillwire.receipt import Cost, Receipt
    from fillwire.route import Candidate, Leg, Route, Routing
    from fillwire.settings import TLS
    from fillwire.status import CancelResult, FailureReason, Kind, Scope, SniperTrigger, Status, TimeInForce
    from fillwire.sync import AccountWatch, Client, Stream, Watch
    from fillwire.webhook import verify_webhook

__all__ = [
    "TLS",
    "Aborted",
    "Account",
    "AccountWatch",
    "AlreadyExists",
    "Amount",
    "ApiError",
    "AsyncAccountWatch",
    "AsyncClient",
    "AsyncStream",
    "AsyncWatch",
    "Attempt",
    "Building",
    "CancelResult",
    "Cancellation",
    "Cancellations",
    "Cancelled",
    "Candidate",
    "Client",
    "Cost",
    "DeadlineExceeded",
    "Detail",
    "Event",
    "Execution",
    "ExecutionReport",
    "Explanation",
    "FailedPrecondition",
    "Failure",
    "FailureReason",
    "FillwireError",
    "Fired",
    "Internal",
    "InvalidRequest",
    "Kind",
    "Leg",
    "Limit",
    "Market",
    "NotFound",
    "Oco",
    "Order",
    "OrderChanged",
    "OrderFailed",
    "OrderNotResting",
    "OrderSpec",
    "OrderType",
    "OutOfRange",
    "Page",
    "PermissionDenied",
    "Pool",
    "Price",
    "Progress",
    "Quantity",
    "QuotaExhausted",
    "Quote",
    "QuoteExpired",
    "RateLimited",
    "Receipt",
    "Reconciling",
    "Replaced",
    "RequestIdReused",
    "Resting",
    "Retrying",
    "Route",
    "Routing",
    "Scheduled",
    "Scope",
    "Sniper",
    "SniperTrigger",
    "Status",
    "Stop",
    "Stream",
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
    "Webhook",
    "WebhookNotVerified",
    "verify_webhook",
]

_MODULES = (
    "account", "amount", "cancellation", "errors", "event", "execution", "explanation", "market", "order",
    "order_type", "receipt", "route", "settings", "status", "webhook", "sync", "aio",
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
