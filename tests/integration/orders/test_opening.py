"""A process that starts while PostgreSQL is away goes on as soon as it is back."""

import asyncio
import time
from pathlib import Path

import pytest

from fillwire_orders import StoreUnavailable, open_pool
from fillwire_stack.postgres import Postgres


async def test_a_pool_that_opens_while_postgres_is_away_is_open_soon_after_it_is_back(server_directory: Path) -> None:
    server = Postgres(server_directory)
    await asyncio.to_thread(server.start)
    await asyncio.to_thread(server.stop)
    opening = asyncio.create_task(open_pool(server.url, wait=20.0))
    await asyncio.wait([opening], timeout=3.0)
    assert not opening.done()
    await asyncio.to_thread(server.start)
    async with asyncio.timeout(5):
        pool = await opening
    await pool.close()
    await asyncio.to_thread(server.stop)


async def test_who_waits_in_vain_is_told_in_time() -> None:
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await open_pool("postgresql://nobody@127.0.0.1:1/nothing", wait=1.5)
    assert time.monotonic() - began < 4
