"""Clients: they submit, repeat, contradict themselves, read what they wrote, and write all of it down."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Coroutine
from typing import Any, Final

import grpc

from fillwire.v1 import order_service_pb2 as service
from tests.chaos.changing import Placed
from tests.chaos.history import About, Recorder, Type
from tests.chaos.lines import TIMEOUT, Lines, outcome
from tests.chaos.truth import body_of
from tests.chaos.wishes import Wish, Wishes, spec

__all__ = ["Client"]

_TRIES: Final = 8
_PAUSES: Final = (0.05, 0.4)

# How often a client does what; the rest submits one order, as one should.
_AT_ONCE: Final = 0.08
_CONTRADICTS: Final = 0.06
_IMPATIENT: Final = 0.05
_READS: Final = 0.15
_LISTS: Final = 0.05

_IMPATIENCE: Final = (0.002, 0.05)


class Client:
    """One client; `proc` names it in the history."""

    def __init__(self, proc: str, recorder: Recorder, lines: Lines, dice: random.Random, wishes: Wishes) -> None:
        self.proc = proc
        self._recorder = recorder
        self._lines = lines
        self._dice = dice
        self._wishes = wishes

    async def trade(self) -> Placed | None:
        """Submits an order in one way or another; `None` where nobody would say what became of it."""
        request_id, wish = str(uuid.UUID(int=self._dice.getrandbits(128), version=4)), self._wishes.next()
        if self._dice.random() < _IMPATIENT:
            await self._submit(request_id, wish, timeout=self._dice.uniform(*_IMPATIENCE))
        if self._dice.random() < _AT_ONCE:
            answers = await asyncio.gather(*(self._insist(request_id, wish) for _ in range(3)))
            order_id = next(filter(None, answers), None)
        else:
            order_id = await self._insist(request_id, wish)
        if order_id is None:
            return None
        await self._look_back(request_id, wish, order_id)
        return Placed(order_id, wish)

    async def read(self, order_id: str) -> None:
        """Asks for an order once."""
        await self._read(order_id, self._get(order_id))

    async def _look_back(self, request_id: str, wish: Wish, order_id: str) -> None:
        if self._dice.random() < _READS:
            await self.read(order_id)
        if self._dice.random() < _LISTS:
            await self._read(order_id, self._list(wish["client_order_id"], order_id))
        if self._dice.random() < _CONTRADICTS:
            amount = "amount_in" if "amount_in" in wish else "amount_out"
            other = {**wish, amount: str(int(wish[amount]) + 1)}
            await self._submit(request_id, other, timeout=TIMEOUT)

    async def _insist(self, request_id: str, wish: Wish) -> str | None:
        """Asks with the same request id until somebody knows."""
        for _ in range(_TRIES):
            known, order_id = await self._submit(request_id, wish, timeout=TIMEOUT)
            if known:
                return order_id
            await asyncio.sleep(self._dice.uniform(*_PAUSES))
        return None

    async def _submit(self, request_id: str, wish: Wish, *, timeout: float) -> tuple[bool, str | None]:  # noqa: ASYNC109
        op = self._recorder.invoke(self.proc, About.SUBMIT, request_id=request_id, body=body_of(wish))
        request = service.SubmitOrderRequest(spec=spec(wish), request_id=request_id)
        try:
            answer = await self._lines.next().SubmitOrder(request, timeout=timeout)
        except grpc.aio.AioRpcError as error:
            kind, value = outcome(error)
            self._recorder.note(self.proc, kind, About.SUBMIT, op, **value)
            return kind is Type.FAIL, None
        value = {"order_id": answer.order.order_id, "deduplicated": answer.deduplicated}
        self._recorder.note(self.proc, Type.OK, About.SUBMIT, op, **value)
        return True, answer.order.order_id

    async def _read(self, order_id: str, asking: Coroutine[Any, Any, int | None]) -> None:
        """Writes down what is asked and heard; `asking` gives the order's last seq, `None` where there is no order."""
        op = self._recorder.invoke(self.proc, About.READ, order_id=order_id)
        try:
            last_seq = await asking
        except grpc.aio.AioRpcError as error:
            kind, value = outcome(error)
            self._recorder.note(self.proc, kind, About.READ, op, **value)
            return
        if last_seq is None:
            self._recorder.note(self.proc, Type.FAIL, About.READ, op, code="NOT_FOUND")
        else:
            self._recorder.note(self.proc, Type.OK, About.READ, op, last_seq=last_seq)

    async def _get(self, order_id: str) -> int | None:
        answer = await self._lines.next().GetOrder(service.GetOrderRequest(order_id=order_id), timeout=TIMEOUT)
        return int(answer.order.last_seq)

    async def _list(self, client_order_id: str, order_id: str) -> int | None:
        request = service.ListOrdersRequest(client_order_id=client_order_id)
        page = await self._lines.next().ListOrders(request, timeout=TIMEOUT)
        return next((order.last_seq for order in page.orders if order.order_id == order_id), None)
