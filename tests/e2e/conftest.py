"""One whole engine for the tests that leave it alive, and what a test needs to start its own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from fillwire_dex.simulated import ZERO, SimulatedMarket, open_market
from fillwire_orders import Pool, Reader, open_pool
from fillwire_stack.valkey import Valkey
from tests.e2e.driver import Driver
from tests.e2e.standing import standing
from tests.e2e.system import System
from tests.servers import started


@pytest.fixture(scope="session")
def system(postgres: str, template: str) -> Iterator[System]:
    """An engine that all tests of this process share, on stores nobody else uses. Leave it alive."""
    with standing("e2e", postgres, template, triggers=1) as system:
        yield system


@pytest.fixture
async def driver(system: System) -> AsyncIterator[Driver]:
    """A client of the shared engine."""
    async with Driver(system.target) as driver:
        yield driver


@pytest.fixture
async def stores(system: System) -> AsyncIterator[Pool]:
    """The database of the shared engine, to look at."""
    pool = await open_pool(system.database_url, max_size=2)
    yield pool
    await pool.close()


@pytest.fixture
def reader(stores: Pool) -> Reader:
    return Reader(stores)


@pytest.fixture
async def market(stores: Pool) -> AsyncIterator[SimulatedMarket]:
    """The simulated market of the shared engine; what a test scripts is cleared after it."""
    market = await open_market(stores)
    yield market
    await market.clear_faults()


@pytest.fixture
def valkey_alone(server_directory: Path) -> Iterator[Valkey]:
    """A Valkey that a test may kill."""
    with started(Valkey(server_directory / "valkey")) as server:
        yield server


@pytest.fixture
async def own_stores(database_url: str) -> AsyncIterator[Pool]:
    """The database of a test that has processes of its own."""
    pool = await open_pool(database_url, max_size=3)
    yield pool
    await pool.close()


@pytest.fixture
async def own_market(own_stores: Pool) -> SimulatedMarket:
    """The market on it, where nothing that the test does takes time."""
    return await open_market(own_stores, profile=ZERO)


@pytest.fixture
async def reader_of(database_url: str) -> AsyncIterator[Reader]:
    """Reads the database of the test's own."""
    pool = await open_pool(database_url, max_size=2)
    yield Reader(pool)
    await pool.close()
