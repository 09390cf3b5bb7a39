"""Changes of orders: withdrawn, one or all; given new terms."""

from datetime import datetime
from typing import Unpack

from fillwire.aio.caller import Caller
from fillwire.cancellation import Cancellation, Cancellations
from fillwire.filters import CancelFilters
from fillwire.order import Order
from fillwire.terms import ReplaceTerms

__all__ = ["Changes"]


class Changes(Caller):
    """The part of the client that changes orders. All of it is safe to retry, and retried here."""

    async def cancel(self, order: Order | str) -> Cancellation:
        """Withdraws an order, and says truly what became of that: CANCELLED, TOO_LATE, or PENDING.

        With PENDING a transaction may be on its way: the order ends CANCELLED unless that swaps it, as a watch will
        tell. Raises `NotFound`.
        """
        return await self._hold(self._talk.changes.cancel(order if isinstance(order, str) else order.order_id))

    async def cancel_all(self, **filters: Unpack[CancelFilters]) -> Cancellations:
        """Withdraws all open orders of the account, or those that pass the filters; says how many.

        Where an answer was lost and the call made again, what the first one withdrew is not counted.
        """
        return await self._hold(self._talk.changes.cancel_all(filters))

    async def cancel_all_after(self, seconds: float | None) -> datetime | None:
        """Sets the account's dead man's switch: all open orders are withdrawn then, unless it is set again before.

        1 s to 1 day; `None` takes it off. Gives the time at which it goes off, UTC.
        """
        return await self._hold(self._talk.changes.cancel_all_after(seconds))

    async def replace(self, order: Order | str, **terms: Unpack[ReplaceTerms]) -> Order:
        """Changes the terms of a resting order in place; those that are not given stay, and `None` takes one off.

        An `Order` is changed only if nothing has happened to it since it was read (`if_last_seq`); of an id, the order
        is read first. Raises `OrderNotResting`, `OrderChanged`, `NotFound`, and `InvalidRequest` naming every bad
        field.
        """
        return await self._hold(self._talk.changes.replace(order, terms))
