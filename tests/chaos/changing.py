"""Second thoughts: clients withdraw orders and give resting ones another price, and ask again until somebody knows."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import grpc

from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as service
from tests.chaos.history import About, Recorder, Type
from tests.chaos.lines import TIMEOUT, Lines, outcome, status_of
from tests.chaos.wishes import PRICED, Wish, Wishes, spec

__all__ = ["Changer", "Placed"]

_TRIES: Final = 8
_PAUSES: Final = (0.05, 0.4)
_THINKS: Final = (0.0, 4.0)

_REPLACES: Final = 0.5
_WITHDRAWS: Final = {
    "MARKET": 0.05,
    "LIMIT": 0.4,
    "STOP": 0.4,
    "TAKE_PROFIT": 0.4,
    "SCHEDULED": 0.3,
    "TWAP": 0.4,
    "OCO": 0.2,
}


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that was acknowledged."""

    order_id: str
    wish: Wish


class Changer:
    """Changes the orders of the client `proc`."""

    def __init__(self, proc: str, recorder: Recorder, lines: Lines, dice: random.Random, wishes: Wishes) -> None:
        self._proc = proc
        self._recorder = recorder
        self._lines = lines
        self._dice = dice
        self._wishes = wishes

    async def think_again(self, placed: Placed) -> None:
        """Changes or withdraws an order after a while, or leaves it alone."""
        kind = placed.wish["type"]
        if kind in PRICED and placed.wish["time_in_force"] == "GTC" and self._dice.random() < _REPLACES:
            await asyncio.sleep(self._dice.uniform(*_THINKS))
            await self.replace(placed)
        if self._dice.random() < _WITHDRAWS[kind]:
            await asyncio.sleep(self._dice.uniform(*_THINKS))
            await self.cancel(placed.order_id)

    async def cancel(self, order_id: str) -> None:
        """Withdraws an order."""
        request = service.CancelOrderRequest(order_id=order_id)
        asking = About.CANCEL, lambda: self._lines.next().CancelOrder(request, timeout=TIMEOUT), _withdrawn
        await self._insist(*asking, order_id=order_id)

    async def replace(self, placed: Placed) -> None:
        """Gives an order another price."""
        if (wish := self._wishes.moved(placed.wish)) is None:
            return
        request_id = str(uuid.UUID(int=self._dice.getrandbits(128), version=4))
        request = service.ReplaceOrderRequest(order_id=placed.order_id, spec=spec(wish), request_id=request_id)
        asking = About.REPLACE, lambda: self._lines.next().ReplaceOrder(request, timeout=TIMEOUT), _replaced
        await self._insist(*asking, order_id=placed.order_id, request_id=request_id, price=wish["price"])

    async def cancel_all(self) -> None:
        """Withdraws all orders that might rest for ever."""
        types = [order_pb2.OrderType.Value(f"ORDER_TYPE_{kind}") for kind in PRICED]
        request = service.CancelAllOrdersRequest(types=types)
        asking = About.CANCEL_ALL, lambda: self._lines.next().CancelAllOrders(request, timeout=TIMEOUT), _withdrawn_all
        await self._insist(*asking)

    async def _insist(
        self, about: About, ask: Callable[[], Awaitable[Any]], told: Callable[[Any], dict[str, Any]], /, **asked: str
    ) -> None:
        """Asks until somebody knows."""
        for _ in range(_TRIES):
            op = self._recorder.invoke(self._proc, about, **asked)
            try:
                kind, value = Type.OK, told(await ask())
            except grpc.aio.AioRpcError as error:
                kind, value = outcome(error)
            self._recorder.note(self._proc, kind, about, op, **value)
            if kind is not Type.INFO:
                return
            await asyncio.sleep(self._dice.uniform(*_PAUSES))


def _withdrawn(answer: service.CancelOrderResponse) -> dict[str, Any]:
    result = service.CancelResult.Name(answer.result).removeprefix("CANCEL_RESULT_")
    return {"result": result, "status": status_of(answer.order.status), "last_seq": answer.order.last_seq}


def _replaced(answer: service.ReplaceOrderResponse) -> dict[str, Any]:
    return {"last_seq": answer.order.last_seq}


def _withdrawn_all(answer: service.CancelAllOrdersResponse) -> dict[str, Any]:
    return {"cancelled": answer.cancelled, "pending": answer.pending}
