"""The commands that change orders."""

from typing import TYPE_CHECKING

import typer

from fillwire.cancellation import Cancellation
from fillwire.cli.order_types import Typed, changed
from fillwire.cli.printing import print_order
from fillwire.cli.session import Output, Session
from fillwire.errors import OrderFailed
from fillwire.filters import CancelFilters
from fillwire.order import Order
from fillwire.order_type import OrderType
from fillwire.status import CancelResult, Status
from fillwire.terms import ReplaceTerms

if TYPE_CHECKING:
    import fillwire

__all__ = ["cancel", "cancel_all", "dead_man", "replace"]

_TOLD = {
    CancelResult.CANCELLED: "is cancelled",
    CancelResult.PENDING: "is in hand, perhaps on its way: it ends CANCELLED unless this attempt swaps it",
}


def cancel(session: Session, order_id: str, *, wait: bool) -> int:
    """Withdraws an order; 0 where it is or may still be cancelled, 1 where it is too late."""
    with session.client() as client:
        cancellation = client.cancel(order_id)
        if wait and cancellation.result is CancelResult.PENDING:
            cancellation = _outcome(_ended(session, client, order_id))
    if session.output is not Output.TABLE:
        session.print_document(cancellation)
    else:
        order = cancellation.order
        told = _TOLD.get(cancellation.result, f"ended before that: it is {order.status}")
        session.print(f"order {order.order_id} {told}")
    return 0 if cancellation.result in _TOLD else 1


def _ended(session: Session, client: "fillwire.Client", order_id: str) -> Order:
    try:
        return client.wait(order_id, until=Status.CANCELLED, timeout=session.timeout)
    except OrderFailed as failed:
        return failed.order


def _outcome(order: Order) -> Cancellation:
    cancelled = order.status is Status.CANCELLED
    return Cancellation(CancelResult.CANCELLED if cancelled else CancelResult.TOO_LATE, order)


def cancel_all(session: Session, filters: CancelFilters) -> int:
    """Withdraws all open orders that pass the filters."""
    with session.client() as client:
        done = client.cancel_all(**filters)
    if session.output is not Output.TABLE:
        session.print_document(done)
    else:
        session.print(f"{done.cancelled} cancelled, {done.pending} in hand")
    return 0


def replace(session: Session, order_id: str, terms: ReplaceTerms, typed: Typed, amount: str | None) -> int:
    """Changes a resting order, as it is now, and prints it."""
    with session.client() as client:
        order = client.get(order_id)
        if (new := _type(order, typed)) is not None:
            terms["type"] = new
        if amount is not None and order.spec.amount_out is not None:
            terms["amount_out"] = amount
        elif amount is not None:
            terms["amount_in"] = amount
        print_order(session, client.replace(order, **terms))
    return 0


def _type(order: Order, typed: Typed) -> OrderType | None:
    try:
        return changed(order.spec.type, typed)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def dead_man(session: Session, seconds: float | None) -> int:
    """Sets the dead man's switch, or takes it off."""
    with session.client() as client:
        time = client.cancel_all_after(seconds)
    if session.output is not Output.TABLE:
        session.print_document({"cancel_time": time})
    elif time is None:
        session.print("the switch is off")
    else:
        session.print(f"all open orders are cancelled at {time:%Y-%m-%d %H:%M:%S} UTC, unless it is set again before")
    return 0
