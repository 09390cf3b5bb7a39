"""The whole story of an order, attempt by attempt."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import assert_never

from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import Event, Failure, Order
from fillwire_orders.event import Built, Fired, Progress, Receipt, Reconciling, Replaced, Resting, Retrying, Submitted
from fillwire_server.wire.events import event, failure, fired
from fillwire_server.wire.orders import order
from fillwire_server.wire.routes import route

__all__ = ["explanation"]


def explanation(it: Order, events: Sequence[Event]) -> pb.ExplainOrderResponse:
    """An order with all its events, and what each attempt chose, signed and came to."""
    pair = it.terms.token_in, it.terms.token_out
    by_attempt = groupby(events, key=lambda one: one.attempt)
    return pb.ExplainOrderResponse(
        order=order(it),
        events=[event(one, accepted_at=it.created_at, pair=pair) for one in events],
        attempts=[_attempt(number, steps) for number, steps in by_attempt if number],
    )


def _attempt(number: int, steps: Iterable[Event]) -> pb.ExplainOrderResponse.Attempt:
    """One attempt; a later route of the same attempt is that of a worker who took over before anything was sent.

    What follows its end, while the order waits for another, is not the attempt's: it ends once.
    """
    told = pb.ExplainOrderResponse.Attempt(attempt=number)
    for step in steps:
        match step.detail:
            case Fired():
                told.fired.CopyFrom(fired(step.detail))
            case Built():
                told.route.CopyFrom(route(step.detail.route))
            case Submitted():
                told.signature = step.detail.signature
                if step.detail.route is not None:
                    told.route.CopyFrom(route(step.detail.route))
            case Retrying(cause=cause) | Resting(cause=Failure() as cause):
                told.failure.CopyFrom(failure(cause))
                break
            case Failure():
                told.failure.CopyFrom(failure(step.detail))
            case None | Resting() | Replaced() | Progress() | Reconciling() | Receipt():
                pass
            case _:
                assert_never(step.detail)
    return told
