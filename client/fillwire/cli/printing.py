"""Prints orders."""

from fillwire.cli.conditions import condition, moment
from fillwire.cli.session import Output, Session
from fillwire.cli.story import shares, short_price, why, wish, wishes
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
    draw_facts(session, _facts(order))


def _facts(order: Order) -> list[tuple[str, str]]:
    spec, receipt, failure = order.spec, order.receipt, order.failure
    return [
        ("order", order.order_id),
        ("status", f"{order.status}, attempt {order.attempt}" if order.attempt else order.status.value),
        ("wants", wish(spec)),
        ("type", condition(spec.type)),
        ("stays until", moment(spec.good_till_time) if spec.good_till_time else ""),
        ("to be cancelled", "yes, if that comes in time" if order.cancel_requested else ""),
        ("slippage", "" if spec.slippage_bps is None else f"at most {spec.slippage_bps} bps"),
        ("at least", str(order.floor_amount_out or spec.min_amount_out or "")),
        ("at most", str(order.ceiling_amount_in or spec.max_amount_in or "")),
        ("accepted", f"{order.create_time:%Y-%m-%d %H:%M:%S.%f} UTC" if order.create_time else ""),
        ("changed", f"{order.update_time:%Y-%m-%d %H:%M:%S.%f} UTC" if order.update_time else ""),
        ("route", shares(order.route) if order.route else ""),
        ("signature", order.signature),
        ("got", f"{receipt.amount_out} for {receipt.amount_in}" if receipt else ""),
        ("price", short_price(receipt.price) if receipt else ""),
        ("against quote", f"{receipt.slippage_bps:+.2f} bps" if receipt else ""),
        ("cost", f"{receipt.cost.total_bps:+.2f} bps against arrival" if receipt and receipt.cost else ""),
        ("filled", _filled(order) if receipt is None else ""),
        ("failed", why(failure) if failure else ""),
        ("child of", order.parent_order_id),
        ("your id", spec.client_order_id),
        ("request id", order.request_id),
    ]


def _filled(order: Order) -> str:
    """What a TWAP order has swapped so far."""
    give, get = order.filled_amount_in, order.filled_amount_out
    return f"{get} for {give} so far" if give and get else ""


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
        wishes(order.spec),
        str(receipt.amount_out) if receipt else "",
        short_price(receipt.price) if receipt else "",
        ", ".join(receipt.venues) if receipt else order.failure.reason if order.failure else "",
    )
