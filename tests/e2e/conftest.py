"""One whole engine for the tests that leave it alive, and what a test needs to start its own."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from fillwire_dex.simulated import ZERO, SimulatedMarket, open_market
from fillwire_orders import Pool, Reader, open_pool
from fillwire_stack.valkey import Valkey
from tests.e2e.driver import Driver
from tests.e2e.system import System


@pytest.fixture(scope="session")
def e2e_directory() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="fillwire-e2e-"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def system(e2e_directory: Path, postgres: str, template: str) -> Iterator[System]:
    """An engine that all tests of this process share, on stores nobody else uses. Leave it alive."""
    server = Valkey(e2e_directory / "valkey")
    server.start()
    database = f"e2e_{template}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {database} TEMPLATE {template}")
    database_url = postgres.rsplit("/", 1)[0] + f"/{database}"
    with System(e2e_directory, database_url=database_url, redis_url=server.url, triggers=1) as system:
        yield system
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {database} WITH (FORCE)")
    server.stop()


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
    server = Valkey(server_directory / "valkey")
    server.start()
    yield server
    server.stop()


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
