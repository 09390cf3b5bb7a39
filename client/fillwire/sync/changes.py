"""Changes of orders: withdrawn, one or all; given new terms."""

from datetime import datetime
from typing import Unpack

from fillwire.cancellation import Cancellation, Cancellations
from fillwire.filters import CancelFilters
from fillwire.order import Order
from fillwire.sync.caller import Caller
from fillwire.terms import ReplaceTerms

__all__ = ["Changes"]


class Changes(Caller):
    """The part of the client that changes orders. All of it is safe to retry, and retried here."""

    def cancel(self, order: Order | str) -> Cancellation:
        """Withdraws an order, and says truly what became of that: CANCELLED, TOO_LATE, or PENDING."""
        return self._hold(self._talk.changes.cancel(order if isinstance(order, str) else order.order_id))

    def cancel_all(self, **filters: Unpack[CancelFilters]) -> Cancellations:
        """Withdraws all open orders of the account, or those that pass the filters; says how many."""
        return self._hold(self._talk.changes.cancel_all(filters))

    def cancel_all_after(self, seconds: float | None) -> datetime | None:
        """Sets the account's dead man's switch: all open orders are withdrawn then, unless it is set again before."""
        return self._hold(self._talk.changes.cancel_all_after(seconds))

    def replace(self, order: Order | str, **terms: Unpack[ReplaceTerms]) -> Order:
        """Changes the terms of a resting order in place; those that are not given stay, and `None` takes one off."""
        return self._hold(self._talk.changes.replace(order, terms))
