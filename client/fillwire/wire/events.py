"""Reads the events of orders."""

from datetime import UTC
from typing import assert_never

from fillwire.event import (
    Building,
    Detail,
    Event,
    Fired,
    Progress,
    Reconciling,
    Replaced,
    Resting,
    Retrying,
    Submitted,
)
from fillwire.order import OrderSpec
from fillwire.route import Route
from fillwire.status import Kind, Status
from fillwire.tokens import Tokens
from fillwire.v1 import order_pb2, route_pb2
from fillwire.wire.enums import KINDS, STATUSES
from fillwire.wire.receipts import read_failure, read_receipt
from fillwire.wire.routes import read_route
from fillwire.wire.scalars import amount, number, time
from fillwire.wire.specs import read_spec

__all__ = ["read_event", "read_fired"]

Pair = tuple[str, str]


def read_event(message: order_pb2.OrderEvent, tokens: Tokens, spec: OrderSpec | None = None) -> Event:
    """An event of the order with that spec. `None`: nobody has seen it, and the event tells its tokens itself."""
    pair = (message.token_in, message.token_out)
    if spec is not None:
        pair = (spec.token_in, spec.token_out)
    return Event(
        order_id=message.order_id,
        seq=message.seq,
        status=STATUSES.get(message.status, Status.UNKNOWN),
        time=message.time.ToDatetime(UTC),
        attempt=message.attempt,
        client_order_id=message.client_order_id,
        token_in=pair[0],
        token_out=pair[1],
        hash=message.hash,
        detail=_read_detail(message, tokens, pair, None if spec is None else spec.amount_out is not None),
    )


# One case for each detail there is.
def _read_detail(  # noqa: C901
    message: order_pb2.OrderEvent, tokens: Tokens, pair: Pair, exact_out: bool | None
) -> Detail | None:
    kind = message.WhichOneof("detail")
    match kind:
        case "resting":
            return _read_resting(message.resting)
        case "replaced":
            return Replaced(read_spec(message.replaced.spec, tokens), message.replaced.request_id)
        case "fired":
            return read_fired(message.fired)
        case "progress":
            return _read_progress(message.progress, tokens, pair)
        case "building":
            return _read_building(message.building, tokens, pair)
        case "submitted":
            sent = message.submitted
            route = _read_route(sent.route, tokens, pair) if sent.HasField("route") else None
            return Submitted(sent.signature, sent.last_valid_slot, route)
        case "retrying":
            again = message.retrying
            cause, next_time = read_failure(again.cause), time(again, "next_attempt_time")
            return Retrying(again.retry, again.max_retries, cause, next_time)
        case "reconciling":
            return Reconciling(message.reconciling.signature, message.reconciling.message)
        case "receipt":
            return read_receipt(message.receipt, tokens, pair, exact_out=exact_out)
        case "failure":
            return read_failure(message.failure)
        case None:
            return None
        case _:
            assert_never(kind)


def _read_resting(message: order_pb2.Resting) -> Resting:
    cause = read_failure(message.cause) if message.HasField("cause") else None
    return Resting(number(message.trigger_price), time(message, "trigger_time"), cause)


def read_fired(message: order_pb2.Fired) -> Fired:
    return Fired(
        condition=KINDS.get(message.condition, Kind.UNKNOWN),
        price=number(message.price),
        pool=message.pool,
        best_price=number(message.best_price),
        time=time(message, "time"),
    )


def _read_progress(message: order_pb2.Progress, tokens: Tokens, pair: Pair) -> Progress:
    return Progress(
        slices_begun=message.slices_begun,
        slices_filled=message.slices_filled,
        filled_amount_in=amount(tokens, pair[0], message.filled_amount_in),
        filled_amount_out=amount(tokens, pair[1], message.filled_amount_out),
        child_order_id=message.child_order_id,
    )


def _read_building(message: order_pb2.Building, tokens: Tokens, pair: Pair) -> Building:
    return Building(
        route=_read_route(message.route, tokens, pair),
        floor_amount_out=amount(tokens, pair[1], message.floor_amount_out),
        ceiling_amount_in=amount(tokens, pair[0], message.ceiling_amount_in),
    )


def _read_route(message: route_pb2.Route, tokens: Tokens, pair: Pair) -> Route:
    return read_route(message, tokens, *pair)
