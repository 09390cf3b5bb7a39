"""Orders that stand still until they are told, and processes full of watchers of them."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from collections.abc import Sequence
from typing import Any, Final, Self

import grpc

from fillwire.v1 import order_pb2, order_service_pb2, order_service_pb2_grpc
from fillwire_orders import (
    DEFAULT_ACCOUNT,
    Claimed,
    Failure,
    FailureReason,
    Journal,
    OrderId,
    RequestId,
    Status,
    Step,
    Terms,
    open_pool,
)

__all__ = ["Orders", "Watchers", "submit_on"]

_GIVEN: Final = "SOL"
_WANTED: Final = "USDC"
_TERMS: Final = Terms(token_in=_GIVEN, token_out=_WANTED, amount_in=1_000_000, slippage_bps=5000)
_END: Final = Step(status=Status.FAILED, detail=Failure(FailureReason.VENUE_REFUSED, "the measurement is over"))
_TOGETHER: Final = 500


class Orders:
    """Orders that only the measurement moves; an async context manager."""

    def __init__(self, database_url: str, number: int) -> None:
        self.ids: list[OrderId] = []
        self._url = database_url
        self._number = number

    async def __aenter__(self) -> Self:
        self._pool = await open_pool(self._url, max_size=4)
        self._journal = Journal(self._pool)
        self._claims: list[Claimed] = []
        for start in range(0, self._number, _TOGETHER):
            count = min(_TOGETHER, self._number - start)
            answers = await asyncio.gather(
                *(self._journal.submit(DEFAULT_ACCOUNT, RequestId(str(uuid.uuid4())), _TERMS) for _ in range(count))
            )
            self.ids += [answer.order.id for answer in answers]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.close()

    async def step(self) -> None:
        """Every order goes to ROUTING; nobody publishes it, as where Redis is away."""
        for some in _slices(self.ids):
            answers = await asyncio.gather(*(self._journal.claim(one, "bench") for one in some))
            self._claims += [answer for answer in answers if isinstance(answer, Claimed)]

    async def end(self) -> None:
        """Every order fails."""
        for some in _slices(self._claims):
            await asyncio.gather(*(self._journal.record(one.claim, _END) for one in some))


class Watchers:
    """Processes that watch orders (`bench.watching`); an async context manager."""

    def __init__(self, target: str, order_ids: Sequence[str], processes: int) -> None:
        self.began = 0.0
        self.astray = 0
        self._target = target
        self._parts = [order_ids[number::processes] for number in range(processes)]
        self._processes: list[asyncio.subprocess.Process] = []

    async def __aenter__(self) -> Self:
        self.began = time.time()
        for part in self._parts:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bench.watching", self._target),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            if process.stdin is not None:
                process.stdin.write("\n".join(part).encode())
                process.stdin.close()
            self._processes.append(process)
        return self

    async def __aexit__(self, *_: object) -> None:
        for process in self._processes:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def all_say(self, what: str, *, seconds: float = 120.0) -> float:
        """When the last of them said so, on the clock of the wall."""
        async with asyncio.timeout(seconds):
            lines = await asyncio.gather(*(_heard(process, what) for process in self._processes))
        self.astray = sum(line["astray"] for line in lines)
        return max(float(line["at"]) for line in lines)


async def _heard(process: asyncio.subprocess.Process, what: str) -> dict[str, Any]:
    raw = await process.stdout.readline() if process.stdout else b""
    line: dict[str, Any] = json.loads(raw or b"{}")
    if line.get("what") != what:
        raise AssertionError(f"watchers were to say {what!r}, not {raw!r}")
    return line


async def submit_on(target: str, until: asyncio.Task[Any]) -> list[float]:
    """Submits one order after the other, 20 a second at most; the milliseconds each took."""
    took = []
    async with grpc.aio.insecure_channel(target, options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
        stub: Any = order_service_pb2_grpc.OrderServiceStub(channel)
        spec = order_pb2.OrderSpec(token_in=_GIVEN, token_out=_WANTED, amount_in="1000000", slippage_bps=5000)
        while not until.done():
            began = time.perf_counter()
            await stub.SubmitOrder(
                order_service_pb2.SubmitOrderRequest(spec=spec, request_id=str(uuid.uuid4())), timeout=30
            )
            took.append((time.perf_counter() - began) * 1000)
            await asyncio.wait({until}, timeout=0.05)
    return took


def _slices(values: Sequence[Any]) -> list[Sequence[Any]]:
    return [values[start : start + _TOGETHER] for start in range(0, len(values), _TOGETHER)]
