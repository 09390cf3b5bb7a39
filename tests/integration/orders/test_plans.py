"""Rows are found by their keys, however small the tables were when PostgreSQL made its plans."""

from collections.abc import AsyncIterator

import pytest

from fillwire_orders import DEFAULT_ACCOUNT, Failure, FailureReason, Journal, Pool, Reader, Status, Step, open_pool
from tests.builders import sent

FAILURE = Failure(FailureReason.VENUE_REFUSED, "refused")


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """One connection, whose counts of what it read can be asked for."""
    pool = await open_pool(database_url, max_size=1)
    yield pool
    await pool.close()


async def rows_scanned(pool: Pool) -> int:
    """How many rows of orders and events were read because all of them were."""
    async with pool.connection() as connection:
        await connection.execute("SELECT pg_stat_force_next_flush()")
        cursor = await connection.execute(
            "SELECT sum(seq_tup_read)::int FROM pg_stat_user_tables WHERE relname IN ('orders', 'order_events')"
        )
        [(rows,)] = await cursor.fetchall()
    return int(rows)


async def test_the_way_of_an_order_reads_no_other_order(pool: Pool, journal: Journal, reader: Reader) -> None:
    before = await rows_scanned(pool)
    for _ in range(10):  # from the sixth time on a plan is the one that is kept
        claim = await sent(journal)
        await journal.renew([claim])
        await journal.record(claim, Step(status=Status.FAILED, detail=FAILURE))
        await reader.story(DEFAULT_ACCOUNT, claim.order_id)
        await reader.events(claim.order_id, 1)
        await reader.ahead({claim.order_id: 1})
    assert await rows_scanned(pool) == before
