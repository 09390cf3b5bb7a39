"""Events and their details."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, assert_never

from fillwire.v1 import order_pb2 as pb
from fillwire_orders import Event, Failure, FailureReason, Status
from fillwire_orders.event import Built, Detail, Receipt, Reconciling, Resting, Retrying, Submitted
from fillwire_server.wire.routes import leg, route
from fillwire_server.wire.scalars import amount, duration, moment, timestamp

__all__ = ["STATUSES", "event", "failure", "receipt"]

STATUSES: Final["Mapping[Status, pb.OrderStatus.ValueType]"] = {
    status: pb.OrderStatus.Value(f"ORDER_STATUS_{status.value}") for status in Status
}

_REASONS: Final["Mapping[FailureReason, pb.FailureReason.ValueType]"] = {
    reason: pb.FailureReason.Value(f"FAILURE_REASON_{reason.value}") for reason in FailureReason
}


def event(it: Event, *, accepted_at: datetime) -> pb.OrderEvent:
    """One step of an order that was accepted at `accepted_at`, from where a receipt's times count."""
    return pb.OrderEvent(
        order_id=it.order_id,
        seq=it.seq,
        status=STATUSES[it.status],
        time=timestamp(it.at),
        attempt=it.attempt,
        client_order_id=it.client_order_id,
        **_detail(it.detail, accepted_at, it.at),
    )


def _detail(it: Detail | None, accepted_at: datetime, at: datetime) -> dict[str, Any]:
    match it:
        case None:
            return {}
        case Resting():
            return {"resting": pb.Resting(trigger_price=it.trigger_price, trigger_time=moment(it.trigger_time))}
        case Built():
            return {"building": pb.Building(route=route(it.route), floor_amount_out=amount(it.floor_amount_out))}
        case Submitted():
            return {"submitted": _submitted(it)}
        case Retrying():
            return {"retrying": _retrying(it, at)}
        case Reconciling():
            return {"reconciling": pb.Reconciling(signature=it.signature, message=it.message)}
        case Receipt():
            return {"receipt": receipt(it, accepted_at=accepted_at, ended_at=at)}
        case Failure():
            return {"failure": failure(it)}
        case _:
            assert_never(it)


def _submitted(it: Submitted) -> pb.Submitted:
    planned = None if it.route is None else route(it.route)
    return pb.Submitted(signature=it.signature, last_valid_slot=it.last_valid_slot, route=planned)


def _retrying(it: Retrying, at: datetime) -> pb.Retrying:
    return pb.Retrying(
        retry=it.retry,
        max_retries=it.max_retries,
        cause=failure(it.cause),
        next_attempt_time=timestamp(at + timedelta(seconds=it.delay_seconds)),
    )


def failure(it: Failure) -> pb.Failure:
    """Why it came to nothing."""
    return pb.Failure(reason=_REASONS[it.reason], message=it.message)


def receipt(it: Receipt, *, accepted_at: datetime, ended_at: datetime) -> pb.Receipt:
    """What the swap gave; of the order's life, what the venues did not take is the engine's."""
    life = (ended_at - accepted_at).total_seconds()
    return pb.Receipt(
        signature=it.signature,
        slot=it.slot,
        amount_in=str(it.amount_in),
        amount_out=str(it.amount_out),
        price=it.price,
        quoted_amount_out=str(it.quoted_amount_out),
        slippage_bps=it.slippage_bps,
        legs=[leg(one) for one in it.legs],
        venue_time=duration(it.venue_seconds),
        engine_time=duration(life - it.venue_seconds),
    )
