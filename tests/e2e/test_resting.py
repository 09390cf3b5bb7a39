"""Orders that rest, through real processes: they survive whatever is restarted, and each is swapped once when its time has come."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from fillwire.v1 import order_pb2 as order
from fillwire_dex import PriceBoard
from fillwire_dex.simulated import SimulatedMarket
from fillwire_orders import Pool
from tests.e2e.driver import Driver, statuses
from tests.e2e.ledger import swapped_once
from tests.e2e.moving import MOVER, move
from tests.e2e.system import System

SOL, USDC = 10**9, 10**6
FIRED = ["PENDING", "RESTING", "ROUTING", "BUILDING", "SUBMITTED", "CONFIRMED"]


@pytest.fixture
def engine(server_directory: Path, database_url: str, redis_url: str) -> Callable[..., System]:
    """Makes an engine on stores of the test's own, with one trigger process unless more are asked for."""

    def made(*, triggers: int = 1, **options: Any) -> System:
        return System(server_directory, database_url=database_url, redis_url=redis_url, triggers=triggers, **options)

    return made


@pytest.fixture
async def board(own_market: SimulatedMarket) -> AsyncIterator[PriceBoard]:
    async with PriceBoard(own_market) as board:
        yield board


async def status(driver: Driver, order_id: str) -> str:
    return order.OrderStatus.Name((await driver.get(order_id)).status).removeprefix("ORDER_STATUS_")


def text(price: Decimal) -> str:
    return f"{price:.6f}"


async def test_13_a_limit_away_from_the_market_rests_through_every_restart_and_fires_when_the_price_is_met(
    engine: Callable[..., System], redis_url: str, own_market: SimulatedMarket, board: PriceBoard
) -> None:
    above = order.LimitOrder(limit_price=text(board.prices["SOL", "USDC"] * Decimal("1.002")))
    with engine() as system:
        async with Driver(system.target) as driver:
            placed = (await driver.submit(limit=above, slippage_bps=None)).order
            assert await status(driver, placed.order_id) == "RESTING"
        [triggers] = system.triggers
        assert triggers.child is not None
        triggers.child.send(signal.SIGTERM)
        assert await asyncio.to_thread(triggers.child.wait, 10.0)
        assert triggers.child.exit_code == 0, system.logs()
    with Redis.from_url(redis_url) as redis:
        redis.flushdb()
    with engine() as system:
        async with Driver(system.target) as driver:
            assert await status(driver, placed.order_id) == "RESTING"
            await move(own_market, "USDC", "SOL", 2_000_000 * USDC)
            events = await driver.watch(placed.order_id)
            assert statuses(events) == FIRED
            assert events[2].fired.condition == order.ORDER_TYPE_LIMIT
            assert Decimal(events[-1].receipt.price) >= Decimal(above.limit_price)
    assert await swapped_once(system.database_url, [placed.order_id, MOVER])


async def test_two_trigger_processes_swap_each_of_two_hundred_orders_once(
    engine: Callable[..., System], own_stores: Pool, own_market: SimulatedMarket, board: PriceBoard
) -> None:
    below = order.StopOrder(trigger_price=text(board.prices["SOL", "USDC"] * Decimal("0.998")))
    with engine(triggers=2, FILLWIRE_ORDERS_PER_MINUTE="0", FILLWIRE_MAX_STREAMS="0") as system:
        async with Driver(system.target) as driver:
            placed = [(await driver.submit(stop=below, amount_in=str(SOL // 1000))).order.order_id for _ in range(200)]
            await move(own_market, "SOL", "USDC", 12_000 * SOL)
            logs = await asyncio.gather(*(driver.watch(one, seconds=60) for one in placed))
    assert {tuple(statuses(log)) for log in logs} == {tuple(FIRED)}
    assert await swapped_once(system.database_url, [*placed, MOVER])
    async with own_stores.connection() as connection:
        cursor = await connection.execute(
            "SELECT count(*) FROM fillwire.orders WHERE attempt = 1 AND fired_at IS NOT NULL"
        )
        assert await cursor.fetchall() == [(200,)]


async def test_a_stop_fires_within_a_moment_of_the_price_that_meets_it(
    engine: Callable[..., System], own_stores: Pool, own_market: SimulatedMarket, board: PriceBoard
) -> None:
    waits = []
    with engine(workers=0) as system:
        async with Driver(system.target) as driver:
            for _ in range(5):
                below = order.StopOrder(trigger_price=text(board.prices["SOL", "USDC"] * Decimal("0.9995")))
                placed = (await driver.submit(stop=below)).order.order_id
                version = board.version
                await asyncio.sleep(0.2)  # its own way into the book is not what is measured
                await move(own_market, "SOL", "USDC", 3_000 * SOL)
                met = time.time()
                await board.wait(version)
                waits.append(await _fired_at(own_stores, placed) - met)
    assert sorted(waits)[2] < 0.25, waits


async def _fired_at(pool: Pool, order_id: str) -> float:
    async with asyncio.timeout(10):
        while True:
            async with pool.connection() as connection:
                cursor = await connection.execute(
                    "SELECT extract(epoch FROM fired_at)::float8 FROM fillwire.orders WHERE id = %s", [order_id]
                )
                [(at,)] = await cursor.fetchall()
            if at is not None:
                return float(at)
            await asyncio.sleep(0.01)


async def test_a_twap_order_swaps_its_amount_in_children_and_tells_of_each(
    engine: Callable[..., System],
) -> None:
    twap = order.TwapOrder(slices=3)
    twap.interval.FromMilliseconds(1_000)
    with engine(triggers=2) as system:
        async with Driver(system.target) as driver:
            placed = (await driver.submit(twap=twap, amount_in="1000000001")).order
            events = await driver.watch(placed.order_id)
            ended = await driver.get(placed.order_id)
    assert statuses(events) == ["PENDING", *["RESTING"] * 7, "CONFIRMED"]
    told: list[Any] = [(event.progress.slices_begun, event.progress.slices_filled) for event in events[2:-1]]
    assert told == [(1, 0), (1, 1), (2, 1), (2, 2), (3, 2), (3, 3)]
    assert ended.receipt.amount_in == ended.filled_amount_in == "1000000001"
    children = {event.progress.child_order_id for event in events[2:-1]}
    assert await swapped_once(system.database_url, children)
