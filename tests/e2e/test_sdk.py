"""The SDK against the whole engine."""

import asyncio
import uuid
from decimal import Decimal

import pytest

from fillwire import AsyncClient, Client, InvalidRequest, NotFound, OrderFailed, RequestIdReused, Status
from tests.e2e.system import System

WAY = [Status.PENDING, Status.ROUTING, Status.BUILDING, Status.SUBMITTED, Status.CONFIRMED]


async def test_an_order_is_submitted_watched_and_read(system: System) -> None:
    async with AsyncClient(system.target) as client:
        order = await client.submit("SOL", "USDC", "0.001", slippage_bps=5000, client_order_id="mine")
        events = [event async for event in client.watch(order)]
        assert [event.status for event in events] == WAY
        assert [event.seq for event in events] == [1, 2, 3, 4, 5]
        done = await client.get(order.order_id)
        assert done.status is Status.CONFIRMED
        assert done.receipt is not None


def test_the_synchronous_twin_does_the_same(system: System) -> None:
    with Client(system.target) as client:
        order = client.submit("SOL", "USDC", Decimal("0.001"), slippage_bps=5000)
        assert [event.status for event in client.watch(order)] == WAY
        assert client.get(order.order_id).status is Status.CONFIRMED


async def test_the_same_request_id_is_the_same_order(system: System) -> None:
    async with AsyncClient(system.target) as client:
        key = str(uuid.uuid4())
        first = await client.submit("SOL", "USDC", "0.001", slippage_bps=5000, request_id=key)
        again = await client.submit("SOL", "USDC", "0.001", slippage_bps=5000, request_id=key)
        assert (again.order_id, again.deduplicated) == (first.order_id, True)
        with pytest.raises(RequestIdReused) as reused:
            await client.submit("SOL", "USDC", "0.002", slippage_bps=5000, request_id=key)
        assert any("amount" in field for field in reused.value.fields)


async def test_an_order_that_fails_is_raised_with_its_reason(system: System) -> None:
    async with AsyncClient(system.target) as client:
        order = await client.submit("SOL", "USDC", "0.001", min_amount_out="100")
        with pytest.raises(OrderFailed) as failed:
            await client.wait(order, timeout=30)
        assert "SLIPPAGE" in str(failed.value.reason)


async def test_errors_are_typed(system: System) -> None:
    async with AsyncClient(system.target) as client:
        with pytest.raises(NotFound):
            await client.get(str(uuid.uuid4()))
        with pytest.raises(InvalidRequest):
            await client.submit("SOL", "SOL", "1", slippage_bps=50)


async def test_forty_watches_at_once_see_the_same(system: System) -> None:
    async with AsyncClient(system.target) as client:
        order = await client.submit("SOL", "USDC", "0.001", slippage_bps=5000)

        async def watch() -> list[int]:
            return [event.seq async for event in client.watch(order)]

        assert await asyncio.gather(*(watch() for _ in range(40))) == [[1, 2, 3, 4, 5]] * 40
