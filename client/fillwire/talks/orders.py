"""Conversations about orders: submitted, read, listed, explained."""

import uuid
from collections.abc import Mapping
from typing import cast

from fillwire.amount import Amount, Quantity
from fillwire.execution import ExecutionReport
from fillwire.explanation import Explanation
from fillwire.filters import Filters, ReportFilters
from fillwire.order import Order, Page
from fillwire.talks.known import Known
from fillwire.talks.steps import Steps, ask
from fillwire.terms import OrderTerms, SubmitTerms, with_routing
from fillwire.v1 import order_pb2, order_service_pb2
from fillwire.wire import methods, symbols
from fillwire.wire.executions import read_report
from fillwire.wire.orders import read_explanation, read_order
from fillwire.wire.requests import write_list, write_report
from fillwire.wire.specs import write_spec

__all__ = ["OrderTalks"]


class OrderTalks:
    """The conversations of one client about its orders."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def submit(
        self, token_in: str, token_out: str, amount_in: Quantity | Amount | None, terms: SubmitTerms
    ) -> Steps[Order]:
        request = yield from self.submission(token_in, token_out, amount_in, terms)
        return (yield from self._submit(request))

    def preview(
        self, token_in: str, token_out: str, amount_in: Quantity | Amount | None, terms: OrderTerms
    ) -> Steps[Order]:
        request = yield from self.submission(token_in, token_out, amount_in, terms)
        request.validate_only = True
        return (yield from self._submit(request))

    def _submit(self, request: order_service_pb2.SubmitOrderRequest) -> Steps[Order]:
        answer = yield from ask(methods.SUBMIT_ORDER, request)
        return (yield from self.read(answer.order, deduplicated=answer.deduplicated))

    def submission(
        self, token_in: str, token_out: str, amount_in: Quantity | Amount | None, terms: SubmitTerms | OrderTerms
    ) -> Steps[order_service_pb2.SubmitOrderRequest]:
        """The request of a submit. Raises `InvalidRequest` with every bad field, `TypeError` for an unknown term."""
        given = with_routing(dict(cast("Mapping[str, object]", terms), amount_in=amount_in))
        if given.get("quote") is not None and given.get("quote_id") is not None:
            raise TypeError("an order is bound by quote or by quote_id, one of them")
        # Made once per conversation, so that every retry of the call carries the same one.
        request_id = str(given.pop("request_id", None) or uuid.uuid4())
        validate_only = bool(given.pop("validate_only", False))
        tokens = yield from self._known.tokens_with(token_in, token_out)
        spec = write_spec(tokens, token_in, token_out, given)
        return order_service_pb2.SubmitOrderRequest(spec=spec, request_id=request_id, validate_only=validate_only)

    def get(self, order_id: str | None, request_id: str | None, client_order_id: str | None) -> Steps[Order]:
        keys = {"order_id": order_id, "request_id": request_id, "client_order_id": client_order_id}
        given = {name: key for name, key in keys.items() if key is not None}
        if len(given) != 1:
            raise TypeError("get takes an order_id, a request_id or a client_order_id, one of them")
        answer = yield from ask(methods.GET_ORDER, order_service_pb2.GetOrderRequest(**given))
        return (yield from self.read(answer.order))

    def explain(self, order_id: str) -> Steps[Explanation]:
        answer = yield from ask(methods.EXPLAIN_ORDER, order_service_pb2.ExplainOrderRequest(order_id=order_id))
        tokens = yield from self._known.tokens_of(*symbols.of_explanation(answer))
        return read_explanation(answer, tokens)

    def list_page(self, page_size: int, page_token: str, filters: Filters) -> Steps[Page]:
        answer = yield from ask(methods.LIST_ORDERS, write_list(page_size, page_token, filters))
        named = {name for order in answer.orders for name in symbols.of_order(order)}
        tokens = yield from self._known.tokens_of(*named)
        return Page(tuple(read_order(order, tokens) for order in answer.orders), answer.next_page_token)

    def report(self, filters: ReportFilters) -> Steps[ExecutionReport]:
        answer = yield from ask(methods.REPORT_EXECUTION, write_report(filters))
        tokens = yield from self._known.tokens_of(*symbols.of_report(answer))
        return read_report(answer, tokens)

    def read(self, message: order_pb2.Order, *, deduplicated: bool = False) -> Steps[Order]:
        """The order of an answer."""
        tokens = yield from self._known.tokens_of(*symbols.of_order(message))
        return read_order(message, tokens, deduplicated=deduplicated)
