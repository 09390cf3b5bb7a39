"""Reads orders, events and explanations."""

from datetime import UTC
from typing import assert_never

from fillwire.event import Building, Detail, Event, Reconciling, Resting, Retrying, Submitted
from fillwire.explanation import Attempt, Explanation
from fillwire.order import Failure, Order, OrderSpec, Receipt
from fillwire.route import Route
from fillwire.status import FailureReason, Status
from fillwire.tokens import Tokens
from fillwire.v1 import order_pb2, order_service_pb2, route_pb2
from fillwire.wire.enums import REASONS, STATUSES
from fillwire.wire.routes import read_leg, read_route
from fillwire.wire.scalars import amount, number, time
from fillwire.wire.specs import read_spec

__all__ = ["read_event", "read_explanation", "read_order"]


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
        route=_read_route(message.route, tokens, spec) if message.HasField("route") else None,
        signature=message.signature,
        receipt=_read_receipt(message.receipt, tokens, spec) if message.HasField("receipt") else None,
        failure=_read_failure(message.failure) if message.HasField("failure") else None,
        parent_order_id=message.parent_order_id,
        deduplicated=deduplicated,
    )


def read_event(message: order_pb2.OrderEvent, tokens: Tokens, spec: OrderSpec) -> Event:
    """An event of the order with that spec, which says what its amounts count."""
    return Event(
        order_id=message.order_id,
        seq=message.seq,
        status=STATUSES.get(message.status, Status.UNKNOWN),
        time=message.time.ToDatetime(UTC),
        attempt=message.attempt,
        client_order_id=message.client_order_id,
        detail=_read_detail(message, tokens, spec),
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
        failure=_read_failure(message.failure) if message.HasField("failure") else None,
    )


def _read_detail(message: order_pb2.OrderEvent, tokens: Tokens, spec: OrderSpec) -> Detail | None:
    kind = message.WhichOneof("detail")
    match kind:
        case "resting":
            return Resting(number(message.resting.trigger_price), time(message.resting, "trigger_time"))
        case "building":
            floor = amount(tokens, spec.token_out, message.building.floor_amount_out)
            return Building(_read_route(message.building.route, tokens, spec), floor)
        case "submitted":
            sent = message.submitted
            route = _read_route(sent.route, tokens, spec) if sent.HasField("route") else None
            return Submitted(sent.signature, sent.last_valid_slot, route)
        case "retrying":
            again = message.retrying
            cause, next_time = _read_failure(again.cause), time(again, "next_attempt_time")
            return Retrying(again.retry, again.max_retries, cause, next_time)
        case "reconciling":
            return Reconciling(message.reconciling.signature, message.reconciling.message)
        case "receipt":
            return _read_receipt(message.receipt, tokens, spec)
        case "failure":
            return _read_failure(message.failure)
        case None:
            return None
        case _:
            assert_never(kind)


def _read_route(message: route_pb2.Route, tokens: Tokens, spec: OrderSpec) -> Route:
    return read_route(message, tokens, spec.token_in, spec.token_out)


def _read_receipt(message: order_pb2.Receipt, tokens: Tokens, spec: OrderSpec) -> Receipt:
    return Receipt(
        signature=message.signature,
        slot=message.slot,
        amount_in=tokens.amount(spec.token_in, int(message.amount_in)),
        amount_out=tokens.amount(spec.token_out, int(message.amount_out)),
        price=number(message.price),
        quoted_amount_out=amount(tokens, spec.token_out, message.quoted_amount_out),
        slippage_bps=message.slippage_bps,
        legs=tuple(read_leg(leg, tokens) for leg in message.legs),
        venue_time=message.venue_time.ToTimedelta(),
        engine_time=message.engine_time.ToTimedelta(),
        arrival_mid_price=number(message.arrival_mid_price),
    )


def _read_failure(message: order_pb2.Failure) -> Failure:
    return Failure(REASONS.get(message.reason, FailureReason.UNKNOWN), message.message)
