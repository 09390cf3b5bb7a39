"""Processes are killed, stopped and cut off under orders that are on their way; every order comes to its one end."""

import asyncio
import signal
import time
import uuid
from pathlib import Path

import grpc
import pytest
from redis import Redis

from fillwire_dex.simulated import Fault, FaultKind, open_market
from fillwire_orders import DEFAULT_ACCOUNT, OrderId, Reader, open_pool
from fillwire_stack.valkey import Valkey
from tests.e2e.driver import Driver, statuses
from tests.e2e.ledger import swapped_once
from tests.e2e.system import System


async def same_story(reader: Reader, driver: Driver, order_id: str) -> list[str]:
    """What the stream tells, after checking that the stored log and the stored order tell the same."""
    streamed = await driver.watch(order_id)
    stored = await reader.events(OrderId(order_id), 0)
    order = await reader.order(DEFAULT_ACCOUNT, OrderId(order_id))
    assert [event.seq for event in streamed] == [event.seq for event in stored] == list(range(1, len(stored) + 1))
    assert statuses(streamed) == [str(event.status) for event in stored]
    assert (order.status, order.last_seq) == (stored[-1].status, stored[-1].seq)
    return statuses(streamed)


async def until_sent(database_url: str, order_id: str) -> None:
    """Until the venue has the order's transaction: from here on, whoever makes another one swaps twice."""
    pool = await open_pool(database_url, max_size=1)
    query = "SELECT count(*) FROM market.transactions WHERE reference LIKE %s"
    async with pool.connection() as connection, asyncio.timeout(30):
        while await (await connection.execute(query, [f"{order_id}:%"])).fetchone() == (0,):
            await asyncio.sleep(0.005)
    await pool.close()


async def until_submitted(driver: Driver, order_id: str) -> None:
    async for frame in driver.frames(order_id):
        if frame.HasField("event") and frame.event.HasField("submitted"):
            return


async def test_9_without_redis_a_submit_is_acknowledged_and_its_order_runs(
    server_directory: Path, database_url: str, valkey_alone: Valkey
) -> None:
    with System(server_directory, database_url=database_url, redis_url=valkey_alone.url) as system:
        async with Driver(system.target) as driver:
            await driver.watch((await driver.submit()).order.order_id)
            valkey_alone.kill()
            key = str(uuid.uuid4())
            began = time.monotonic()
            first = await driver.submit(key)
            assert time.monotonic() - began < 1.0
            again = await driver.submit(key)
            assert again.deduplicated
            assert again.order.order_id == first.order.order_id
            valkey_alone.start()
            assert statuses(await driver.watch(first.order.order_id))[-1] == "CONFIRMED", system.logs()


async def test_16_a_worker_killed_while_its_orders_are_on_their_way_is_taken_over_and_nothing_is_swapped_twice(
    server_directory: Path, database_url: str, valkey_alone: Valkey, reader_of: Reader
) -> None:
    with System(
        server_directory,
        database_url=database_url,
        redis_url=valkey_alone.url,
        workers=2,
        FILLWIRE_LATENCY_PROFILE="default",
    ) as system:
        async with Driver(system.target) as driver:
            orders = [answer.order.order_id for answer in await asyncio.gather(*(driver.submit() for _ in range(12)))]
            await until_sent(database_url, orders[0])
            system.kill(system.workers[0])
            killed = time.monotonic()
            stories = await asyncio.gather(*(same_story(reader_of, driver, one) for one in orders))
            assert time.monotonic() - killed < 15, system.logs()
            assert all(story[-1] == "CONFIRMED" for story in stories), system.logs()
            assert await swapped_once(database_url, orders)


async def test_16_all_workers_killed_twice_leave_no_order_stuck(
    server_directory: Path, database_url: str, valkey_alone: Valkey, reader_of: Reader
) -> None:
    with System(
        server_directory, database_url=database_url, redis_url=valkey_alone.url, FILLWIRE_LATENCY_PROFILE="seeds"
    ) as system:
        async with Driver(system.target) as driver:
            order = (await driver.submit()).order.order_id
            await until_sent(database_url, order)
            for _ in range(2):
                system.kill(system.workers[0])
                system.workers[0].start()
            story = await same_story(reader_of, driver, order)
            assert story == ["PENDING", "ROUTING", "BUILDING", "SUBMITTED", "CONFIRMED"]
            assert await swapped_once(database_url, [order])


