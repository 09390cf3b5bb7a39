"""The SDK against the whole engine."""

import asyncio
import uuid
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from fillwire import (
    AsyncAccountWatch,
    AsyncClient,
    CancelResult,
    Client,
    Event,
    InvalidRequest,
    Kind,
    Limit,
    NotFound,
    OrderChanged,
    OrderFailed,
    OrderNotResting,
    RequestIdReused,
    Status,
)
from tests.e2e.system import System

AWAY = Limit("1000000")
"""A limit that no market meets."""

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


async def test_a_submit_that_is_watched_survives_its_server(
    server_directory: Path, database_url: str, redis_url: str
) -> None:
    with System(server_directory, database_url=database_url, redis_url=redis_url, workers=0) as system:
        async with AsyncClient(system.target) as client:
            mine = str(uuid.uuid4())
            watch = client.submit_and_watch("SOL", "USDC", "0.001", slippage_bps=5000, request_id=mine, timeout=60)
            first = await anext(watch)
            assert (first.status, watch.order_id) == (Status.PENDING, (await client.get(request_id=mine)).order_id)
            system.kill(system.server)
            system.server.start()
            worker = system.process("worker-0", "fillwire_workers")
            system.workers.append(worker)
            worker.start()
            assert [event.status async for event in watch] == WAY[1:]
            assert [order.request_id async for order in client.orders()] == [mine]


async def until_ended(watch: AsyncAccountWatch, count: int) -> dict[str, list[Event]]:
    """The events of so many orders, each to its end."""
    seen: dict[str, list[Event]] = defaultdict(list)
    async for event in watch:
        seen[event.order_id].append(event)
        if sum(events[-1].status.final for events in seen.values()) == count:
            break
    return seen


async def test_a_watch_of_the_account_misses_and_doubles_nothing_while_servers_die(
    server_directory: Path, database_url: str, redis_url: str
) -> None:
    with System(server_directory, database_url=database_url, redis_url=redis_url) as system:
        async with (
            AsyncClient(system.target, max_retries=20, timeout=60) as client,
            client.watch_account(heartbeat_seconds=1, timeout=100) as watch,
        ):
            following = asyncio.create_task(until_ended(watch, 20))
            orders = []
            for number in range(20):
                orders.append(await client.submit("SOL", "USDC", "0.001", slippage_bps=5000))
                if number in {5, 12}:
                    system.kill(system.server)
                    system.server.start()
            seen = await following
            assert set(seen) == {order.order_id for order in orders}
            for order_id, events in seen.items():
                assert [event.seq for event in events] == list(range(1, len(events) + 1))
                assert (await client.get(order_id)).hash == events[-1].hash


async def test_of_many_who_change_an_order_at_once_one_is_first(system: System) -> None:
    async with AsyncClient(system.target) as client:
        order = await client.submit("SOL", "USDC", "0.001", type=AWAY)

        async def change(price: int) -> str:
            try:
                return str((await client.replace(order, type=Limit(price))).spec.type)
            except OrderChanged:
                return "late"

        told = await asyncio.gather(*(change(1_000_001 + number) for number in range(10)))
        assert told.count("late") == 9
        assert str((await client.get(order.order_id)).spec.type) in told
        story = await client.explain(order)
        assert [event.status for event in story.events] == [Status.PENDING, Status.RESTING, Status.RESTING]
        assert (await client.cancel(order)).result is CancelResult.CANCELLED
        with pytest.raises(OrderNotResting):
            await client.replace(order.order_id, type=AWAY)


async def test_a_cancel_and_the_end_of_the_order_tell_the_same(system: System) -> None:
    async with AsyncClient(system.target) as client:

        async def race() -> tuple[CancelResult, Status]:
            order = await client.submit("SOL", "USDC", "0.001", slippage_bps=5000)
            cancellation = await client.cancel(order)
            ended = await client.wait(order, until=Status.CANCELLED, timeout=60)
            return cancellation.result, ended.status

        for result, status in await asyncio.gather(*(race() for _ in range(10))):
            assert result is not CancelResult.CANCELLED or status is Status.CANCELLED
            assert result is not CancelResult.TOO_LATE or status is Status.CONFIRMED


async def test_open_orders_are_listed_and_cancelled_by_their_type(system: System) -> None:
    async with AsyncClient(system.target) as client:
        mine = uuid.uuid4().hex
        made = [await client.submit("SOL", "USDC", "0.001", type=AWAY, client_order_id=mine) for _ in range(3)]
        listed = client.orders(statuses=[Status.RESTING], types=[Kind.LIMIT], client_order_id=mine)
        resting = [order async for order in listed]
        assert {order.order_id for order in resting} == {order.order_id for order in made}
        assert not [order async for order in client.orders(types=[Kind.STOP], client_order_id=mine)]
        assert (await client.cancel_all(types=[Kind.LIMIT])).cancelled >= 3
        assert {(await client.get(order.order_id)).status for order in made} == {Status.CANCELLED}
