"""Writes the requests for quotes and lists."""

from collections.abc import Mapping
from typing import Any, cast

from fillwire.status import Status
from fillwire.terms import Filters
from fillwire.tokens import Tokens
from fillwire.v1 import market_service_pb2, order_pb2, order_service_pb2
from fillwire.wire.enums import STATUS_NUMBERS
from fillwire.wire.routes import write_routing
from fillwire.wire.scalars import timestamp
from fillwire.wire.specs import write_amount
from fillwire.wire.violations import Violations

__all__ = ["write_list", "write_quote"]


def write_quote(
    tokens: Tokens, token_in: str, token_out: str, terms: Mapping[str, object]
) -> market_service_pb2.GetQuoteRequest:
    """Asks what an amount would give. Raises `InvalidRequest` with every bad field, `TypeError` for an unknown term."""
    request = market_service_pb2.GetQuoteRequest(token_in=token_in, token_out=token_out)
    violations = Violations()
    for side in ("token_in", "token_out"):
        with violations.within(side):
            tokens.find(getattr(request, side))
    for name, value in terms.items():
        if value is not None:
            with violations.within(name):
                _ask_for(request, name, value, tokens)
    violations.check()
    return request


def _ask_for(request: market_service_pb2.GetQuoteRequest, name: str, value: Any, tokens: Tokens) -> None:
    match name:
        case "amount_in":
            request.amount_in = write_amount(tokens, request.token_in, value)
        case "amount_out":
            request.amount_out = write_amount(tokens, request.token_out, value)
        case "routing":
            request.routing.CopyFrom(write_routing(value))
        case _:
            raise TypeError(f"a quote has no term named {name!r}")


def write_list(page_size: int, page_token: str, filters: Filters) -> order_service_pb2.ListOrdersRequest:
    """Asks for a page of orders. Raises `InvalidRequest` with every bad field, `TypeError` for an unknown filter."""
    request = order_service_pb2.ListOrdersRequest(page_token=page_token)
    violations = Violations()
    with violations.within("page_size"):
        request.page_size = page_size
    for name, value in cast("Mapping[str, object]", filters).items():
        if value is not None:
            with violations.within(name):
                _filter(request, name, filters)
    violations.check()
    return request


def _filter(request: order_service_pb2.ListOrdersRequest, name: str, filters: Filters) -> None:
    match name:
        case "statuses":
            request.statuses.extend(_number(Status(status)) for status in filters["statuses"])
        case "token_in" | "token_out" | "client_order_id":
            setattr(request, name, filters[name])
        case "create_time_from" | "create_time_before":
            getattr(request, name).CopyFrom(timestamp(filters[name]))
        case _:
            raise TypeError(f"orders are not listed by {name!r}")


def _number(status: Status) -> order_pb2.OrderStatus.ValueType:
    if status not in STATUS_NUMBERS:
        raise ValueError(f"no order is {status}")
    return STATUS_NUMBERS[status]
