"""Prints orders."""

from fillwire.cli.session import Output, Session
from fillwire.cli.story import shares, short_price, wish
from fillwire.cli.tables import Column, draw, draw_facts
from fillwire.order import Order, Page

__all__ = ["print_order", "print_page"]

_COLUMNS = (
    Column("ORDER"),
    Column("STATUS"),
    Column("ACCEPTED"),
    Column("WANTS"),
    Column("GOT", number=True),
    Column("PRICE", number=True),
    Column("VENUES OR REASON"),
)


def print_order(session: Session, order: Order) -> None:
    """All that is known of an order."""
    if session.output is not Output.TABLE:
        session.print_document(order)
        return
    spec, receipt, failure = order.spec, order.receipt, order.failure
    facts = [
        ("order", order.order_id),
        ("status", f"{order.status}, attempt {order.attempt}" if order.attempt else order.status.value),
        ("wants", wish(spec)),
        ("slippage", "" if spec.slippage_bps is None else f"at most {spec.slippage_bps} bps"),
        ("at least", str(order.floor_amount_out or spec.min_amount_out or "")),
        ("accepted", f"{order.create_time:%Y-%m-%d %H:%M:%S.%f} UTC" if order.create_time else ""),
        ("changed", f"{order.update_time:%Y-%m-%d %H:%M:%S.%f} UTC" if order.update_time else ""),
        ("route", shares(order.route) if order.route else ""),
        ("signature", order.signature),
        ("got", f"{receipt.amount_out} for {receipt.amount_in}" if receipt else ""),
        ("price", short_price(receipt.price) if receipt else ""),
        ("against quote", f"{receipt.slippage_bps:+.2f} bps" if receipt else ""),
        ("failed", f"{failure.reason}: {failure.message}" if failure else ""),
        ("your id", spec.client_order_id),
        ("request id", order.request_id),
    ]
    draw_facts(session, facts)


def print_page(session: Session, page: Page) -> None:
    """Some orders, one a line, and how to get more."""
    match session.output:
        case Output.JSON:
            session.print_document(page)
            return
        case Output.JSONL:
            session.print_documents(page.orders)
        case Output.TABLE:
            draw(session, _COLUMNS, [_row(order) for order in page.orders])
    if page.next_page_token:
        session.say(f"more with --page-token {page.next_page_token}")


def _row(order: Order) -> tuple[str, ...]:
    receipt = order.receipt
    return (
        order.order_id,
        order.status,
        f"{order.create_time:%Y-%m-%d %H:%M:%S}" if order.create_time else "",
        wish(order.spec),
        str(receipt.amount_out) if receipt else "",
        short_price(receipt.price) if receipt else "",
        ", ".join(receipt.venues) if receipt else order.failure.reason if order.failure else "",
    )
