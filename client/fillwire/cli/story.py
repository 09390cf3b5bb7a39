"""Tells orders, events and routes in a line, for people."""

from datetime import datetime
from decimal import Decimal
from typing import assert_never

from fillwire.amount import Amount
from fillwire.event import Building, Event, Reconciling, Resting, Retrying, Submitted
from fillwire.market import Pool
from fillwire.order import Failure, Order, OrderSpec, Receipt
from fillwire.route import Candidate, Leg, Route

__all__ = ["elapsed", "line", "place", "shares", "short_price", "tell", "why", "wish"]


def elapsed(order: Order, moment: datetime) -> float:
    """Seconds since the order was accepted."""
    return (moment - order.create_time).total_seconds() if order.create_time else 0.0


def wish(spec: OrderSpec) -> str:
    """What an order wants: "1.5 SOL -> USDC"."""
    give = spec.amount_in or spec.token_in
    get = spec.amount_out or spec.token_out
    return f"{give} -> {get}"


def line(event: Event, order: Order) -> str:
    """An event with its place in the log, its time since the order was accepted, and its status."""
    seconds = elapsed(order, event.time)
    return f"{event.seq:>3}  {seconds:>8.3f} s  {event.status:<11}  {tell(event, order)}".rstrip()


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
            return f"retry {detail.retry} of {detail.max_retries}{start}: {why(detail.cause)}"
        case Reconciling(message=message):
            return message
        case Receipt():
            return _gave(detail)
        case Failure():
            return why(detail)
        case _:
            assert_never(detail)


def shares(route: Route) -> str:
    """The venues of a route and how much goes through each: "raydium-cpmm 60 %, meteora-dlmm 40 %".

    With hops, of each token that is sold: "SOL by raydium-cpmm 100 %; JUP by meteora-dlmm 100 %".
    """
    sold: dict[str, dict[str, float]] = {}
    for leg in route.legs:
        total = sold.setdefault(leg.amount_in.token, {})
        total[leg.venue] = total.get(leg.venue, 0.0) + leg.share_bps / 100
    told = {
        token: ", ".join(f"{venue} {percent:.4g} %" for venue, percent in total.items())
        for token, total in sold.items()
    }
    return "; ".join(venues if len(told) == 1 else f"{token} by {venues}" for token, venues in told.items())


def place(at: Leg | Candidate | Pool) -> str:
    """The pool, and its venue where the pool's name does not say it."""
    return at.pool if at.pool.startswith(at.venue) else f"{at.venue} {at.pool}"


def short_price(price: Decimal | None) -> str:
    """A price in eight significant digits at most, never as a power of ten; a dash where there is none."""
    if price is None:
        return "-"
    return f"{Decimal(f'{price:.8g}').normalize():f}" if price.adjusted() < 8 else f"{price:f}"


def why(failure: Failure) -> str:
    """Why something came to nothing."""
    return f"{failure.reason}: {failure.message}" if failure.message else failure.reason


def _gave(receipt: Receipt) -> str:
    venues = ", ".join(receipt.venues)
    price = short_price(receipt.price)
    return f"{receipt.amount_out} for {receipt.amount_in} at {price} by {venues}; signature {receipt.signature}"


def _at_least(floor: Amount | None) -> str:
    return f", at least {floor}" if floor else ""
