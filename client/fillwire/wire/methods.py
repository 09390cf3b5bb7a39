"""The methods the SDK calls: where each one is, what it answers, how long it may take."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from google.protobuf.message import Message

from fillwire.v1 import account_service_pb2 as accounts
from fillwire.v1 import market_service_pb2 as market
from fillwire.v1 import order_service_pb2 as orders

__all__ = [
    "CANCEL_ALL_ORDERS", "CANCEL_ALL_ORDERS_AFTER", "CANCEL_ORDER", "CREATE_WEBHOOK", "DELETE_WEBHOOK",
    "EXPLAIN_ORDER", "GET_ACCOUNT", "GET_ORDER", "GET_QUOTE", "LIST_ORDERS", "LIST_POOLS", "LIST_TOKENS",
    "LIST_VENUES", "LIST_WEBHOOKS", "REPLACE_ORDER", "REPORT_EXECUTION", "STREAM_QUOTES", "SUBMIT_AND_WATCH_ORDER",
    "SUBMIT_ORDER", "UPDATE_WEBHOOK", "WATCH_ORDER", "WATCH_ORDERS", "WATCH_PRICES", "Call", "Method", "serialize",
]  # fmt: skip

R = TypeVar("R", bound=Message)


@dataclass(frozen=True, slots=True)
class Method(Generic[R]):
    """A method of the contract."""

    path: str
    answer: type[R]
    timeout: float | None
    """Seconds for the whole call, retries included, where the caller says nothing. `None`: no limit."""
    asks_again: bool = False
    """Whether a lost answer is asked for again within the timeout: the call is idempotent and must get through."""
    once: bool = False
    """Whether it is never made again: it is not idempotent, and what became of it is unknown."""


@dataclass(frozen=True, slots=True)
class Call(Generic[R]):
    """One call to make."""

    method: Method[R]
    request: Message


serialize: Callable[[Message], bytes] = operator.methodcaller("SerializeToString")
"""For gRPC; the base class of all messages has only an abstract one."""

_ORDERS = "/fillwire.v1.OrderService/"
SUBMIT_ORDER = Method(f"{_ORDERS}SubmitOrder", orders.SubmitOrderResponse, 5.0, asks_again=True)
SUBMIT_AND_WATCH_ORDER = Method(f"{_ORDERS}SubmitAndWatchOrder", orders.SubmitAndWatchOrderResponse, None)
WATCH_ORDER = Method(f"{_ORDERS}WatchOrder", orders.WatchOrderResponse, None)
WATCH_ORDERS = Method(f"{_ORDERS}WatchOrders", orders.WatchOrdersResponse, None)
GET_ORDER = Method(f"{_ORDERS}GetOrder", orders.GetOrderResponse, 3.0)
LIST_ORDERS = Method(f"{_ORDERS}ListOrders", orders.ListOrdersResponse, 3.0)
EXPLAIN_ORDER = Method(f"{_ORDERS}ExplainOrder", orders.ExplainOrderResponse, 3.0)
CANCEL_ORDER = Method(f"{_ORDERS}CancelOrder", orders.CancelOrderResponse, 5.0, asks_again=True)
CANCEL_ALL_ORDERS = Method(f"{_ORDERS}CancelAllOrders", orders.CancelAllOrdersResponse, 10.0, asks_again=True)
CANCEL_ALL_ORDERS_AFTER = Method(
    f"{_ORDERS}CancelAllOrdersAfter", orders.CancelAllOrdersAfterResponse, 3.0, asks_again=True
)
REPLACE_ORDER = Method(f"{_ORDERS}ReplaceOrder", orders.ReplaceOrderResponse, 5.0, asks_again=True)
REPORT_EXECUTION = Method(f"{_ORDERS}ReportExecution", orders.ReportExecutionResponse, 30.0)

_MARKET = "/fillwire.v1.MarketService/"
GET_QUOTE = Method(f"{_MARKET}GetQuote", market.GetQuoteResponse, 2.0)
STREAM_QUOTES = Method(f"{_MARKET}StreamQuotes", market.StreamQuotesResponse, None)
WATCH_PRICES = Method(f"{_MARKET}WatchPrices", market.WatchPricesResponse, None)
LIST_TOKENS = Method(f"{_MARKET}ListTokens", market.ListTokensResponse, 3.0)
LIST_VENUES = Method(f"{_MARKET}ListVenues", market.ListVenuesResponse, 3.0)
LIST_POOLS = Method(f"{_MARKET}ListPools", market.ListPoolsResponse, 3.0)

_ACCOUNTS = "/fillwire.v1.AccountService/"
GET_ACCOUNT = Method(f"{_ACCOUNTS}GetAccount", accounts.GetAccountResponse, 3.0)
CREATE_WEBHOOK = Method(f"{_ACCOUNTS}CreateWebhook", accounts.CreateWebhookResponse, 5.0, once=True)
LIST_WEBHOOKS = Method(f"{_ACCOUNTS}ListWebhooks", accounts.ListWebhooksResponse, 3.0)
UPDATE_WEBHOOK = Method(f"{_ACCOUNTS}UpdateWebhook", accounts.UpdateWebhookResponse, 5.0)
DELETE_WEBHOOK = Method(f"{_ACCOUNTS}DeleteWebhook", accounts.DeleteWebhookResponse, 5.0)
