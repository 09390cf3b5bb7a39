"""A steady load in a process of its own: so many orders begin each second, however long the last ones take.

Each is submitted and watched to its end. At the end one line of JSON is written to standard output.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import grpc

from bench.load import CONFIRMED
from fillwire.v1 import order_pb2, order_service_pb2, order_service_pb2_grpc

__all__ = ["Seen", "run"]


@dataclass(slots=True)
class Seen:
    """What the clients have seen; times in milliseconds."""

    submit: list[float] = field(default_factory=list)
    confirm: list[float] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    """Orders by how they ended: a status, or the code of what went wrong."""


async def run(target: str, rate: float, seconds: float) -> dict[str, Any]:
    """Begins `rate` orders a second for so long, waits for the last ones, and tells."""
    seen = Seen()
    async with grpc.aio.insecure_channel(target) as channel, asyncio.TaskGroup() as trading:
        stub: Any = order_service_pb2_grpc.OrderServiceStub(channel)
        began = time.monotonic()
        for number in range(round(rate * seconds)):
            await asyncio.sleep(began + number / rate - time.monotonic())
            trading.create_task(_trade(stub, number, seen))
    return {
        "orders": sum(seen.ends.values()),
        "ends": dict(seen.ends),
        "submit_ms": _percentiles(seen.submit),
        "confirmed_ms": _percentiles(seen.confirm),
    }


async def _trade(stub: Any, number: int, seen: Seen) -> None:
    """One order, there and back in turn, so that the market stays where it is."""
    (given, wanted), amount = ((("SOL", "USDC"), "1000000"), (("USDC", "SOL"), "160000"))[number % 2]
    spec = order_pb2.OrderSpec(token_in=given, token_out=wanted, amount_in=amount, slippage_bps=5000)
    began = time.perf_counter()
    try:
        request = order_service_pb2.SubmitOrderRequest(spec=spec, request_id=str(uuid.uuid4()))
        answer = await stub.SubmitOrder(request, timeout=30)
        seen.submit.append((time.perf_counter() - began) * 1000)
        end = await _end(stub, answer.order.order_id)
    except grpc.aio.AioRpcError as error:
        seen.ends[error.code().name] += 1
        return
    seen.ends[order_pb2.OrderStatus.Name(end)] += 1
    if end == CONFIRMED:
        seen.confirm.append((time.perf_counter() - began) * 1000)


async def _end(stub: Any, order_id: str) -> Any:
    end = order_pb2.ORDER_STATUS_UNSPECIFIED
    watching = order_service_pb2.WatchOrderRequest(order_id=order_id, after_seq=0)
    async for frame in stub.WatchOrder(watching, timeout=120):
        if frame.HasField("event"):
            end = frame.event.status
    return end


def _percentiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values) or [0.0]
    return {f"p{share}": round(ordered[min(len(ordered) * share // 100, len(ordered) - 1)], 2) for share in (50, 99)}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(sys.argv[1], float(sys.argv[2]), float(sys.argv[3])))))
