"""Orders: submitted, read, listed, explained."""

from collections.abc import Iterator
from typing import Unpack

from fillwire.amount import Amount, Quantity
from fillwire.execution import ExecutionReport
from fillwire.explanation import Explanation
from fillwire.filters import Filters, ReportFilters
from fillwire.order import Order, Page
from fillwire.sync.caller import Caller
from fillwire.terms import OrderTerms, SubmitTerms

__all__ = ["Orders"]


class Orders(Caller):
    """The part of the client that submits orders and asks about them."""

    def submit(
        self,
        token_in: str,
        token_out: str,
        amount_in: Quantity | Amount | None = None,
        **terms: Unpack[SubmitTerms],
    ) -> Order:
        """Stores an order durably and answers; from then on it is executed, watched or not."""
        return self._hold(self._talk.orders.submit(token_in, token_out, amount_in, terms))

    def preview(
        self,
        token_in: str,
        token_out: str,
        amount_in: Quantity | Amount | None = None,
        **terms: Unpack[OrderTerms],
    ) -> Order:
        """The order as it would be, without an id: all is checked, nothing is stored. Raises as `submit` does."""
        return self._hold(self._talk.orders.preview(token_in, token_out, amount_in, terms))

    def get(
        self, order_id: str | None = None, *, request_id: str | None = None, client_order_id: str | None = None
    ) -> Order:
        """The order as it is now: by its id, by the request id it was submitted with, or by your own reference."""
        return self._hold(self._talk.orders.get(order_id, request_id, client_order_id))

    def orders(self, *, page_size: int = 0, **filters: Unpack[Filters]) -> Iterator[Order]:
        """All orders of the account that pass the filters, newest first; `page_size` (0: 50) are fetched at a time."""
        page = self.list_page(page_size=page_size, **filters)
        yield from page.orders
        while page.next_page_token:
            page = self.list_page(page_size=page_size, page_token=page.next_page_token, **filters)
            yield from page.orders

    def children(self, order: Order | str) -> Iterator[Order]:
        """The child orders of a TWAP order, newest first."""
        return self.orders(parent_order_id=order if isinstance(order, str) else order.order_id)

    def list_page(self, *, page_size: int = 0, page_token: str = "", **filters: Unpack[Filters]) -> Page:
        """One page of them: the one of that token, with the same filters as the page that gave it."""
        return self._hold(self._talk.orders.list_page(page_size, page_token, filters))

    def explain(self, order: Order | str) -> Explanation:
        """The whole story of an order: every event, every quote of every attempt, and why each came to nothing."""
        return self._hold(self._talk.orders.explain(order if isinstance(order, str) else order.order_id))

    def report_execution(self, **filters: Unpack[ReportFilters]) -> ExecutionReport:
        """What the account's executions gave and cost, by day, pair and venue; by default of the last 7 days."""
        return self._hold(self._talk.orders.report(filters))
