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


async def test_an_order_explains_itself(system: System) -> None:
    async with AsyncClient(system.target) as client:
        order = await client.submit("SOL", "USDC", "0.001", slippage_bps=5000)
        done = await client.wait(order, timeout=30)
        story = await client.explain(order)
        assert story.order == done
        assert [event.status for event in story.events] == WAY
        (attempt,) = story.attempts
        assert (attempt.route, attempt.signature, attempt.failure) == (done.route, done.signature, None)
        assert done.receipt is not None
        assert all(leg.quoted_amount_out is not None for leg in done.receipt.legs)


async def test_an_order_keeps_to_the_limits_of_its_route(system: System) -> None:
    async with AsyncClient(system.target) as client:
        order = await client.submit(
            "SOL", "USDC", "0.001", slippage_bps=5000, max_legs=1, max_hops=1, include_venues=["raydium_cpmm"]
        )
        done = await client.wait(order, timeout=30)
        assert done.receipt is not None
        assert [leg.venue for leg in done.receipt.legs] == ["raydium_cpmm"]


async def test_a_quote_lies_between_the_best_single_pool_and_the_bound(system: System) -> None:
    async with AsyncClient(system.target) as client:
        route = (await client.quote("SOL", "USDC", 100)).route
        assert route.best_single is not None
        assert route.best_single.raw <= route.amount_out.raw <= route.bound.raw
        assert len((await client.quote("SOL", "USDC", 100, max_legs=1, max_hops=1)).route.legs) == 1


async def test_the_market_lists_its_pools_and_what_its_venues_were_worth(system: System) -> None:
    async with AsyncClient(system.target) as client:
        await client.wait(await client.submit("SOL", "USDC", "0.001", slippage_bps=5000), timeout=30)
        venues, pools = await client.venues(), await client.pools()
        assert {pool.venue for pool in pools} == {venue.name for venue in venues if venue.pool_count}
        scores = [venue.score for venue in venues if venue.score]
        assert scores
        assert all(score.samples > 0 and score.haircut_bps >= 0 for score in scores)
        chosen = pools[0]
        narrowed = await client.pools(chosen.token_a, chosen.token_b, venue=chosen.venue)
        assert chosen.pool in {pool.pool for pool in narrowed}
        assert {pool.venue for pool in narrowed} == {chosen.venue}


async def test_forty_watches_at_once_see_the_same(system: System) -> None:
    async with AsyncClient(system.target) as client:
        order = await client.submit("SOL", "USDC", "0.001", slippage_bps=5000)

        async def watch() -> list[int]:
            return [event.seq async for event in client.watch(order)]

        assert await asyncio.gather(*(watch() for _ in range(40))) == [[1, 2, 3, 4, 5]] * 40
