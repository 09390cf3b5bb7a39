"""Orders: submitted, read, listed, explained."""

from collections.abc import AsyncIterator
from typing import Unpack

from fillwire.aio.caller import Caller
from fillwire.amount import Amount, Quantity
from fillwire.execution import ExecutionReport
from fillwire.explanation import Explanation
from fillwire.filters import Filters, ReportFilters
from fillwire.order import Order, Page
from fillwire.terms import OrderTerms, SubmitTerms

__all__ = ["Orders"]


class Orders(Caller):
    """The part of the client that submits orders and asks about them."""

    async def submit(
        self,
        token_in: str,
        token_out: str,
        amount_in: Quantity | Amount | None = None,
        **terms: Unpack[SubmitTerms],
    ) -> Order:
        """Stores an order durably and answers; from then on it is executed, watched or not.

        Gives exactly `amount_in` whole tokens of `token_in` (symbol or mint), never a float; or, with `amount_out`
        alone, gets exactly that much. `SubmitTerms` lists the other keywords: `type` for anything but a market order,
        and a bound, `slippage_bps` or `min_amount_out` or exact-out `max_amount_in`, which only a limit order can do
        without. The order of most types is RESTING in the answer.

        Safe to retry, and retried here: each submit has a request id, repeated when an answer is lost, under which
        the engine stores one order for ever. `Unavailable` and `DeadlineExceeded` therefore mean "perhaps": submit
        with the same `request_id` again, or `get(request_id=)`. Raises `InvalidRequest` naming every bad field,
        `RequestIdReused` where the id belongs to an order with other terms, `QuoteExpired`, and `RateLimited`.
        """
        return await self._hold(self._talk.orders.submit(token_in, token_out, amount_in, terms))

    async def preview(
        self,
        token_in: str,
        token_out: str,
        amount_in: Quantity | Amount | None = None,
        **terms: Unpack[OrderTerms],
    ) -> Order:
        """The order as it would be, without an id: all is checked, nothing is stored. Raises as `submit` does."""
        return await self._hold(self._talk.orders.preview(token_in, token_out, amount_in, terms))

    async def get(
        self, order_id: str | None = None, *, request_id: str | None = None, client_order_id: str | None = None
    ) -> Order:
        """The order as it is now: by its id, by the request id it was submitted with, or by your own reference.

        Of several orders with the same `client_order_id` it is the newest. Raises `NotFound`.
        """
        return await self._hold(self._talk.orders.get(order_id, request_id, client_order_id))

    async def orders(self, *, page_size: int = 0, **filters: Unpack[Filters]) -> AsyncIterator[Order]:
        """All orders of the account that pass the filters, newest first; `page_size` (0: 50) are fetched at a time."""
        page = await self.list_page(page_size=page_size, **filters)
        for order in page.orders:
            yield order
        while page.next_page_token:
            page = await self.list_page(page_size=page_size, page_token=page.next_page_token, **filters)
            for order in page.orders:
                yield order

    def children(self, order: Order | str) -> AsyncIterator[Order]:
        """The child orders of a TWAP order, newest first."""
        return self.orders(parent_order_id=order if isinstance(order, str) else order.order_id)

    async def list_page(self, *, page_size: int = 0, page_token: str = "", **filters: Unpack[Filters]) -> Page:
        """One page of them: the one of that token, with the same filters as the page that gave it."""
        return await self._hold(self._talk.orders.list_page(page_size, page_token, filters))

    async def explain(self, order: Order | str) -> Explanation:
        """The whole story of an order: every event, every quote of every attempt, and why each came to nothing.

        Raises `NotFound`.
        """
        return await self._hold(self._talk.orders.explain(order if isinstance(order, str) else order.order_id))

    async def report_execution(self, **filters: Unpack[ReportFilters]) -> ExecutionReport:
        """What the account's executions gave and cost, by day, pair and venue; by default of the last 7 days."""
        return await self._hold(self._talk.orders.report(filters))
