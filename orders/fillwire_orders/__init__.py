"""The order: its states, its journal in PostgreSQL, its feed over Redis and its queue.

Knows nothing of swaps, venues or gRPC.
"""

from fillwire_orders.claims import Claim, Claimed, NotNow, Step, Transaction, Wait
from fillwire_orders.database import Pool, open_pool
from fillwire_orders.errors import (
    Fenced,
    OrderNotFound,
    OrdersError,
    RequestIdReused,
    SeqInFuture,
    StoreUnavailable,
)
from fillwire_orders.event import Event, Failure, FailureReason
from fillwire_orders.feed import Feed
from fillwire_orders.journal import DEFAULT_ACCOUNT, Dispatch, Journal, Submission
from fillwire_orders.order import (
    AccountId,
    Order,
    OrderId,
    OrderType,
    RequestId,
    Routing,
    Terms,
    TimeInForce,
)
from fillwire_orders.queue import Dispatcher
from fillwire_orders.reading import Filter, Position, Reader
from fillwire_orders.status import FINAL, Status
from fillwire_orders.venue_records import VenueRecord, VenueRecords
from fillwire_orders.watch import Idle, watch

__all__ = [
    "DEFAULT_ACCOUNT",
    "FINAL",
    "AccountId",
    "Claim",
    "Claimed",
    "Dispatch",
    "Dispatcher",
    "Event",
    "Failure",
    "FailureReason",
    "Feed",
    "Fenced",
    "Filter",
    "Idle",
    "Journal",
    "NotNow",
    "Order",
    "OrderId",
    "OrderNotFound",
    "OrderType",
    "OrdersError",
    "Pool",
    "Position",
    "Reader",
    "RequestId",
    "RequestIdReused",
    "Routing",
    "SeqInFuture",
    "Status",
    "Step",
    "StoreUnavailable",
    "Submission",
    "Terms",
    "TimeInForce",
    "Transaction",
    "VenueRecord",
    "VenueRecords",
    "Wait",
    "open_pool",
    "watch",
]
