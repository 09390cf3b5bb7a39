"""A journal on a database of the test's own, past whatever process works on it."""

from collections.abc import AsyncIterator

import pytest

from fillwire_orders import Journal, Pool, Reader, open_pool


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """Connections to a migrated, empty database."""
    pool = await open_pool(database_url, max_size=4)
    yield pool
    await pool.close()


@pytest.fixture
def journal(pool: Pool) -> Journal:
    """A journal that nobody else writes."""
    return Journal(pool)


@pytest.fixture
def reader(pool: Pool) -> Reader:
    """A reader of the same database."""
    return Reader(pool)
