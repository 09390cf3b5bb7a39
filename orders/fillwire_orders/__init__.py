"""The order: its states, its journal in PostgreSQL, its feed over Redis and its queue.

Knows nothing of swaps, venues or gRPC.
"""

from fillwire_orders.account_feed import AccountFeed
from fillwire_orders.account_log import AccountLog, Entry
from fillwire_orders.account_stream import Quiet, Wish, watch_account
from fillwire_orders.accounts import Account, Accounts, Limits, OwnLimits
from fillwire_orders.changes import Cancelled, Changes, Result
from fillwire_orders.claims import Claim, Claimed, NotNow, Step, Transaction, Wait
from fillwire_orders.conditions import (
    Condition,
    Limit,
    Oco,
    Scheduled,
    Sniper,
    Stop,
    TakeProfit,
    TrailingStop,
    Trigger,
    Twap,
)
from fillwire_orders.cursor import BadCursor, Cursor
from fillwire_orders.database import Pool, open_pool
from fillwire_orders.errors import (
    AccountNotFound,
    Changed,
    CursorForeign,
    Fenced,
    KeyNotFound,
    NotResting,
    OrderNotFound,
    OrdersError,
    RateLimited,
    RequestIdReused,
    SeqInFuture,
    StoreUnavailable,
    TooManyOpenOrders,
    TooManyWebhooks,
    WebhookNotFound,
    Withdrawn,
)
from fillwire_orders.event import Event, Failure, FailureReason
from fillwire_orders.executions import Execution, Executions, Period
from fillwire_orders.feed import Feed
from fillwire_orders.journal import DEFAULT_ACCOUNT, Dispatch, Journal, Submission
from fillwire_orders.keys import Keys, Scope
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
from fillwire_orders.publisher import Publisher
from fillwire_orders.queue import Dispatcher
from fillwire_orders.quotas import Quota, Quotas
from fillwire_orders.reading import Filter, Position, Reader
from fillwire_orders.status import FINAL, Status
from fillwire_orders.venue_records import VenueRecord, VenueRecords
from fillwire_orders.watch import Idle, watch
from fillwire_orders.webhooks import Webhook, Webhooks

__all__ = [
    "DEFAULT_ACCOUNT",
    "FINAL",
    "Account",
    "AccountFeed",
    "AccountId",
    "AccountLog",
    "AccountNotFound",
    "Accounts",
    "BadCursor",
    "Cancelled",
    "Changed",
    "Changes",
    "Claim",
    "Claimed",
    "Condition",
    "Cursor",
    "CursorForeign",
    "Dispatch",
    "Dispatcher",
    "Entry",
    "Event",
    "Execution",
    "Executions",
    "Failure",
    "FailureReason",
    "Feed",
    "Fenced",
    "Filter",
    "Idle",
    "Journal",
    "KeyNotFound",
    "Keys",
    "Limit",
    "Limits",
    "NotNow",
    "NotResting",
    "Oco",
    "Order",
    "OrderId",
    "OrderNotFound",
    "OrderType",
    "OrdersError",
    "OwnLimits",
    "Period",
    "Pool",
    "Position",
    "Publisher",
    "Quiet",
    "Quota",
    "Quotas",
    "RateLimited",
    "Reader",
    "RequestId",
    "RequestIdReused",
    "Result",
    "Routing",
    "Scheduled",
    "Scope",
    "SeqInFuture",
    "Sniper",
    "Status",
    "Step",
    "Stop",
    "StoreUnavailable",
    "Submission",
    "TakeProfit",
    "Terms",
    "TimeInForce",
    "TooManyOpenOrders",
    "TooManyWebhooks",
    "TrailingStop",
    "Transaction",
    "Trigger",
    "Twap",
    "VenueRecord",
    "VenueRecords",
    "Wait",
    "Webhook",
    "WebhookNotFound",
    "Webhooks",
    "Wish",
    "Withdrawn",
    "open_pool",
    "watch",
    "watch_account",
]
