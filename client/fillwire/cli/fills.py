"""What an execution gave, leg by leg against what was quoted, and what it cost in basis points."""

from decimal import Decimal

from fillwire.cli.pen import Pen
from fillwire.cli.story import place, short_price
from fillwire.cli.tables import Column, lay_out
from fillwire.order import Order
from fillwire.receipt import Cost, Receipt
from fillwire.route import Leg, Route

__all__ = ["lay_out_fills", "outcome"]

_FILLS = (
    Column("LEG"),
    Column("IN", number=True),
    Column("QUOTED", number=True, spare=True),
    Column("FILLED", number=True),
    Column("ERROR BPS", number=True),
)


def lay_out_fills(pen: Pen, receipt: Receipt) -> list[str]:
    """A row for each leg; a quote that was not recorded is a dash."""
    return lay_out(pen, _FILLS, [_row(leg) for leg in receipt.legs])


def _row(leg: Leg) -> tuple[str, ...]:
    quoted = leg.quoted_amount_out
    error = f"{_bps(leg.amount_out.raw, quoted.raw):+.2f}" if quoted and quoted.raw else "-"
    return place(leg), str(leg.amount_in), str(quoted or "-"), str(leg.amount_out), error


def outcome(order: Order, receipt: Receipt) -> list[tuple[str, str]]:
    """What was got, and how that compares with each of the yardsticks there are; negative: worse than it."""
    venue_time, engine_time = receipt.venue_time.total_seconds(), receipt.engine_time.total_seconds()
    return [
        ("got", f"{receipt.amount_out} for {receipt.amount_in}"),
        ("price", short_price(receipt.price)),
        ("against quote", f"{receipt.slippage_bps:+.2f} bps"),
        ("against arrival", _against_arrival(receipt)),
        ("against bound", _against_bound(order.route, receipt) if order.route else ""),
        ("against minimum", _against_minimum(order, receipt)),
        ("against maximum", _against_maximum(order, receipt)),
        ("cost", _cost(receipt.cost) if receipt.cost else ""),
        ("second best", _second_best(receipt.cost) if receipt.cost else ""),
        ("time", f"{venue_time:.3f} s of the venues, {engine_time:.3f} s of the engine"),
    ]


def _against_arrival(receipt: Receipt) -> str:
    """Its price against the mid when the order was accepted: the implementation shortfall (Perold, 1988)."""
    mid, price = receipt.arrival_mid_price, receipt.price
    if mid is None or price is None or not mid:
        return ""
    return f"{_bps(price, mid):+.2f} bps, the mid was {short_price(mid)}"


def _against_bound(route: Route, receipt: Receipt) -> str:
    bound = route.bound.raw
    if not bound:
        return ""
    of_bound = -_bps(receipt.amount_in.raw, bound) if route.exact_out else _bps(receipt.amount_out.raw, bound)
    return f"{of_bound:+.2f} bps"


def _against_minimum(order: Order, receipt: Receipt) -> str:
    floor = order.floor_amount_out or order.spec.min_amount_out
    if floor is None or not floor.raw:
        return ""
    return f"{_bps(receipt.amount_out.raw, floor.raw):+.2f} bps, at least {floor} was wanted"


def _against_maximum(order: Order, receipt: Receipt) -> str:
    ceiling = order.ceiling_amount_in or order.spec.max_amount_in
    if ceiling is None or not ceiling.raw:
        return ""
    return f"{-_bps(receipt.amount_in.raw, ceiling.raw):+.2f} bps, at most {ceiling} was to be given"


def _cost(cost: Cost) -> str:
    return (
        f"{cost.total_bps:.2f} bps: drift {cost.drift_bps:+.2f}, fees {cost.fee_bps:+.2f}, "
        f"impact {cost.impact_bps:+.2f}, slippage {cost.slippage_bps:+.2f}"
    )


def _second_best(cost: Cost) -> str:
    if cost.second_best_amount is None:
        return ""
    return f"{cost.second_best_amount} by {cost.second_best_venue}; {cost.saved_bps:.2f} bps better than that"


def _bps(is_: float | Decimal, against: float | Decimal) -> float:
    return float((Decimal(is_) / Decimal(against) - 1) * 10_000)
