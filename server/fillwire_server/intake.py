"""The intake of orders: validated, stored in the journal, announced to the queue; then they are acknowledged."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from structlog.contextvars import bind_contextvars

from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import Dispatcher, Journal, Order, OrderNotFound, Submission
from fillwire_orders.publisher import Publisher
from fillwire_server import metrics, validation, wire
from fillwire_server.accounts import current_account
from fillwire_server.quotes import Quotes
from fillwire_server.venues import VenueNames, venues_of

__all__ = ["Intake", "MidPrice"]

MidPrice = Callable[[str, str], Decimal | None]
"""The mid price of a pair, whole tokens of the second per whole one of the first; `None`: there is none."""


class Intake:
    """Takes orders of the account whose call is under way."""

    def __init__(
        self,
        journal: Journal,
        dispatcher: Dispatcher,
        publisher: Publisher,
        *,
        venue_names: VenueNames,
        mid_price: MidPrice,
        quotes: Quotes,
    ) -> None:
        self._journal = journal
        self._dispatcher = dispatcher
        self._publisher = publisher
        self._venue_names = venue_names
        self._mid_price = mid_price
        self._quotes = quotes

    async def submit(self, request: pb.SubmitOrderRequest) -> Submission:
        """Stores an order, durably, and has it executed; a repetition gives the order as it is now.

        Raises `InvalidRequest`, `QuoteExpired`, `RequestIdReused`, `StoreUnavailable`.
        """
        ask = await self._read(request)
        submission = await self._store(ask)
        bind_contextvars(order_id=submission.order.id)
        if not submission.deduplicated:
            self._announce(submission.order)
        metrics.SUBMITTED[submission.deduplicated].inc()
        return submission

    async def preview(self, request: pb.SubmitOrderRequest) -> order_pb2.Order:
        """The order as it would be; nothing is stored. Raises as `submit` does for what is wrong with it."""
        ask = await self._read(request)
        if ask.refusal is not None:
            raise ask.refusal
        return wire.draft(ask.request_id, ask.terms)

    def _announce(self, order: Order) -> None:
        """Tells the workers, and those who watch the account; whom this does not reach finds the order by itself."""
        if not order.terms.rests:
            self._dispatcher.announce(order.id)
        self._publisher.wake(order.account_id)

    async def _read(self, request: pb.SubmitOrderRequest) -> validation.Ask:
        venues, now = await venues_of(request.spec, self._venue_names), datetime.now(UTC)
        ask = validation.submission(request, now=now, venues=venues)
        terms, expired = self._quotes.bind(current_account(), ask.terms, now=now)
        return replace(ask, terms=terms, refusal=ask.refusal or expired)

    async def _store(self, ask: validation.Ask) -> Submission:
        account = current_account()
        if ask.refusal is not None:
            # A request id answers alike for ever, also when a time in the order has passed since.
            try:
                order = await self._journal.repeated(account, ask.request_id, ask.terms)
            except OrderNotFound:
                raise ask.refusal from None
            return Submission(order, deduplicated=True)
        arrival = self._mid_price(ask.terms.token_in, ask.terms.token_out)
        return await self._journal.submit(account, ask.request_id, ask.terms, arrival_mid_price=arrival)
