"""A simulated market on a database of its own, where nothing takes time."""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from fillwire_dex.simulated import ZERO, SimulatedMarket, open_market
from fillwire_dex.simulated.connection import Connections
from fillwire_dex.simulated.migrations import upgrade


@pytest.fixture
async def connections(database_url: str) -> AsyncIterator[Connections]:
    """Connections to a database with a freshly seeded market."""
    upgrade(database_url)
    async with AsyncConnectionPool(database_url, min_size=1, max_size=8, open=False) as pool:
        yield pool


@pytest.fixture
async def market(connections: Connections) -> SimulatedMarket:
    """A market that lands at once what is sent to it."""
    return await open_market(connections, profile=ZERO)


@pytest.fixture
def second_url(postgres: str, template: str, database_url: str) -> Iterator[str]:
    """A second database like `database_url`'s."""
    name = urlsplit(database_url).path[1:] + "_second"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield urlunsplit(urlsplit(postgres)._replace(path=f"/{name}"))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
