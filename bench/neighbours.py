"""Somebody else on the same server: what those feel who do nothing unusual."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import grpc

from fillwire.v1 import order_pb2, order_service_pb2, order_service_pb2_grpc
from fillwire_orders import Claimed, Journal, OrderId, open_pool
from fillwire_orders.publisher import Publisher

__all__ = ["Felt", "Neighbour"]

_GIVEN: Final = "SOL"
_WANTED: Final = "USDC"
_PAUSE_SECONDS: Final = 0.05


@dataclass(slots=True)
class Felt:
    """Milliseconds that each thing took."""

    submit: list[float] = field(default_factory=list)
    watch: list[float] = field(default_factory=list)
    """From asking for the watch to its first event."""
    delivery: list[float] = field(default_factory=list)
    """From the publishing of the next event to its arrival."""

    def told(self) -> dict[str, dict[str, float]]:
        """Median and 99th of each, and how many there were."""
        return {name: _percentiles(getattr(self, name)) for name in ("submit", "watch", "delivery")}


class Neighbour:
    """A client that submits an order, watches it, and sees it take a step; an async context manager."""

    def __init__(self, target: str, *, database_url: str, redis_url: str) -> None:
        self._target = target
        self._database_url = database_url
        self._redis_url = redis_url

    async def __aenter__(self) -> Self:
        self._pool = await open_pool(self._database_url, max_size=1)
        self._journal = Journal(self._pool)
        self._publisher = Publisher(self._redis_url)
        self._channel = grpc.aio.insecure_channel(self._target, options=[("grpc.use_local_subchannel_pool", 1)])
        self._orders: Any = order_service_pb2_grpc.OrderServiceStub(self._channel)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._channel.close()
        await self._publisher.close()
        await self._pool.close()

    async def live(self, seconds: float, felt: Felt) -> None:
        """One order after the other for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            order_id = await self._submit(felt)
            await self._follow(order_id, felt)
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _submit(self, felt: Felt) -> OrderId:
        spec = order_pb2.OrderSpec(token_in=_GIVEN, token_out=_WANTED, amount_in="1000000", slippage_bps=5000)
        request = order_service_pb2.SubmitOrderRequest(spec=spec, request_id=str(uuid.uuid4()))
        began = time.perf_counter()
        answer = await self._orders.SubmitOrder(request, timeout=30)
        felt.submit.append(_ms_since(began))
        return OrderId(answer.order.order_id)

    async def _follow(self, order_id: OrderId, felt: Felt) -> None:
        began = time.perf_counter()
        stream = self._orders.WatchOrder(order_service_pb2.WatchOrderRequest(order_id=order_id, after_seq=0))
        await _event(stream)
        felt.watch.append(_ms_since(began))
        claimed = await self._journal.claim(order_id, "bench")
        if isinstance(claimed, Claimed) and claimed.began is not None:
            began = time.perf_counter()
            self._publisher.publish(claimed.began)
            await _event(stream)
            felt.delivery.append(_ms_since(began))
        stream.cancel()


async def _event(stream: Any) -> None:
    async with asyncio.timeout(30):
        while not (await stream.read()).HasField("event"):
            pass


def _ms_since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    middle, most = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return {"p50": round(middle, 1), "p99": round(most, 1), "of": len(ordered)}
