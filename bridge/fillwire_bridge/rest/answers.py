"""What a request that succeeds is answered, and the headers that HTTP has for what is in it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from google.protobuf.message import Message
from starlette.responses import Response

from fillwire.v1.account_service_pb2 import CreateWebhookResponse
from fillwire.v1.order_service_pb2 import (
    GetOrderResponse,
    ListOrdersResponse,
    ReplaceOrderResponse,
    SubmitOrderResponse,
)
from fillwire_bridge import protojson
from fillwire_bridge.rest.table import Row

__all__ = ["NO_STORE", "limits", "response"]

NO_STORE: Final[Mapping[str, str]] = {"cache-control": "no-store"}
"""Nothing here is the same a moment later, and most of it is one account's alone."""


def response(row: Row, wire: bytes, trailers: Iterable[tuple[str, Any]], query: str) -> Response:
    """The answer to a request with `query`: the message that came as `wire`, with `trailers`."""
    message = row.method.response.FromString(wire)
    status = _status(row, message)
    headers = {**NO_STORE, **limits(trailers), **dict(_headers(message, query))}
    if status == 204:
        return Response(status_code=status, headers=headers)
    return Response(protojson.written(message), status, headers, media_type="application/json")


def limits(trailers: Iterable[tuple[str, Any]]) -> Mapping[str, str]:
    """What is left of the account's limit, as the engine tells it."""
    return {name: text for name, text in trailers if name.startswith("x-ratelimit-")}


def _status(row: Row, message: Message) -> int:
    """The first of the row's, but for an order that has been there before, or is not to be."""
    is_new = not isinstance(message, SubmitOrderResponse) or (message.order.order_id and not message.deduplicated)
    return row.success[0] if is_new else 200


def _headers(message: Message, query: str) -> Iterator[tuple[str, str]]:
    match message:
        case SubmitOrderResponse() | GetOrderResponse() | ReplaceOrderResponse() if message.order.order_id:
            yield "etag", f'"{message.order.last_seq}"'
            if isinstance(message, SubmitOrderResponse):
                yield "location", f"/v1/orders/{message.order.order_id}"
        case CreateWebhookResponse():
            yield "location", f"/v1/webhooks/{message.webhook.webhook_id}"
        case ListOrdersResponse() if message.next_page_token:
            yield "link", f'</v1/orders?{_next(query, message.next_page_token)}>; rel="next"'
        case _:
            pass


def _next(query: str, token: str) -> str:
    """The same filters, one page on."""
    kept = [(name, text) for name, text in parse_qsl(query) if name not in {"page_token", "pageToken"}]
    return urlencode([*kept, ("page_token", token)])
