"""The part of OrderService in which owners withdraw orders and give resting ones new terms."""

# gRPC calls the methods as the contract names them.
# ruff: noqa: N802

from datetime import UTC, datetime
from typing import Any, Final

import grpc
from structlog.contextvars import bind_contextvars

from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import Changes, Reader, Result
from fillwire_server import validation, wire
from fillwire_server.accounts import current_account
from fillwire_server.venues import VenueNames, venues_of

__all__ = ["Changing"]

Context = grpc.aio.ServicerContext[Any, Any]

_RESULTS: Final = {
    Result.CANCELLED: pb.CANCEL_RESULT_CANCELLED,
    Result.TOO_LATE: pb.CANCEL_RESULT_TOO_LATE,
    Result.PENDING: pb.CANCEL_RESULT_PENDING,
}


class Changing:
    """Changes orders; what each method raises is translated around it (`errors.TABLE`)."""

    def __init__(self, changes: Changes, reader: Reader, venue_names: VenueNames) -> None:
        self._changes = changes
        self._reader = reader
        self._venue_names = venue_names

    async def CancelOrder(self, request: pb.CancelOrderRequest, context: Context) -> pb.CancelOrderResponse:
        order_id = validation.order_id(request.order_id)
        bind_contextvars(order_id=order_id)
        order, result = await self._changes.cancel(current_account(), order_id)
        return pb.CancelOrderResponse(order=wire.order(order), result=_RESULTS[result])

    async def CancelAllOrders(self, request: pb.CancelAllOrdersRequest, context: Context) -> pb.CancelAllOrdersResponse:
        wanted = validation.cancel_all(request)
        done = await self._changes.cancel_all(
            current_account(), token_in=wanted.token_in, token_out=wanted.token_out, types=wanted.types
        )
        return pb.CancelAllOrdersResponse(cancelled=done.cancelled, pending=done.pending)

    async def CancelAllOrdersAfter(
        self, request: pb.CancelAllOrdersAfterRequest, context: Context
    ) -> pb.CancelAllOrdersAfterResponse:
        cancel_at = await self._changes.cancel_after(current_account(), validation.switch_seconds(request))
        return pb.CancelAllOrdersAfterResponse(cancel_time=None if cancel_at is None else wire.timestamp(cancel_at))

    async def ReplaceOrder(self, request: pb.ReplaceOrderRequest, context: Context) -> pb.ReplaceOrderResponse:
        account, order_id = current_account(), validation.order_id(request.order_id)
        bind_contextvars(order_id=order_id)
        order = await self._reader.order(account, order_id)
        venues = await venues_of(request.spec, self._venue_names)
        wanted = validation.replacement(request, order, now=datetime.now(UTC), venues=venues)
        if wanted.refusal is not None:
            # A request id answers alike for ever, also when a time in the terms has passed since.
            repeated = await self._changes.repeated(account, order_id, wanted.request_id, wanted.terms)
            if repeated is None:
                raise wanted.refusal
            return pb.ReplaceOrderResponse(order=wire.order(repeated))
        replaced = await self._changes.replace(
            account, order_id, wanted.request_id, wanted.terms, if_last_seq=wanted.if_last_seq
        )
        return pb.ReplaceOrderResponse(order=wire.order(replaced.order))
