"""Speaks the contract with nothing but generated code, so that no cleverness of our SDK can hide a fault."""

import asyncio
import uuid
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import grpc

from fillwire.v1 import market_service_pb2 as market
from fillwire.v1 import market_service_pb2_grpc as market_grpc
from fillwire.v1 import order_pb2 as order
from fillwire.v1 import order_service_pb2 as service
from fillwire.v1 import order_service_pb2_grpc as service_grpc

SPEC = {"token_in": "SOL", "token_out": "USDC", "amount_in": "1000000", "slippage_bps": 5000}
"""Small enough to leave the market where it is."""


class Driver:
    """A client of one server; used as an async context manager."""

    def __init__(self, target: str) -> None:
        self.target = target

    async def __aenter__(self) -> Self:
        self._channel = grpc.aio.insecure_channel(self.target)
        self.orders: Any = service_grpc.OrderServiceStub(self._channel)
        self.market: Any = market_grpc.MarketServiceStub(self._channel)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._channel.close()

    async def submit(self, request_id: str = "", **changes: Any) -> service.SubmitOrderResponse:
        """Submits a small market order, but for `changes` of its spec (`None` leaves a field out)."""
        spec = {name: value for name, value in {**SPEC, **changes}.items() if value is not None}
        request = service.SubmitOrderRequest(spec=order.OrderSpec(**spec), request_id=request_id or str(uuid.uuid4()))
        answer: service.SubmitOrderResponse = await self.orders.SubmitOrder(request, timeout=10)
        return answer

    async def get(self, order_id: str) -> order.Order:
        answer: service.GetOrderResponse = await self.orders.GetOrder(
            service.GetOrderRequest(order_id=order_id), timeout=5
        )
        return answer.order

    def frames(self, order_id: str, after_seq: int | None = 0) -> Any:
        """The call itself: iterate it, cancel it."""
        return self.orders.WatchOrder(service.WatchOrderRequest(order_id=order_id, after_seq=after_seq))

    async def watch(
        self, order_id: str, after_seq: int | None = 0, *, seconds: float = 30
    ) -> Sequence[order.OrderEvent]:
        """All events after `after_seq`, to the clean end of the stream."""
        async with asyncio.timeout(seconds):
            return [frame.event async for frame in self.frames(order_id, after_seq) if frame.HasField("event")]

    async def quote(
        self, amount_in: str, token_in: str = "SOL", token_out: str = "USDC", *, max_legs: int | None = None
    ) -> market.Quote:
        request = market.GetQuoteRequest(token_in=token_in, token_out=token_out, amount_in=amount_in)
        if max_legs is not None:
            request.routing.max_legs = max_legs
        answer: market.GetQuoteResponse = await self.market.GetQuote(request, timeout=5)
        return answer.quote


def statuses(events: Sequence[order.OrderEvent]) -> list[str]:
    """The way an order took, by name."""
    return [order.OrderStatus.Name(event.status).removeprefix("ORDER_STATUS_") for event in events]
