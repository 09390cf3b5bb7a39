"""The sweeper is who asks the simulated market for blocks while nobody trades."""

import asyncio

from fillwire_dex.simulated import MarketMotion, open_market
from fillwire_orders import Journal, Pool
from fillwire_orders.queue import OrderQueue, connect
from fillwire_workers.sweeper import Sweeper


async def head_slot(pool: Pool) -> int:
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT head_slot FROM market.chain")
        (slot,) = await cursor.fetchone() or (0,)
    return int(slot)


async def test_a_moving_market_moves_on_while_nobody_trades(pool: Pool, redis_url: str) -> None:
    market = await open_market(pool)
    await market.set_motion(MarketMotion.MOVING)
    began = await head_slot(pool)
    orders = OrderQueue(connect(redis_url), "a key for tests alone")
    sweeping = asyncio.create_task(Sweeper(Journal(pool), orders, market).run())
    async with asyncio.timeout(20):
        while await head_slot(pool) < began + 4:
            await asyncio.sleep(0.05)
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)
    assert (await market.audit()).is_clean
