"""Without Redis orders are executed all the same, a little later."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fillwire_orders import Pool, open_pool
from fillwire_stack.valkey import Valkey
from tests.e2e.driver import Driver, statuses
from tests.e2e.system import System

LATER_SECONDS = 8
"""Two for the journal's grace, one for a watcher that has to look itself, and room for a busy machine."""


@pytest.fixture
async def stores_of(database_url: str) -> AsyncIterator[Pool]:
    pool = await open_pool(database_url, max_size=1)
    yield pool
    await pool.close()


async def landed(stores: Pool) -> Counter[str]:
    """How many transactions of each order landed."""
    async with stores.connection() as connection:
        cursor = await connection.execute("SELECT reference FROM market.transactions WHERE status = 'landed'")
        return Counter(reference.partition(":")[0] for (reference,) in await cursor.fetchall())


async def test_9_orders_are_executed_once_each_while_redis_is_away_and_as_ever_when_it_is_back(
    server_directory: Path, database_url: str, stores_of: Pool
) -> None:
    valkey = Valkey(server_directory / "valkey")
    valkey.start()
    with System(server_directory, database_url=database_url, redis_url=valkey.url, workers=2) as system:
        async with Driver(system.target) as driver:
            await driver.watch((await driver.submit()).order.order_id)
            valkey.kill()
            began = time.monotonic()
            orders = [answer.order.order_id for answer in await asyncio.gather(*(driver.submit() for _ in range(12)))]
            ends = await asyncio.gather(*(driver.watch(order) for order in orders))
            assert [statuses(events)[-1] for events in ends] == ["CONFIRMED"] * 12, system.logs()
            assert time.monotonic() - began < LATER_SECONDS
            assert valkey.child is not None
            assert valkey.child.exit_code is not None
            valkey.start()
            after = (await driver.submit()).order.order_id
            assert statuses(await driver.watch(after))[-1] == "CONFIRMED"
            counted = await landed(stores_of)
            assert {counted[order] for order in [*orders, after]} == {1}
    valkey.stop()
