"""A worker keeps what it holds, and lets go of what it lost."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from fillwire_orders import Claimed, Fenced, Journal, NotNow, Pool, StoreUnavailable
from fillwire_workers.leases import Leases
from tests.builders import claimed, sent


@pytest.fixture
async def leases(journal: Journal) -> AsyncIterator[Leases]:
    async with Leases(journal, renew_seconds=0.02) as leases:
        yield leases


async def let_it_run_out(pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE fillwire.orders SET lease_until = clock_timestamp(), due_at = clock_timestamp()"
        )


async def lease(pool: Pool) -> tuple[datetime, datetime]:
    """Until when the only order is held, and when it is due again."""
    async with pool.connection() as connection:
        [row] = await (await connection.execute("SELECT lease_until, due_at FROM fillwire.orders")).fetchall()
    return row[0], row[1]


async def test_what_is_held_is_renewed(journal: Journal, leases: Leases, pool: Pool) -> None:
    claim = await claimed(journal)
    began = await lease(pool)
    async with leases.held(claim.claim), asyncio.timeout(5):
        while not all(now > then for now, then in zip(await lease(pool), began, strict=True)):
            pass


async def test_who_lost_an_order_stops_working_on_it(journal: Journal, leases: Leases, pool: Pool) -> None:
    claim = await sent(journal)

    async def work() -> None:
        async with leases.held(claim):
            await asyncio.Event().wait()

    async def take_over() -> None:
        # The renewal may be faster; then it is tried again.
        while True:
            await let_it_run_out(pool)
            if isinstance(await journal.claim(claim.order_id, "heir"), Claimed):
                return

    working = asyncio.create_task(work())
    await take_over()
    async with asyncio.timeout(5):
        with pytest.raises(Fenced):
            await working


async def test_cancelled_work_is_handed_back_at_once(journal: Journal, leases: Leases) -> None:
    claim = await sent(journal)
    begun = asyncio.Event()

    async def work() -> None:
        async with leases.held(claim):
            begun.set()
            await asyncio.Event().wait()

    working = asyncio.create_task(work())
    await begun.wait()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    (due,) = await journal.due()
    assert (due.order_id, due.urgent) == (claim.order_id, True)


async def test_work_that_loses_the_journal_is_handed_back_when_it_can_be(journal: Journal, leases: Leases) -> None:
    claim = await sent(journal)
    with pytest.raises(StoreUnavailable):
        async with leases.held(claim):
            raise StoreUnavailable("gone for a moment")
    assert isinstance(await journal.claim(claim.order_id, "heir"), Claimed)


async def test_what_was_let_go_is_neither_renewed_nor_handed_back(journal: Journal, leases: Leases) -> None:
    claim = await sent(journal)

    async def work() -> None:
        async with leases.held(claim):
            leases.let_go(claim)
            raise StoreUnavailable("while the last step is on its way")

    with pytest.raises(StoreUnavailable):
        await work()
    assert await journal.claim(claim.order_id, "heir") == NotNow()
