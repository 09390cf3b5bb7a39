"""The database behind the server that is attacked."""

from collections.abc import AsyncIterator

import pytest

from fillwire_orders import Pool, open_pool


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """Connections past the server."""
    pool = await open_pool(database_url, max_size=1)
    yield pool
    await pool.close()
