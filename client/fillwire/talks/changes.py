"""Conversations that change orders: withdraw one or all of them, or change the terms of one that rests."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import cast

from fillwire.cancellation import Cancellation, Cancellations
from fillwire.filters import CancelFilters
from fillwire.order import Order
from fillwire.status import CancelResult
from fillwire.talks.known import Known
from fillwire.talks.orders import OrderTalks
from fillwire.talks.steps import Steps, ask
from fillwire.terms import ReplaceTerms, SpecTerms
from fillwire.v1 import order_service_pb2
from fillwire.wire import methods
from fillwire.wire.enums import CANCEL_RESULTS
from fillwire.wire.requests import write_cancel_all, write_cancel_all_after
from fillwire.wire.scalars import time
from fillwire.wire.specs import write_spec

__all__ = ["ChangeTalks"]


class ChangeTalks:
    """The conversations of one client that change its orders."""

    def __init__(self, known: Known, orders: OrderTalks) -> None:
        self._known = known
        self._orders = orders

    def cancel(self, order_id: str) -> Steps[Cancellation]:
        answer = yield from ask(methods.CANCEL_ORDER, order_service_pb2.CancelOrderRequest(order_id=order_id))
        order = yield from self._orders.read(answer.order)
        return Cancellation(CANCEL_RESULTS.get(answer.result, CancelResult.UNKNOWN), order)

    def cancel_all(self, filters: CancelFilters) -> Steps[Cancellations]:
        answer = yield from ask(methods.CANCEL_ALL_ORDERS, write_cancel_all(filters))
        return Cancellations(answer.cancelled, answer.pending)

    def cancel_all_after(self, seconds: float | None) -> Steps[datetime | None]:
        answer = yield from ask(methods.CANCEL_ALL_ORDERS_AFTER, write_cancel_all_after(seconds))
        return time(answer, "cancel_time")

    def replace(self, order: Order | str, terms: ReplaceTerms) -> Steps[Order]:
        if isinstance(order, str):
            order = yield from self._orders.get(order, None, None)
        changes = dict(cast("Mapping[str, object]", terms))
        # Made once per conversation, so that every retry of the call carries the same one.
        request_id = str(changes.pop("request_id", None) or uuid.uuid4())
        if_last_seq = cast("int | None", changes.pop("if_last_seq", order.last_seq))
        spec = order.spec
        tokens = yield from self._known.tokens_with(spec.token_in, spec.token_out)
        request = order_service_pb2.ReplaceOrderRequest(
            order_id=order.order_id,
            spec=write_spec(tokens, spec.token_in, spec.token_out, _changed(order, changes)),
            if_last_seq=if_last_seq,
            request_id=request_id,
        )
        answer = yield from ask(methods.REPLACE_ORDER, request)
        return (yield from self._orders.read(answer.order))


def _changed(order: Order, changes: Mapping[str, object]) -> dict[str, object]:
    """The terms of an order with the changes."""
    terms: dict[str, object] = {name: getattr(order.spec, name) for name in ("amount_in", *SpecTerms.__annotations__)}
    # A quote is good for one time, and a new exact side takes the place of the old one.
    terms["quote_id"] = None
    if changes.get("amount_in") is not None or changes.get("amount_out") is not None:
        terms["amount_in"] = terms["amount_out"] = None
    return {**terms, **changes}
