"""`fillwire explain`: the whole story of an order."""

import textwrap
from collections.abc import Iterator

from fillwire.cli.changes import changes
from fillwire.cli.conditions import condition, moment
from fillwire.cli.fills import lay_out_fills, outcome
from fillwire.cli.pen import Pen, Style
from fillwire.cli.routes import lay_out_route, proof
from fillwire.cli.session import Output, Session
from fillwire.cli.story import fired, line, why, wish
from fillwire.cli.tables import lay_out_facts
from fillwire.explanation import Attempt, Explanation
from fillwire.order import Order
from fillwire.status import Status

__all__ = ["explain", "lay_out_explanation"]


def explain(session: Session, order_id: str, *, fold: bool) -> int:
    """Prints what was wanted, each attempt with its route and what became of it, and what was filled."""
    with session.client() as client:
        found = client.explain(order_id)
    if session.output is Output.TABLE:
        session.print_lines(lay_out_explanation(session.pen(), found, fold=fold))
    else:
        session.print_document(found)
    return 0


def lay_out_explanation(pen: Pen, story: Explanation, *, fold: bool) -> Iterator[str]:
    """The story from the terms to the receipt, section by section."""
    order = story.order
    yield from lay_out_facts(_terms(pen, order))
    yield from _section(pen, "Events")
    for event in story.events:
        yield from _wrapped(pen, line(event, order))
    for attempt, before in zip(story.attempts, (None, *story.attempts), strict=False):
        yield from _section(pen, f"Attempt {attempt.attempt}")
        yield from _attempt(pen, attempt, before, order, fold=fold)
    if order.receipt is not None:
        yield from _section(pen, "Filled")
        # Of a TWAP order it sums up the children, each with legs of its own.
        if order.receipt.legs:
            yield from lay_out_fills(pen, order.receipt)
            yield ""
        yield from lay_out_facts(outcome(order, order.receipt))


def _section(pen: Pen, title: str) -> tuple[str, str]:
    return "", pen.bold(title)


def _wrapped(pen: Pen, told: str) -> list[str]:
    """A line of an event, continued beneath its own words; a signature is never broken."""
    margin = " " * len("123  1234.567 s  CONFIRMED    ")
    return textwrap.wrap(told, pen.width, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False)


def _terms(pen: Pen, order: Order) -> list[tuple[str, str]]:
    """What was asked for, and where it stands."""
    spec, failure = order.spec, order.failure
    style = Style.GREEN if order.status is Status.CONFIRMED else Style.RED if order.status.final else Style.YELLOW
    return [
        ("order", order.order_id),
        ("status", pen.paint(order.status, style)),
        ("failed", why(failure) if failure else ""),
        ("wants", wish(spec)),
        ("type", condition(spec.type)),
        ("child of", order.parent_order_id),
        ("slippage", "" if spec.slippage_bps is None else f"at most {spec.slippage_bps} bps"),
        ("price impact", "" if spec.max_price_impact_bps is None else f"at most {spec.max_price_impact_bps} bps"),
        ("at least", str(order.floor_amount_out or spec.min_amount_out or "")),
        ("at most", str(order.ceiling_amount_in or spec.max_amount_in or "")),
        ("stays until", moment(spec.good_till_time) if spec.good_till_time else ""),
        ("deadline", f"{spec.deadline:%Y-%m-%d %H:%M:%S} UTC" if spec.deadline else ""),
        ("accepted", f"{order.create_time:%Y-%m-%d %H:%M:%S.%f} UTC" if order.create_time else ""),
    ]


def _attempt(pen: Pen, attempt: Attempt, before: Attempt | None, order: Order, *, fold: bool) -> Iterator[str]:
    facts = [
        ("fired by", fired(attempt.fired) if attempt.fired else ""),
        ("outcome", _became(pen, attempt, order)),
        ("signature", attempt.signature),
    ]
    yield from lay_out_facts(facts)
    if attempt.route is None:
        return
    if before is not None and before.route is not None:
        yield from _section(pen, f"Changed since attempt {before.attempt}")
        yield from lay_out_facts(changes(before.route, attempt.route))
    yield ""
    yield from lay_out_facts(proof(pen, attempt.route))
    yield ""
    yield from lay_out_route(pen, attempt.route, fold=fold)


def _became(pen: Pen, attempt: Attempt, order: Order) -> str:
    """What the attempt led to."""
    if attempt.failure:
        return pen.paint(why(attempt.failure), Style.RED)
    if order.attempt == attempt.attempt:
        return order.status if not order.receipt else pen.paint(f"landed in slot {order.receipt.slot}", Style.GREEN)
    return ""
