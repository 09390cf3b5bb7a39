"""Tells an event in a line, for people."""

from datetime import datetime
from decimal import Decimal
from typing import assert_never

from fillwire.amount import Amount
from fillwire.event import Building, Event, Reconciling, Resting, Retrying, Submitted
from fillwire.order import Failure, Order, OrderSpec, Receipt
from fillwire.route import Route

__all__ = ["elapsed", "shares", "short_price", "tell", "wish"]


def elapsed(order: Order, moment: datetime) -> float:
    """Seconds since the order was accepted."""
    return (moment - order.create_time).total_seconds() if order.create_time else 0.0


def wish(spec: OrderSpec) -> str:
    """What an order wants: "1.5 SOL -> USDC"."""
    give = spec.amount_in or spec.token_in
    get = spec.amount_out or spec.token_out
    return f"{give} -> {get}"


def tell(event: Event, order: Order) -> str:
    """What is to be known of an event beside its status and time. Empty: nothing."""
    detail = event.detail
    match detail:
        case None:
            return wish(order.spec) if event.seq == 1 else f"attempt {event.attempt}" if event.attempt > 1 else ""
        case Resting(trigger_price=price, trigger_time=time):
            return f"until {price:f}" if price is not None else f"until {time}" if time else ""
        case Building(route=route, floor_amount_out=floor):
            return f"{shares(route)}; {route.amount_out}{_at_least(floor)}"
        case Submitted(signature=signature):
            return f"signature {signature}"
        case Retrying():
            start = f" at {detail.next_attempt_time:%H:%M:%S} UTC" if detail.next_attempt_time else ""
            return f"retry {detail.retry} of {detail.max_retries}{start}: {_why(detail.cause)}"
        case Reconciling(message=message):
            return message
        case Receipt():
            return _gave(detail)
        case Failure():
            return _why(detail)
        case _:
            assert_never(detail)


def shares(route: Route) -> str:
    """The venues of a route and how much of the amount goes through each: "raydium-cpmm 60 %, meteora-dlmm 40 %"."""
    total: dict[str, float] = {}
    for leg in route.legs:
        total[leg.venue] = total.get(leg.venue, 0.0) + leg.share_bps / 100
    return ", ".join(f"{venue} {percent:.4g} %" for venue, percent in total.items())


def short_price(price: Decimal | None) -> str:
    """A price in eight digits at most; a dash where there is none."""
    if price is None:
        return "-"
    return f"{price:.8g}" if price.adjusted() < 8 else f"{price:f}"


def _gave(receipt: Receipt) -> str:
    venues = ", ".join(receipt.venues)
    price = short_price(receipt.price)
    return f"{receipt.amount_out} for {receipt.amount_in} at {price} by {venues}; signature {receipt.signature}"


def _at_least(floor: Amount | None) -> str:
    return f", at least {floor}" if floor else ""


def _why(failure: Failure) -> str:
    return f"{failure.reason}: {failure.message}" if failure.message else failure.reason
