"""A stranger: the holder of another account's key, who knows the ids of orders and tries what owners do."""

from __future__ import annotations

import random
from typing import Any, Final

import grpc

from fillwire.v1 import order_service_pb2 as service
from tests.chaos.changing import Placed
from tests.chaos.history import About, Recorder, Type
from tests.chaos.lines import TIMEOUT, Lines, outcome
from tests.chaos.wishes import spec

__all__ = ["Stranger"]

_WAYS: Final = ("get", "watch", "list", "explain", "cancel", "replace", "cancel_all")


class Stranger:
    """Every answer it gets is to be NOT_FOUND, or empty, which is written down alike."""

    def __init__(self, proc: str, recorder: Recorder, lines: Lines, dice: random.Random) -> None:
        self._proc = proc
        self._recorder = recorder
        self._lines = lines
        self._dice = dice

    async def pry(self, placed: Placed) -> None:
        """Tries one thing on an order that is not its own."""
        way = self._dice.choice(_WAYS)
        op = self._recorder.invoke(self._proc, About.PRY, order_id=placed.order_id, way=way)
        value: dict[str, Any] = {"code": "NOT_FOUND"}
        try:
            learnt = await getattr(self, f"_{way}")(placed)
            kind, value = (Type.OK, {"learnt": learnt}) if learnt else (Type.FAIL, value)
        except grpc.aio.AioRpcError as error:
            kind, value = outcome(error)
        self._recorder.note(self._proc, kind, About.PRY, op, **value)

    async def _get(self, placed: Placed) -> str:
        request = service.GetOrderRequest(order_id=placed.order_id)
        answer = await self._lines.next().GetOrder(request, timeout=TIMEOUT)
        return f"order {answer.order.order_id}"

    async def _watch(self, placed: Placed) -> str:
        request = service.WatchOrderRequest(order_id=placed.order_id, after_seq=0)
        call = self._lines.next().WatchOrder(request, timeout=TIMEOUT)
        try:
            frame = await call.read()
        finally:
            call.cancel()
        return "the end of a stream" if frame is grpc.aio.EOF else f"a frame: {frame.WhichOneof('frame')}"

    async def _list(self, placed: Placed) -> str:
        request = service.ListOrdersRequest(client_order_id=placed.wish["client_order_id"])
        page = await self._lines.next().ListOrders(request, timeout=TIMEOUT)
        return f"{len(page.orders)} orders" if page.orders else ""

    async def _explain(self, placed: Placed) -> str:
        request = service.ExplainOrderRequest(order_id=placed.order_id)
        answer = await self._lines.next().ExplainOrder(request, timeout=TIMEOUT)
        return f"{len(answer.events)} events"

    async def _cancel(self, placed: Placed) -> str:
        request = service.CancelOrderRequest(order_id=placed.order_id)
        answer = await self._lines.next().CancelOrder(request, timeout=TIMEOUT)
        return service.CancelResult.Name(answer.result)

    async def _replace(self, placed: Placed) -> str:
        request = service.ReplaceOrderRequest(order_id=placed.order_id, spec=spec(placed.wish))
        answer = await self._lines.next().ReplaceOrder(request, timeout=TIMEOUT)
        return f"order {answer.order.order_id} with other terms"

    async def _cancel_all(self, _: Placed) -> str:
        answer = await self._lines.next().CancelAllOrders(service.CancelAllOrdersRequest(), timeout=TIMEOUT)
        count = answer.cancelled + answer.pending
        return f"{count} orders are withdrawn" if count else ""
