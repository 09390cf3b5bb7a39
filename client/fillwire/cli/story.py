"""Tells orders, events and routes in a line, for people."""

from datetime import datetime
from decimal import Decimal
from typing import assert_never

from fillwire.amount import Amount
from fillwire.cli.conditions import condition, moment
from fillwire.event import Building, Event, Fired, Progress, Reconciling, Replaced, Resting, Retrying, Submitted
from fillwire.market import Pool
from fillwire.order import Failure, Order, OrderSpec
from fillwire.receipt import Receipt
from fillwire.route import Candidate, Leg, Route

__all__ = ["elapsed", "fired", "line", "place", "shares", "short_price", "tell", "why", "wish", "wishes"]


def elapsed(order: Order, moment: datetime) -> float:
    """Seconds since the order was accepted."""
    return (moment - order.create_time).total_seconds() if order.create_time else 0.0


def wish(spec: OrderSpec) -> str:
    """What an order wants: "1.5 SOL -> USDC"."""
    give = spec.amount_in or spec.token_in
    get = spec.amount_out or spec.token_out
    return f"{give} -> {get}"


def wishes(spec: OrderSpec) -> str:
    """The same with what it waits for: "1.5 SOL -> USDC, limit 150"."""
    waits = condition(spec.type)
    return f"{wish(spec)}, {waits}" if waits else wish(spec)


def line(event: Event, order: Order) -> str:
    """An event with its place in the log, its time since the order was accepted, and its status."""
    seconds = elapsed(order, event.time)
    return f"{event.seq:>3}  {seconds:>8.3f} s  {event.status:<11}  {tell(event, order)}".rstrip()


# One case for each detail there is.
def tell(event: Event, order: Order | None = None) -> str:  # noqa: C901
    """What is to be known of an event beside its status and time; `order` is `None` where it was not seen."""
    detail = event.detail
    match detail:
        case None:
            return _begins(event, order)
        case Resting():
            return _rests(detail)
        case Replaced(spec=spec):
            return f"new terms: {wishes(spec)}"
        case Fired():
            return fired(detail)
        case Progress():
            return _came(detail)
        case Building():
            return _builds(detail)
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


def _begins(event: Event, order: Order | None) -> str:
    if event.seq > 1:
        return f"attempt {event.attempt}" if event.attempt > 1 else ""
    return wishes(order.spec) if order else f"{event.token_in} -> {event.token_out}"


def _rests(detail: Resting) -> str:
    price, time, cause = detail.trigger_price, detail.trigger_time, detail.cause
    waits = f"until {short_price(price)}" if price is not None else f"until {moment(time)}" if time else ""
    return "; ".join(filter(None, [waits, f"again: {why(cause)}" if cause else ""]))


def fired(detail: Fired) -> str:
    """Why a resting order executes: "stop, met at 139.9"."""
    met = [
        detail.condition.lower().replace("_", " "),
        f"met at {short_price(detail.price)}" if detail.price is not None else "",
        f"best was {short_price(detail.best_price)}" if detail.best_price is not None else "",
        f"pool {detail.pool}" if detail.pool else "",
    ]
    return ", ".join(filter(None, met))


def _came(detail: Progress) -> str:
    gave, got = detail.filled_amount_in, detail.filled_amount_out
    swapped = f", {got} for {gave} so far" if gave and got else ""
    return f"slice {detail.slices_begun}, {detail.slices_filled} filled{swapped}"


def _builds(detail: Building) -> str:
    route = detail.route
    amount = route.amount_in if route.exact_out else route.amount_out
    limit = f", at most {detail.ceiling_amount_in}" if detail.ceiling_amount_in else ""
    return f"{shares(route)}; {amount}{limit or _at_least(detail.floor_amount_out)}"


def _gave(receipt: Receipt) -> str:
    venues = f" by {', '.join(receipt.venues)}" if receipt.legs else ""
    signature = f"; signature {receipt.signature}" if receipt.signature else ""
    return f"{receipt.amount_out} for {receipt.amount_in} at {short_price(receipt.price)}{venues}{signature}"


def _at_least(floor: Amount | None) -> str:
    return f", at least {floor}" if floor else ""
