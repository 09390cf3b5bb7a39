"""Events and their details."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, assert_never

import msgspec

from fillwire.v1 import order_pb2 as pb
from fillwire_orders import Event, Failure, FailureReason, OrderType, Status, Terms
from fillwire_orders.event import (
    Built,
    Cost,
    Detail,
    Fired,
    Progress,
    Receipt,
    Reconciling,
    Replaced,
    Resting,
    Retrying,
    Submitted,
)
from fillwire_server.wire.routes import leg, route
from fillwire_server.wire.scalars import amount, duration, moment, timestamp
from fillwire_server.wire.specs import spec
from fillwire_server.wire.types import TYPES

__all__ = ["STATUSES", "cost", "event", "failure", "fired", "receipt"]

STATUSES: Final["Mapping[Status, pb.OrderStatus.ValueType]"] = {
    status: pb.OrderStatus.Value(f"ORDER_STATUS_{status.value}") for status in Status
}

_REASONS: Final["Mapping[FailureReason, pb.FailureReason.ValueType]"] = {
    reason: pb.FailureReason.Value(f"FAILURE_REASON_{reason.value}") for reason in FailureReason
}


def event(it: Event, *, accepted_at: datetime, pair: tuple[str, str]) -> pb.OrderEvent:
    """One step of an order that trades `pair` and was accepted at `accepted_at`, from where a receipt's times count."""
    return pb.OrderEvent(
        order_id=it.order_id,
        seq=it.seq,
        status=STATUSES[it.status],
        time=timestamp(it.at),
        attempt=it.attempt,
        client_order_id=it.client_order_id,
        token_in=pair[0],
        token_out=pair[1],
        hash=it.hash,
        **_detail(it.detail, accepted_at, it.at),
    )


def _detail(it: Detail | None, accepted_at: datetime, at: datetime) -> dict[str, Any]:  # noqa: C901 - one table
    match it:
        case None:
            return {}
        case Resting():
            return {"resting": _resting(it)}
        case Replaced():
            terms = msgspec.json.decode(it.terms, type=Terms)
            return {"replaced": pb.Replaced(spec=spec(terms), request_id=it.request_id)}
        case Progress():
            return {"progress": _progress(it)}
        case Fired():
            return {"fired": fired(it)}
        case Built():
            return {"building": _building(it)}
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


def _resting(it: Resting) -> pb.Resting:
    cause = None if it.cause is None else failure(it.cause)
    return pb.Resting(trigger_price=it.trigger_price, trigger_time=moment(it.trigger_time), cause=cause)


def _progress(it: Progress) -> pb.Progress:
    return pb.Progress(
        slices_begun=it.slices_begun,
        slices_filled=it.slices_filled,
        filled_amount_in=amount(it.filled_amount_in or None),
        filled_amount_out=amount(it.filled_amount_out or None),
        child_order_id=it.child_id,
    )


def fired(it: Fired) -> pb.Fired:
    """Why a resting order executes."""
    return pb.Fired(
        condition=TYPES[OrderType(it.condition)],
        price=it.price,
        pool=it.pool,
        best_price=it.best_price,
        time=timestamp(it.at),
    )


def _building(it: Built) -> pb.Building:
    return pb.Building(
        route=route(it.route),
        floor_amount_out=amount(it.floor_amount_out),
        ceiling_amount_in=amount(it.ceiling_amount_in),
    )


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
        arrival_mid_price=it.arrival_mid_price,
        quoted_amount_in=amount(it.quoted_amount_in),
        cost=None if it.cost is None else cost(it.cost),
    )


def cost(it: Cost) -> pb.ExecutionCost:
    """What an execution cost, or several on the mean."""
    return pb.ExecutionCost(
        total_bps=it.total_bps,
        drift_bps=it.drift_bps,
        fee_bps=it.fee_bps,
        impact_bps=it.impact_bps,
        slippage_bps=it.slippage_bps,
        second_best_venue=it.second_best_venue,
        second_best_amount=amount(it.second_best_amount),
        saved_bps=it.saved_bps,
    )
