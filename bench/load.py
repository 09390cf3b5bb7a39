"""The load: clients in a process of their own, so that what they cost is nobody else's.

Each client submits an order, watches it to its end, and submits the next one.
"""

import asyncio
import json
import sys
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import grpc

from fillwire.v1 import order_pb2, order_service_pb2, order_service_pb2_grpc

CONFIRMED = order_pb2.ORDER_STATUS_CONFIRMED
OPEN = [
    order_pb2.ORDER_STATUS_PENDING,
    order_pb2.ORDER_STATUS_ROUTING,
    order_pb2.ORDER_STATUS_BUILDING,
    order_pb2.ORDER_STATUS_SUBMITTED,
    order_pb2.ORDER_STATUS_RETRYING,
    order_pb2.ORDER_STATUS_RECONCILING,
]


@dataclass(slots=True)
class Figures:
    """What the clients have seen; times in milliseconds."""

    submit: list[float] = field(default_factory=list)
    delivery: list[float] = field(default_factory=list)
    confirm: list[float] = field(default_factory=list)
    confirmed: int = 0


async def run(target: str, orders: int, clients: int, *, watch: bool) -> dict[str, Any]:
    """Runs `orders` orders, `clients` at a time."""
    figures = Figures()
    left = iter(range(orders))
    async with grpc.aio.insecure_channel(target) as channel:
        stub = order_service_pb2_grpc.OrderServiceStub(channel)
        began = time.perf_counter()
        await asyncio.gather(*(_client(stub, left, figures, watch) for _ in range(clients)))
        if not watch:
            await _until_all_done(stub, orders, figures)
        seconds = time.perf_counter() - began
    return {
        "orders": orders,
        "clients": clients,
        "confirmed": figures.confirmed,
        "orders_per_second": round(orders / seconds, 1),
        "submit_ms": _percentiles(figures.submit),
        "delivery_ms": _percentiles(figures.delivery),
        "submit_to_confirmed_ms": _percentiles(figures.confirm),
        "client_cpu_ms_per_order": round(time.process_time() * 1000 / orders, 3),
    }


async def _client(stub: Any, left: Any, figures: Figures, watch: bool) -> None:
    for number in left:
        pair = ("SOL", "USDC") if number % 2 else ("USDC", "SOL")
        amount = "1000000" if number % 2 else "160000"
        spec = order_pb2.OrderSpec(token_in=pair[0], token_out=pair[1], amount_in=amount, slippage_bps=5000)
        began = time.perf_counter()
        request = order_service_pb2.SubmitOrderRequest(spec=spec, request_id=str(uuid.uuid4()))
        answer = await stub.SubmitOrder(request)
        figures.submit.append((time.perf_counter() - began) * 1000)
        if watch:
            await _watch(stub, answer.order.order_id, began, figures)


async def _watch(stub: Any, order_id: str, began: float, figures: Figures) -> None:
    opened = time.time()
    async for frame in stub.WatchOrder(order_service_pb2.WatchOrderRequest(order_id=order_id, after_seq=0)):
        if not frame.HasField("event"):
            continue
        happened = frame.event.time.ToNanoseconds() / 1e9
        if happened > opened:  # the others were history when the watch was opened
            figures.delivery.append((time.time() - happened) * 1000)
        figures.confirmed += frame.event.status == CONFIRMED
    figures.confirm.append((time.perf_counter() - began) * 1000)


async def _until_all_done(stub: Any, orders: int, figures: Figures) -> None:
    request = order_service_pb2.ListOrdersRequest(page_size=1, statuses=OPEN)
    for _ in range(6000):
        if not (await stub.ListOrders(request)).orders:
            figures.confirmed = orders
            return
        await asyncio.sleep(0.02)


def _percentiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values) or [0.0]
    return {f"p{share}": round(ordered[min(len(ordered) * share // 100, len(ordered) - 1)], 2) for share in (50, 99)}


if __name__ == "__main__":
    target, orders, clients, watch = sys.argv[1:]
    print(json.dumps(asyncio.run(run(target, int(orders), int(clients), watch=watch == "watch"))))
