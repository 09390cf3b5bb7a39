"""Clocks jump by an hour under orders that are on their way: nothing that decides anything is read from them."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import psycopg
import pytest

from fillwire_dex.simulated import Fault, FaultKind, SimulatedMarket, open_market
from fillwire_orders import open_pool
from tests.e2e.clocks import LIBRARY, ClockedSystem
from tests.e2e.driver import Driver, statuses
from tests.e2e.ledger import landed_by_order
from tests.e2e.test_recovery import Clients, all_come_to_an_end, under_orders

pytestmark = pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not here, or not for this machine")

FIRST_ACKNOWLEDGED_SECONDS = 5.0
ORDERS = 25
"""Acknowledged under each wrong clock."""

VALID_SLOTS = 20
"""How long a transaction can land, so that one that was dropped is proven dead within the time of a test."""


@pytest.fixture
async def market_of(database_url: str) -> AsyncIterator[SimulatedMarket]:
    pool = await open_pool(database_url, max_size=1)
    market = await open_market(pool)
    await market.set_validity(VALID_SLOTS)
    yield market
    await pool.close()


@pytest.fixture
def system(server_directory: Path, database_url: str, redis_url: str) -> ClockedSystem:
    """A system of the test's own, not started yet; it logs each order, for the time that it does so."""
    return ClockedSystem(
        server_directory,
        database_url=database_url,
        redis_url=redis_url,
        workers=2,
        FILLWIRE_LATENCY_PROFILE="default",
        FILLWIRE_LOG_LEVEL="DEBUG",
    )


async def trouble(market: SimulatedMarket) -> None:
    """Retries, sends that say nothing, and a transaction that must be waited out: what time could be thought to decide."""
    await market.script(Fault(FaultKind.REFUSE, times=2))
    await market.script(Fault(FaultKind.TIMEOUT_BUT_LANDS, times=4))
    await market.script(Fault(FaultKind.DROP, times=1))


async def go_on(clients: Clients, orders: int) -> None:
    """Until so many more are acknowledged, the first of them within five seconds."""
    wanted = len(clients.acknowledged) + orders
    assert await clients.first_after(time.monotonic()) < FIRST_ACKNOWLEDGED_SECONDS
    while len(clients.acknowledged) < wanted:
        await clients.first_after(time.monotonic())


async def told_by(system: ClockedSystem, names: Sequence[str], hours: int) -> None:
    """Until each of these processes has logged something at a time that is wrong by so much."""
    async with asyncio.timeout(20):
        while not all(hours in system.hours_off(name) for name in names):
            await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    "moved",
    [["server"], ["worker-0"], ["sweeper"], ["server", "worker-0", "sweeper"]],
    ids=["the server's", "a worker's", "the sweeper's", "all but one worker's"],
)
async def test_clocks_that_jump_an_hour_and_back_lose_no_order_and_swap_none_twice(
    system: ClockedSystem, market_of: SimulatedMarket, database_url: str, moved: Sequence[str]
) -> None:
    with system:
        async with Driver(system.target) as driver, under_orders(driver) as clients:
            for hours in (1, -1):
                for name in moved:
                    system.clocks[name].move(hours)
                await trouble(market_of)
                await go_on(clients, ORDERS)
                # What they held is taken over when its lease ends, whatever time anybody thinks it is.
                for process in (system.workers[0], system.processes[-1]):  # the last one is the sweeper
                    system.kill(process)
                    process.start()
                await go_on(clients, ORDERS)
                await told_by(system, moved, hours)
        async with Driver(system.target) as driver:
            await all_come_to_an_end(driver, clients, database_url)
        assert clients.errors == []


async def test_a_server_whose_clock_is_wrong_refuses_a_deadline_or_takes_one_too_many_and_nothing_late_is_swapped(
    system: ClockedSystem, database_url: str
) -> None:
    now = datetime.now(UTC)
    with system:
        async with Driver(system.target) as driver:
            system.clocks["server"].move(1)
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await driver.submit(deadline=now + timedelta(minutes=30))
            assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
            system.clocks["server"].move(-1)
            late = (await driver.submit(deadline=now - timedelta(minutes=30))).order
            assert statuses(await driver.watch(late.order_id))[-1] == "EXPIRED"
            system.clocks["server"].move(0)
            in_time = (await driver.submit(deadline=now + timedelta(minutes=30))).order
            assert statuses(await driver.watch(in_time.order_id))[-1] == "CONFIRMED"
    assert await landed_by_order(database_url) == {in_time.order_id: 1}
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM fillwire.orders").fetchone() == (2,)
