"""The keyword arguments of the clients' methods, written once for both clients.

Amounts are in whole tokens (`Quantity`), or an `Amount` out of an answer. Times are aware datetimes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from fillwire.amount import Amount, Quantity
from fillwire.order_type import OrderType
from fillwire.route import Routing
from fillwire.status import Status, TimeInForce

__all__ = ["Filters", "QuoteTerms", "SpecTerms", "SubmitTerms"]


class SpecTerms(TypedDict, total=False):
    """The terms of an order beside its pair and its amount in."""

    amount_out: Quantity | Amount
    """Exact-out: get this much of the token got; then `amount_in` is left out."""
    slippage_bps: int
    """How far the output may fall below the first quote, 0 to 10000. It or `min_amount_out` must be given."""
    min_amount_out: Quantity | Amount
    """The least total output, net of all fees."""
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


class SubmitTerms(SpecTerms, total=False):
    """The terms of an order, and how it is submitted."""

    request_id: str
    """Idempotency key, a UUID. Left out: the client makes one, and repeats it on each retry."""
    validate_only: bool
    """Check everything, store nothing."""


class QuoteTerms(TypedDict, total=False):
    """What a quote is asked for beside its pair and its amount in."""

    amount_out: Quantity | Amount
    """Exact-out: what it takes to get this much; then `amount_in` is left out."""
    routing: Routing


class Filters(TypedDict, total=False):
    """Which orders to list; all given must hold."""

    statuses: Sequence[Status]
    token_in: str
    token_out: str
    client_order_id: str
    create_time_from: datetime
    """Accepted at or after it."""
    create_time_before: datetime
    """Accepted before it."""
