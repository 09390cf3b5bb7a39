"""The methods the SDK calls: where each one is, what it answers, how long it may take."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from google.protobuf.message import Message

from fillwire.v1 import market_service_pb2 as market
from fillwire.v1 import order_service_pb2 as orders

__all__ = [
    "EXPLAIN_ORDER", "GET_ORDER", "GET_QUOTE", "LIST_ORDERS", "LIST_POOLS", "LIST_TOKENS", "LIST_VENUES",
    "SUBMIT_ORDER", "WATCH_ORDER", "Call", "Method", "serialize",
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


@dataclass(frozen=True, slots=True)
class Call(Generic[R]):
    """One call to make."""

    method: Method[R]
    request: Message


serialize: Callable[[Message], bytes] = operator.methodcaller("SerializeToString")
"""For gRPC; the base class of all messages has only an abstract one."""

SUBMIT_ORDER = Method("/fillwire.v1.OrderService/SubmitOrder", orders.SubmitOrderResponse, 5.0, asks_again=True)
WATCH_ORDER = Method("/fillwire.v1.OrderService/WatchOrder", orders.WatchOrderResponse, None)
GET_ORDER = Method("/fillwire.v1.OrderService/GetOrder", orders.GetOrderResponse, 3.0)
LIST_ORDERS = Method("/fillwire.v1.OrderService/ListOrders", orders.ListOrdersResponse, 3.0)
EXPLAIN_ORDER = Method("/fillwire.v1.OrderService/ExplainOrder", orders.ExplainOrderResponse, 3.0)
GET_QUOTE = Method("/fillwire.v1.MarketService/GetQuote", market.GetQuoteResponse, 2.0)
LIST_TOKENS = Method("/fillwire.v1.MarketService/ListTokens", market.ListTokensResponse, 3.0)
LIST_VENUES = Method("/fillwire.v1.MarketService/ListVenues", market.ListVenuesResponse, 3.0)
LIST_POOLS = Method("/fillwire.v1.MarketService/ListPools", market.ListPoolsResponse, 3.0)
