"""The table of routes: which verb and path stand for which method of the contract, as google.api.http would have it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from fillwire_bridge.contract import METHODS, Method

__all__ = ["TABLE", "Row"]

Verb = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class Row:
    """A verb on a path. Fields of the request come from the path, then from the body or from the query.

    POST, PUT and PATCH read the whole request from a body of JSON, which may be missing where nothing in it must be given;
    GET and DELETE read it from the query.
    """

    verb: Verb
    path: str
    call: str
    """The method, such as "OrderService/SubmitOrder"."""
    name: str = ""
    """What it is called in the OpenAPI document, where that is not the method's own name."""
    success: tuple[int, ...] = (200,)
    """The statuses of an answer that is no error."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers that give a field too, such as {"If-Match": "if_last_seq"}."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    """What a field is where the request says nothing, and the contract would have it otherwise."""
    lifted: str = ""
    """The field whose own fields are parameters of the query under their bare names."""

    @property
    def method(self) -> Method:
        return METHODS[self.call]

    @property
    def operation(self) -> str:
        """What it is called: "submitOrder"."""
        method = self.call.partition("/")[2]
        return self.name or method[0].lower() + method[1:]

    @property
    def has_body(self) -> bool:
        """Whether the request comes as a body."""
        return self.verb in {"POST", "PUT", "PATCH"}


TABLE: Final[tuple[Row, ...]] = (
    Row(
        "POST", "/v1/orders", "OrderService/SubmitOrder", success=(201, 200), headers={"Idempotency-Key": "request_id"}
    ),
    Row("GET", "/v1/orders", "OrderService/ListOrders"),
    # An order by any of its keys.
    Row("GET", "/v1/orders:lookup", "OrderService/GetOrder", name="lookupOrder"),
    Row("POST", "/v1/orders:cancelAll", "OrderService/CancelAllOrders"),
    Row("POST", "/v1/orders:cancelAllAfter", "OrderService/CancelAllOrdersAfter"),
    Row(
        "POST",
        "/v1/orders:submitAndWatch",
        "OrderService/SubmitAndWatchOrder",
        headers={"Idempotency-Key": "order.request_id"},
    ),
    Row("GET", "/v1/orders/{order_id}", "OrderService/GetOrder"),
    Row(
        "PUT",
        "/v1/orders/{order_id}",
        "OrderService/ReplaceOrder",
        headers={"If-Match": "if_last_seq", "Idempotency-Key": "request_id"},
    ),
    Row("POST", "/v1/orders/{order_id}:cancel", "OrderService/CancelOrder"),
    Row("GET", "/v1/orders/{order_id}/explanation", "OrderService/ExplainOrder"),
    # A page that loses its first connection has no id to resume from: it gets the whole log, and misses nothing.
    Row(
        "GET",
        "/v1/orders/{order_id}/events",
        "OrderService/WatchOrder",
        success=(200, 204),
        headers={"Last-Event-ID": "after_seq"},
        defaults={"after_seq": "0"},
    ),
    Row("GET", "/v1/events", "OrderService/WatchOrders", headers={"Last-Event-ID": "cursor"}),
    Row("GET", "/v1/executions", "OrderService/ReportExecution"),
    Row("GET", "/v1/quotes", "MarketService/GetQuote"),
    Row("GET", "/v1/quotes:stream", "MarketService/StreamQuotes", lifted="request"),
    Row("GET", "/v1/tokens", "MarketService/ListTokens"),
    Row("GET", "/v1/venues", "MarketService/ListVenues"),
    Row("GET", "/v1/pools", "MarketService/ListPools"),
    Row("GET", "/v1/prices", "MarketService/WatchPrices"),
    Row("GET", "/v1/account", "AccountService/GetAccount"),
    Row("GET", "/v1/webhooks", "AccountService/ListWebhooks"),
    Row("POST", "/v1/webhooks", "AccountService/CreateWebhook", success=(201,)),
    Row("PATCH", "/v1/webhooks/{webhook_id}", "AccountService/UpdateWebhook"),
    Row("DELETE", "/v1/webhooks/{webhook_id}", "AccountService/DeleteWebhook", success=(204,)),
)
"""Every method of the contract is in it."""
