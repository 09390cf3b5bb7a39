"""The commands about orders."""

import enum
from typing import TYPE_CHECKING

from fillwire.cli import exits
from fillwire.cli.printing import print_order, print_page
from fillwire.cli.reconnects import telling_of_reconnects
from fillwire.cli.session import Output, Session
from fillwire.cli.story import wish
from fillwire.cli.timeline import showing
from fillwire.errors import OrderFailed
from fillwire.filters import Filters
from fillwire.terms import SubmitTerms

if TYPE_CHECKING:
    import fillwire

__all__ = ["Follow", "get", "list_orders", "submit", "watch"]


class Follow(enum.Enum):
    """What is done after a submit."""

    NOT = enum.auto()
    WATCH = enum.auto()
    WAIT = enum.auto()


def submit(session: Session, pair: tuple[str, str], amount: str | None, terms: SubmitTerms, follow: Follow) -> int:
    """Submits an order, and shows what becomes of it where that is asked for."""
    with session.client() as client:
        order = client.submit(*pair, amount, **terms)
        if follow is not Follow.NOT:
            known = "was submitted before" if order.deduplicated else "is accepted"
            session.say(f"order {order.order_id} {known}: {wish(order.spec)}")
        match follow:
            case Follow.WATCH:
                return _watch(session, client, order.order_id, 0)
            case Follow.WAIT:
                return _wait(session, client, order.order_id)
            case Follow.NOT:
                if session.quiet and session.output is Output.TABLE:
                    session.print(order.order_id)
                else:
                    print_order(session, order)
                return 0


def watch(session: Session, order_id: str, after_seq: int) -> int:
    """Shows an order until it is final."""
    with session.client() as client:
        return _watch(session, client, order_id, after_seq)


def get(session: Session, order_id: str | None, *, client_order_id: str | None, request_id: str | None) -> int:
    """Prints an order as it is now."""
    with session.client() as client:
        print_order(session, client.get(order_id, client_order_id=client_order_id, request_id=request_id))
    return 0


def list_orders(session: Session, limit: int, page_token: str, filters: Filters) -> int:
    """Prints a page of orders, newest first."""
    with session.client() as client:
        print_page(session, client.list_page(page_size=limit, page_token=page_token, **filters))
    return 0


def _watch(session: Session, client: "fillwire.Client", order_id: str, after_seq: int) -> int:
    watch = client.watch(order_id, after_seq=after_seq, timeout=session.timeout)
    seen = 0
    with telling_of_reconnects(session), watch, showing(session) as show:
        for event in watch:
            if watch.snapshot is not None:
                show(event, watch.snapshot)
                seen += 1
    if not seen:
        session.say(f"order {order_id} is {watch.status}, and nothing came after seq {after_seq}")
    return exits.of_status(watch.status)


def _wait(session: Session, client: "fillwire.Client", order_id: str) -> int:
    with telling_of_reconnects(session):
        try:
            order = client.wait(order_id, timeout=session.timeout)
        except OrderFailed as failed:
            order = failed.order
    print_order(session, order)
    return exits.of_status(order.status)
