"""Reads orders and explanations."""

from fillwire.explanation import Attempt, Explanation
from fillwire.order import Order, OrderSpec
from fillwire.receipt import Receipt
from fillwire.route import Route
from fillwire.status import Status
from fillwire.tokens import Tokens
from fillwire.v1 import order_pb2, order_service_pb2, route_pb2
from fillwire.wire.enums import STATUSES
from fillwire.wire.events import read_event, read_fired
from fillwire.wire.receipts import read_failure, read_receipt
from fillwire.wire.routes import read_route
from fillwire.wire.scalars import amount, number, time
from fillwire.wire.specs import read_spec

__all__ = ["read_explanation", "read_order"]


def read_order(message: order_pb2.Order, tokens: Tokens, *, deduplicated: bool = False) -> Order:
    spec = read_spec(message.spec, tokens)
    return Order(
        order_id=message.order_id,
        request_id=message.request_id,
        spec=spec,
        status=STATUSES.get(message.status, Status.UNKNOWN),
        last_seq=message.last_seq,
        attempt=message.attempt,
        create_time=time(message, "create_time"),
        update_time=time(message, "update_time"),
        floor_amount_out=amount(tokens, spec.token_out, message.floor_amount_out),
        ceiling_amount_in=amount(tokens, spec.token_in, message.ceiling_amount_in),
        filled_amount_in=amount(tokens, spec.token_in, message.filled_amount_in),
        filled_amount_out=amount(tokens, spec.token_out, message.filled_amount_out),
        arrival_mid_price=number(message.arrival_mid_price),
        route=_read_route(message.route, tokens, spec) if message.HasField("route") else None,
        signature=message.signature,
        receipt=_read_receipt(message.receipt, tokens, spec) if message.HasField("receipt") else None,
        failure=read_failure(message.failure) if message.HasField("failure") else None,
        parent_order_id=message.parent_order_id,
        cancel_requested=message.cancel_requested,
        hash=message.hash,
        deduplicated=deduplicated,
    )


def read_explanation(message: order_service_pb2.ExplainOrderResponse, tokens: Tokens) -> Explanation:
    order = read_order(message.order, tokens)
    return Explanation(
        order=order,
        events=tuple(read_event(event, tokens, order.spec) for event in message.events),
        attempts=tuple(_read_attempt(attempt, tokens, order.spec) for attempt in message.attempts),
    )


def _read_attempt(message: order_service_pb2.ExplainOrderResponse.Attempt, tokens: Tokens, spec: OrderSpec) -> Attempt:
    return Attempt(
        attempt=message.attempt,
        route=_read_route(message.route, tokens, spec) if message.HasField("route") else None,
        signature=message.signature,
        failure=read_failure(message.failure) if message.HasField("failure") else None,
        fired=read_fired(message.fired) if message.HasField("fired") else None,
    )


def _read_route(message: route_pb2.Route, tokens: Tokens, spec: OrderSpec) -> Route:
    return read_route(message, tokens, spec.token_in, spec.token_out)


def _read_receipt(message: order_pb2.Receipt, tokens: Tokens, spec: OrderSpec) -> Receipt:
    return read_receipt(message, tokens, (spec.token_in, spec.token_out), exact_out=spec.amount_out is not None)
