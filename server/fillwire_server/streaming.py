"""The part of OrderService that streams more than one order that is there: a whole account, or an order from its submit."""

# gRPC calls the methods as the contract names them.
# ruff: noqa: N802

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import grpc

from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import AccountFeed, Entry, Event, Feed, Idle, Order, Reader, Submission, watch, watch_account
from fillwire_server import validation, wire
from fillwire_server.accounts import current_account
from fillwire_server.intake import Intake
from fillwire_server.refusals import InvalidRequest

__all__ = ["Streaming"]

Context = grpc.aio.ServicerContext[Any, Any]


class Streaming:
    """Streams events; what each method raises is translated around it (`errors.TABLE`)."""

    def __init__(self, intake: Intake, reader: Reader, feed: Feed, account_feed: AccountFeed) -> None:
        self._intake = intake
        self._reader = reader
        self._feed = feed
        self._account_feed = account_feed

    async def WatchOrders(
        self, request: pb.WatchOrdersRequest, context: Context
    ) -> AsyncIterator[pb.WatchOrdersResponse]:
        following = validation.following(request)
        frames = watch_account(
            self._account_feed,
            current_account(),
            following.after,
            from_start=following.from_start,
            wish=following.wish,
            heartbeat_seconds=following.heartbeat_seconds,
        )
        async with aclosing(frames):
            async for frame in frames:
                cursor = frame.cursor.text
                if isinstance(frame, Entry):
                    yield pb.WatchOrdersResponse(event=_event(frame), cursor=cursor)
                else:
                    yield pb.WatchOrdersResponse(heartbeat=pb.Heartbeat(), cursor=cursor)

    async def SubmitAndWatchOrder(
        self, request: pb.SubmitAndWatchOrderRequest, context: Context
    ) -> AsyncIterator[pb.SubmitAndWatchOrderResponse]:
        submitting = validation.submitting(request)
        submission = await self._submit(request.order)
        order = submission.order
        pair = order.terms.token_in, order.terms.token_out
        yield pb.SubmitAndWatchOrderResponse(
            submitted=pb.SubmitOrderResponse(order=wire.order(order), deduplicated=submission.deduplicated)
        )
        frames = watch(
            self._reader,
            self._feed,
            order.account_id,
            order.id,
            after_seq=0,
            heartbeat_seconds=submitting.heartbeat_seconds,
            final_only=submitting.final_only,
        )
        async with aclosing(frames):
            async for frame in frames:
                match frame:
                    case Event():
                        event = wire.event(frame, accepted_at=order.created_at, pair=pair)
                        yield pb.SubmitAndWatchOrderResponse(event=event)
                    case Idle():
                        yield pb.SubmitAndWatchOrderResponse(heartbeat=pb.Heartbeat(last_seq=frame.last_seq))
                    case Order():
                        pass  # told by the answer to the submit

    async def _submit(self, request: pb.SubmitOrderRequest) -> Submission:
        try:
            return await self._intake.submit(request)
        except InvalidRequest as error:
            raise validation.within_order(error) from None


def _event(entry: Entry) -> order_pb2.OrderEvent:
    return wire.event(entry.event, accepted_at=entry.accepted_at, pair=(entry.token_in, entry.token_out))
