"""Orders that fall due one after the other."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

import grpc

from fillwire.v1 import order_pb2, order_service_pb2, order_service_pb2_grpc

__all__ = ["submit_due"]

_AT_A_TIME: Final = 50


async def submit_due(target: str, number: int, *, lead_seconds: float, rate: float) -> Sequence[str]:
    """Submits so many scheduled orders and gives their ids; the first is due `lead_seconds` from now, then `rate` a second."""
    requests = _requests(time.time() + lead_seconds, rate)
    ids: list[str] = []
    async with grpc.aio.insecure_channel(target) as channel:
        stub: Any = order_service_pb2_grpc.OrderServiceStub(channel)
        while some := list(islice(requests, min(_AT_A_TIME, number - len(ids)))):
            answers = await asyncio.gather(*(stub.SubmitOrder(one, timeout=30) for one in some))
            ids += [answer.order.order_id for answer in answers]
    return ids


def _requests(first: float, rate: float) -> Iterator[order_service_pb2.SubmitOrderRequest]:
    number = 0
    while True:
        pair, amount = (("SOL", "USDC"), "1000000") if number % 2 else (("USDC", "SOL"), "160000")
        spec = order_pb2.OrderSpec(token_in=pair[0], token_out=pair[1], amount_in=amount, slippage_bps=5000)
        spec.scheduled.execute_time.FromMicroseconds(int((first + number / rate) * 1e6))
        yield order_service_pb2.SubmitOrderRequest(spec=spec, request_id=str(uuid.uuid4()))
        number += 1
