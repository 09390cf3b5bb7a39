"""Writes the requests for quotes, prices, lists, streams and reports, and those to cancel all."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from fillwire.filters import AccountFilters, CancelFilters, Filters, ReportFilters
from fillwire.tokens import Tokens
from fillwire.v1 import market_service_pb2, order_service_pb2
from fillwire.wire.filters import write_filters
from fillwire.wire.routes import write_routing
from fillwire.wire.scalars import duration
from fillwire.wire.specs import write_amount
from fillwire.wire.violations import Violations

__all__ = [
    "write_account_watch",
    "write_cancel_all",
    "write_cancel_all_after",
    "write_list",
    "write_prices",
    "write_quote",
    "write_report",
]


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


def write_prices(pairs: Iterable[str | tuple[str, str]]) -> market_service_pb2.WatchPricesRequest:
    """Asks for the prices of pairs, each "SOL/USDC" or ("SOL", "USDC")."""
    named = (pair if isinstance(pair, str) else "/".join(pair) for pair in pairs)
    return market_service_pb2.WatchPricesRequest(pairs=named)


def write_list(page_size: int, page_token: str, filters: Filters) -> order_service_pb2.ListOrdersRequest:
    """Asks for a page of orders. Raises `InvalidRequest` with every bad field, `TypeError` for an unknown filter."""
    request = order_service_pb2.ListOrdersRequest(page_token=page_token)
    violations = Violations()
    with violations.within("page_size"):
        request.page_size = page_size
    write_filters(request, cast("Mapping[str, object]", filters), violations)
    violations.check()
    return request


def write_account_watch(filters: AccountFilters) -> order_service_pb2.WatchOrdersRequest:
    """Asks for the events of all orders. Raises as `write_list` does."""
    request = order_service_pb2.WatchOrdersRequest()
    violations = Violations()
    write_filters(request, cast("Mapping[str, object]", filters), violations)
    violations.check()
    return request


def write_cancel_all(filters: CancelFilters) -> order_service_pb2.CancelAllOrdersRequest:
    """Asks to withdraw all open orders. Raises as `write_list` does."""
    request = order_service_pb2.CancelAllOrdersRequest()
    violations = Violations()
    write_filters(request, cast("Mapping[str, object]", filters), violations)
    violations.check()
    return request


def write_cancel_all_after(seconds: float | None) -> order_service_pb2.CancelAllOrdersAfterRequest:
    """Sets the dead man's switch, or with `None` takes it off. Raises `InvalidRequest` for 0 s, which would do so too."""
    violations = Violations()
    with violations.within("timeout"):
        if seconds is not None and not seconds >= 1:
            raise ValueError("must be at least 1 s; None takes the switch off")
    violations.check()
    return order_service_pb2.CancelAllOrdersAfterRequest(timeout=duration(seconds or 0))


def write_report(filters: ReportFilters) -> order_service_pb2.ReportExecutionRequest:
    """Asks for the sums of executions. Raises as `write_list` does."""
    request = order_service_pb2.ReportExecutionRequest()
    violations = Violations()
    write_filters(request, cast("Mapping[str, object]", filters), violations)
    violations.check()
    return request