async def test_a_worker_told_to_stop_hands_its_orders_back_and_is_gone_within_ten_seconds(
    server_directory: Path, database_url: str, valkey_alone: Valkey, reader_of: Reader
) -> None:
    with System(
        server_directory,
        database_url=database_url,
        redis_url=valkey_alone.url,
        FILLWIRE_LATENCY_PROFILE="seeds",
        FILLWIRE_SHUTDOWN_SECONDS="0.5",
    ) as system:
        async with Driver(system.target) as driver:
            order = (await driver.submit()).order.order_id
            await until_submitted(driver, order)
            child = system.workers[0].child
            assert child is not None
            child.send(signal.SIGTERM)
            assert await asyncio.to_thread(child.wait, 10)
            assert child.exit_code == 0
            stopped = time.monotonic()
            system.workers[0].start()
            story = await same_story(reader_of, driver, order)
            assert story == ["PENDING", "ROUTING", "BUILDING", "SUBMITTED", "CONFIRMED"]
            # Not after the lease of ten seconds: the order was handed back.
            assert time.monotonic() - stopped < 9
            assert await swapped_once(database_url, [order])


async def test_a_server_told_to_stop_hands_its_watchers_over_and_they_miss_nothing(
    server_directory: Path, database_url: str, valkey_alone: Valkey
) -> None:
    with System(
        server_directory, database_url=database_url, redis_url=valkey_alone.url, FILLWIRE_LATENCY_PROFILE="seeds"
    ) as system:
        async with Driver(system.target) as driver:
            order = (await driver.submit()).order.order_id
            seen: list[int] = []
            child = system.server.child
            assert child is not None

            async def watch_and_stop() -> None:
                async for frame in driver.frames(order):
                    if frame.HasField("event"):
                        seen.append(frame.event.seq)
                    if seen == [1]:
                        child.send(signal.SIGTERM)

            with pytest.raises(grpc.aio.AioRpcError) as ended:
                await watch_and_stop()
            assert ended.value.code() == grpc.StatusCode.UNAVAILABLE
            assert "SERVER_DRAINING" in str(ended.value.trailing_metadata())
            assert await asyncio.to_thread(child.wait, 10)
            assert child.exit_code == 0
            system.server.start()
            system.wait_ready()
            seen += [event.seq for event in await driver.watch(order, after_seq=seen[-1])]
            assert seen == [1, 2, 3, 4, 5]


async def test_a_lost_answer_of_the_venue_is_not_a_failure(
    server_directory: Path, database_url: str, valkey_alone: Valkey, reader_of: Reader
) -> None:
    pool = await open_pool(database_url, max_size=1)
    await (await open_market(pool)).script(Fault(FaultKind.TIMEOUT_BUT_LANDS, times=1))
    await pool.close()
    with System(server_directory, database_url=database_url, redis_url=valkey_alone.url) as system:
        async with Driver(system.target) as driver:
            order = (await driver.submit()).order.order_id
            story = await same_story(reader_of, driver, order)
            assert story == ["PENDING", "ROUTING", "BUILDING", "SUBMITTED", "CONFIRMED"]
            assert await swapped_once(database_url, [order])


async def test_a_dropped_transaction_is_retried_only_when_it_can_no_longer_land(
    server_directory: Path, database_url: str, valkey_alone: Valkey, reader_of: Reader
) -> None:
    pool = await open_pool(database_url, max_size=1)
    market = await open_market(pool)
    await market.set_validity(5)
    await market.script(Fault(FaultKind.DROP, times=1))
    await pool.close()
    with System(server_directory, database_url=database_url, redis_url=valkey_alone.url) as system:
        async with Driver(system.target) as driver:
            order = (await driver.submit()).order.order_id
            story = await same_story(reader_of, driver, order)
            way = ["ROUTING", "BUILDING", "SUBMITTED"]
            assert story == ["PENDING", *way, "RETRYING", *way, "CONFIRMED"]
            retrying = [event for event in await driver.watch(order) if event.HasField("retrying")]
            assert retrying[0].retrying.cause.reason == 6
            assert await swapped_once(database_url, [order])


async def test_an_emptied_redis_loses_no_order(
    server_directory: Path, database_url: str, valkey_alone: Valkey, reader_of: Reader
) -> None:
    with System(
        server_directory, database_url=database_url, redis_url=valkey_alone.url, FILLWIRE_LATENCY_PROFILE="default"
    ) as system:
        async with Driver(system.target) as driver:
            orders = []
            for _ in range(5):
                orders += [
                    answer.order.order_id for answer in await asyncio.gather(*(driver.submit() for _ in range(8)))
                ]
                _flush(valkey_alone.url)
            stories = await asyncio.gather(*(same_story(reader_of, driver, one) for one in orders))
            assert all(story[-1] == "CONFIRMED" for story in stories), system.logs()
            assert await swapped_once(database_url, orders)


def _flush(url: str) -> None:
    with Redis.from_url(url) as client:
        client.flushall()
