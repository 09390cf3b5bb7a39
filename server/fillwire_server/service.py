"""OrderService: takes orders and tells what becomes of them.

The way of an order begins here: it is validated, stored in the journal, announced to the queue, acknowledged.
What becomes of it then is executed by the workers (`fillwire_workers.execution`) and watched here.
"""

# gRPC calls the methods as the contract names them.
# ruff: noqa: N802

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any, Final, assert_never

import grpc
from structlog.contextvars import bind_contextvars

from fillwire.v1 import order_service_pb2 as pb
from fillwire.v1.order_service_pb2_grpc import OrderServiceServicer
from fillwire_orders import (
    Dispatcher,
    Event,
    Feed,
    Idle,
    Journal,
    Order,
    OrderNotFound,
    Position,
    Reader,
    RequestIdReused,
    Submission,
    watch,
)
from fillwire_server import metrics, paging, validation, wire
from fillwire_server.accounts import current_account
from fillwire_server.refusals import InvalidRequest
from fillwire_server.validation.submission import PAST_DEADLINE

__all__ = ["OrderService"]

Context = grpc.aio.ServicerContext[Any, Any]

VenueNames = Callable[[], Awaitable[Collection[str]]]
"""Asks which venues there are."""

_NO_VENUES: Final[Collection[str]] = ()


class OrderService(OrderServiceServicer):
    """Serves the orders of one database; every server process has one, and all of them serve all orders.

    Methods raise what the layers around them translate (`errors.TABLE`); those that are not here are not served yet.
    """

    def __init__(
        self, journal: Journal, reader: Reader, feed: Feed, dispatcher: Dispatcher, venue_names: VenueNames
    ) -> None:
        self._journal = journal
        self._reader = reader
        self._feed = feed
        self._dispatcher = dispatcher
        self._venue_names = venue_names

    async def SubmitOrder(self, request: pb.SubmitOrderRequest, context: Context) -> pb.SubmitOrderResponse:
        ask = validation.submission(request, now=datetime.now(UTC), venues=await self._venues(request))
        if request.validate_only:
            return self._would_be(ask)
        submission = await self._store(ask)
        bind_contextvars(order_id=submission.order.id)
        if not submission.deduplicated:
            self._dispatcher.announce(submission.order.id)
        metrics.SUBMITTED[submission.deduplicated].inc()
        return pb.SubmitOrderResponse(order=wire.order(submission.order), deduplicated=submission.deduplicated)

    async def WatchOrder(self, request: pb.WatchOrderRequest, context: Context) -> AsyncIterator[pb.WatchOrderResponse]:
        watching = validation.watching(request)
        bind_contextvars(order_id=watching.order_id)
        frames = watch(
            self._reader,
            self._feed,
            current_account(),
            watching.order_id,
            after_seq=watching.after_seq,
            heartbeat_seconds=watching.heartbeat_seconds,
            final_only=watching.final_only,
        )
        accepted_at = datetime.now(UTC)  # until the first frame, which is always the order
        async with aclosing(frames):
            async for frame in frames:
                match frame:
                    case Order():
                        accepted_at = frame.created_at
                        yield pb.WatchOrderResponse(snapshot=wire.order(frame))
                    case Event():
                        yield pb.WatchOrderResponse(event=wire.event(frame, accepted_at=accepted_at))
                    case Idle():
                        yield pb.WatchOrderResponse(heartbeat=pb.Heartbeat(last_seq=frame.last_seq))
                    case _:
                        assert_never(frame)

    async def GetOrder(self, request: pb.GetOrderRequest, context: Context) -> pb.GetOrderResponse:
        account = current_account()
        if request.WhichOneof("key") == "request_id":
            order = await self._reader.order_by_request(account, validation.request_id(request.request_id))
        else:
            order = await self._reader.order(account, validation.order_id(request.order_id))
        return pb.GetOrderResponse(order=wire.order(order))

    async def ExplainOrder(self, request: pb.ExplainOrderRequest, context: Context) -> pb.ExplainOrderResponse:
        order, events = await self._reader.story(current_account(), validation.order_id(request.order_id))
        return wire.explanation(order, events)

    async def ListOrders(self, request: pb.ListOrdersRequest, context: Context) -> pb.ListOrdersResponse:
        listing = validation.listing(request)
        # One more than asked for tells whether there is another page.
        found = await self._reader.page(current_account(), listing.filters, limit=listing.size + 1, after=listing.after)
        page = found[: listing.size]
        next_page_token = ""
        if len(found) > listing.size:
            next_page_token = paging.token(Position(page[-1].created_at, page[-1].id), listing.filters)
        return pb.ListOrdersResponse(orders=[wire.order(one) for one in page], next_page_token=next_page_token)

    async def _venues(self, request: pb.SubmitOrderRequest) -> Collection[str]:
        """The venues there are, for the few orders that name any."""
        names_some = request.spec.routing.include_venues or request.spec.routing.exclude_venues
        return await self._venue_names() if names_some else _NO_VENUES

    async def _store(self, ask: validation.Ask) -> Submission:
        if ask.is_late:
            return await self._submitted_in_time(ask)
        return await self._journal.submit(current_account(), ask.request_id, ask.terms)

    async def _submitted_in_time(self, ask: validation.Ask) -> Submission:
        """The order of which a late request is a repetition: a request id answers alike for ever."""
        try:
            order = await self._reader.order_by_request(current_account(), ask.request_id)
        except OrderNotFound:
            raise InvalidRequest([PAST_DEADLINE]) from None
        if fields := ask.terms.differing(order.terms):
            raise RequestIdReused(order.id, fields)
        return Submission(order, deduplicated=True)

    def _would_be(self, ask: validation.Ask) -> pb.SubmitOrderResponse:
        if ask.is_late:
            raise InvalidRequest([PAST_DEADLINE])
        return pb.SubmitOrderResponse(order=wire.draft(ask.request_id, ask.terms))
