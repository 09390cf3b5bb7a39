"""OrderService: takes orders and tells what becomes of them.

The way of an order begins here: it is taken in (`intake.py`: validated, stored, announced) and acknowledged.
What becomes of it then is executed by the workers (`fillwire_workers.execution`) and watched here.
"""

# gRPC calls the methods as the contract names them.
# ruff: noqa: N802

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any, assert_never

import grpc
from structlog.contextvars import bind_contextvars

from fillwire.v1 import order_service_pb2 as pb
from fillwire.v1.order_service_pb2_grpc import OrderServiceServicer
from fillwire_orders import Event, Feed, Idle, Order, Position, Reader, watch
from fillwire_server import paging, validation, wire
from fillwire_server.accounts import current_account
from fillwire_server.intake import Intake

__all__ = ["OrderService"]

Context = grpc.aio.ServicerContext[Any, Any]


class OrderService(OrderServiceServicer):
    """Serves the orders of one database; every server process has one, and all of them serve all orders.

    Methods raise what the layers around them translate (`errors.TABLE`); those that are not here are not served yet.
    """

    def __init__(self, intake: Intake, reader: Reader, feed: Feed) -> None:
        self._intake = intake
        self._reader = reader
        self._feed = feed

    async def SubmitOrder(self, request: pb.SubmitOrderRequest, context: Context) -> pb.SubmitOrderResponse:
        if request.validate_only:
            return pb.SubmitOrderResponse(order=await self._intake.preview(request))
        submission = await self._intake.submit(request)
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
        accepted_at, pair = datetime.now(UTC), ("", "")  # until the first frame, which is always the order
        async with aclosing(frames):
            async for frame in frames:
                match frame:
                    case Order():
                        accepted_at, pair = frame.created_at, (frame.terms.token_in, frame.terms.token_out)
                        yield pb.WatchOrderResponse(snapshot=wire.order(frame))
                    case Event():
                        yield pb.WatchOrderResponse(event=wire.event(frame, accepted_at=accepted_at, pair=pair))
                    case Idle():
                        yield pb.WatchOrderResponse(heartbeat=pb.Heartbeat(last_seq=frame.last_seq))
                    case _:
                        assert_never(frame)

    async def GetOrder(self, request: pb.GetOrderRequest, context: Context) -> pb.GetOrderResponse:
        account = current_account()
        match request.WhichOneof("key"):
            case "request_id":
                order, _ = await self._reader.order_by_request(account, validation.request_id(request.request_id))
            case "client_order_id":
                reference = validation.reference(request.client_order_id)
                order = await self._reader.order_by_reference(account, reference)
            case _:
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
