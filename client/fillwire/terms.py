"""The keyword arguments of the clients' methods, written once for both clients.

Amounts are in whole tokens (`Quantity`), or an `Amount` out of an answer. Times are aware datetimes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict, cast

from fillwire.amount import Amount, Quantity
from fillwire.market import Quote
from fillwire.order_type import OrderType
from fillwire.route import Routing
from fillwire.status import TimeInForce

__all__ = ["Limits", "OrderTerms", "QuoteTerms", "ReplaceTerms", "SpecTerms", "SubmitTerms", "with_routing"]


class SpecTerms(TypedDict, total=False):
    """The terms of an order beside its pair and its amount in."""

    amount_out: Quantity | Amount
    """Exact-out: get this much of the token got; then `amount_in` is left out."""
    slippage_bps: int
    """How far the execution may be worse than the first quote, or than that of `quote_id`, 0 to 10000.

    A limit order needs no other bound than its price. Every other order must have this one, or `min_amount_out`, or
    exact-out `max_amount_in`; with both, the stricter one holds.
    """
    min_amount_out: Quantity | Amount
    """Exact-in: the least total output, net of all fees."""
    max_amount_in: Quantity | Amount
    """Exact-out: the most total input."""
    max_price_impact_bps: int
    """The most the route may move the price. Left out: no limit."""
    deadline: datetime
    """Nothing is sent to a venue after it."""
    time_in_force: TimeInForce
    good_till_time: datetime
    """With `TimeInForce.GTD`."""
    client_order_id: str
    """Your own reference, up to 128 characters, echoed in every event."""
    quote_id: str
    """Binds the order to a quote while that lives."""
    routing: Routing
    type: OrderType
    """Left out: a market order."""


class Limits(TypedDict, total=False):
    """The fields of `Routing`, each as a keyword of its own; one that is given counts more than that of `routing`."""

    max_legs: int
    """The most legs, 1 to 16. Left out: 4."""
    max_hops: int
    """The most swaps one after the other, 1 to 4. Left out: 3."""
    include_venues: Sequence[str]
    """Only these venues. Left out: all."""
    exclude_venues: Sequence[str]
    """None of these venues."""


class OrderTerms(SpecTerms, Limits, total=False):
    """The terms of an order, with the shorter ways to say some of them."""

    quote: Quote
    """The quote to bind to, in place of its `quote_id`."""


class SubmitTerms(OrderTerms, total=False):
    """The terms of an order, and how it is submitted."""

    request_id: str
    """Idempotency key, a UUID. Left out: the client makes one, and repeats it on each retry."""
    validate_only: bool
    """Check everything, store nothing."""


class QuoteTerms(Limits, total=False):
    """What a quote is asked for beside its pair and its amount in."""

    amount_out: Quantity | Amount
    """Exact-out: what it takes to get this much; then `amount_in` is left out."""
    routing: Routing


class ReplaceTerms(TypedDict, total=False):
    """What is to change about a resting order; `None` takes a term off."""

    amount_in: Quantity | Amount
    """Exact-in: give this much; an order that was exact-out is so no more."""
    amount_out: Quantity | Amount
    """Exact-out: get this much; an order that was exact-in is so no more."""
    slippage_bps: int | None
    min_amount_out: Quantity | Amount | None
    max_amount_in: Quantity | Amount | None
    max_price_impact_bps: int | None
    deadline: datetime | None
    time_in_force: TimeInForce | None
    good_till_time: datetime | None
    client_order_id: str | None
    routing: Routing | None
    type: OrderType
    """With other figures; of the same class as it is."""
    request_id: str
    """Idempotency key of the change, a UUID. Left out: the client makes one, and repeats it on each retry."""
    if_last_seq: int | None
    """Change it only if its `last_seq` is still this. Left out: that of the order whose terms are changed.

    `None`: whatever it is.
    """


def with_routing(terms: Mapping[str, object]) -> dict[str, object]:
    """The terms with their `Limits` put into `routing`. Raises `TypeError` for a text in place of a list of venues."""
    given: dict[str, Any] = {name: terms[name] for name in Limits.__annotations__ if terms.get(name) is not None}
    rest = {name: value for name, value in terms.items() if name not in Limits.__annotations__}
    if not given:
        return rest
    for name in ("include_venues", "exclude_venues"):
        if name in given:
            given[name] = _names(name, given[name])
    routing = cast("Routing", rest.get("routing") or Routing())
    return rest | {"routing": replace(routing, **given)}


def _names(field: str, venues: Sequence[str]) -> tuple[str, ...]:
    # A text is a sequence of texts too, and each letter would count as a venue.
    if isinstance(venues, str):
        raise TypeError(f'{field} is a list of venues: write ["{venues}"]')
    return tuple(venues)
