"""PostgreSQL restarts, cuts connections, or swallows an answer, and callers hardly notice."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from fillwire_orders import (
    DEFAULT_ACCOUNT,
    Claimed,
    Fenced,
    Journal,
    Pool,
    Reader,
    Status,
    Step,
    StoreUnavailable,
    VenueRecord,
    VenueRecords,
    open_pool,
)
from fillwire_orders.database import PATIENCE_SECONDS, run
from fillwire_orders.event import Built
from fillwire_stack.migrate import upgrade
from fillwire_stack.postgres import Postgres
from tests.builders import ROUTE, claimed, request_id, submitted, terms
from tests.chaos.proxy import Mode, Proxy

BUILDING = Step(status=Status.BUILDING, detail=Built(route=ROUTE, floor_amount_out=1), floor_amount_out=1)
BACKENDS = "FROM pg_stat_activity WHERE application_name = 'fillwire' AND datname = current_database()"


@pytest.fixture
async def line(database_url: str) -> AsyncIterator[Proxy]:
    """A line to the server of `database_url`."""
    line = Proxy(urlsplit(database_url).port or 0)
    await line.start()
    yield line
    await line.stop()


@pytest.fixture
async def beyond(database_url: str, line: Proxy) -> AsyncIterator[Pool]:
    """Connections over that line."""
    pool = await open_pool(database_url.replace(f":{urlsplit(database_url).port}/", f":{line.port}/"), max_size=4)
    yield pool
    await pool.close()


@pytest.fixture
def own_postgres(server_directory: Path) -> Iterator[Postgres]:
    """A server that a test may kill."""
    server = Postgres(server_directory)
    server.start()
    upgrade(server.url)
    yield server
    server.stop()


async def all_at_once(pool: Pool, number: int = 4) -> None:
    """Makes the pool have as many connections."""
    await asyncio.gather(*(run(pool, b"SELECT pg_sleep(0.05)", {}, name="sleep") for _ in range(number)))


@asynccontextmanager
async def one_answer_swallowed(line: Proxy, database_url: str, table: str) -> AsyncIterator[None]:
    """Lets what the block begins to write through, but not the answer; then the line is cut, and good again.

    The statement must be known to the connection already: else it is the answer to its preparation that is lost.
    """
    before = await count(database_url, table)
    line.set(Mode.ANSWERS_LOST)
    yield
    async with asyncio.timeout(5):
        while await count(database_url, table) == before:
            await asyncio.sleep(0.005)
    line.set(Mode.PASS)


async def break_connections(database_url: str) -> None:
    """Ends the connection that is sleeping, as soon as there is one."""
    query = f"SELECT count(pg_terminate_backend(pid, 5000)) {BACKENDS} AND query LIKE '%sleep%'"
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection, asyncio.timeout(5):
        while await (await connection.execute(query)).fetchone() == (0,):
            await asyncio.sleep(0.01)


async def count(database_url: str, table: str) -> int:
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        row = await (await connection.execute(f"SELECT count(*) FROM fillwire.{table}")).fetchone()
    assert row is not None
    return int(row[0])


async def test_no_statement_fails_for_connections_that_were_closed_while_idle(pool: Pool, database_url: str) -> None:
    await all_at_once(pool)
    await break_connections(database_url)
    began = time.monotonic()
    async with pool.connection() as fresh:  # past `run`, as the simulated market is: nothing is repeated here
        await fresh.execute("SELECT 1")
    await all_at_once(pool)
    assert time.monotonic() - began < 1.0


async def test_a_statement_under_way_when_its_connection_breaks_is_run_again(pool: Pool, database_url: str) -> None:
    sleeping = asyncio.create_task(run(pool, b"SELECT pg_sleep(0.3), 'done'", {}, name="sleep"))
    await break_connections(database_url)
    assert (await sleeping)[0][1] == "done"


async def test_a_statement_that_must_not_be_run_twice_is_not(pool: Pool, database_url: str) -> None:
    sleeping = asyncio.create_task(run(pool, b"SELECT pg_sleep(5), 'done'", {}, name="sleep", once=True))
    await break_connections(database_url)
    with pytest.raises(StoreUnavailable):
        await sleeping


async def test_a_server_that_was_killed_and_is_back_costs_no_caller_an_error(own_postgres: Postgres) -> None:
    pool = await open_pool(own_postgres.url, max_size=4)
    await all_at_once(pool)
    own_postgres.kill()
    waiting = asyncio.create_task(run(pool, b"SELECT 'here'", {}, name="here"))
    await asyncio.to_thread(own_postgres.start)
    back = time.monotonic()
    assert (await waiting)[0] == ("here",)
    assert time.monotonic() - back < 3.0
    await pool.close()


async def test_a_server_that_stays_away_is_told_within_the_limits(own_postgres: Postgres) -> None:
    pool = await open_pool(own_postgres.url, max_size=4)
    own_postgres.kill()
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await run(pool, b"SELECT 1", {}, name="one")
    assert time.monotonic() - began < PATIENCE_SECONDS + 6
    await pool.close()


async def test_an_order_whose_acknowledgement_was_lost_is_stored_once_and_is_new_to_its_client(
    beyond: Pool, line: Proxy, database_url: str
) -> None:
    key = request_id()
    await submitted(Journal(beyond))
    async with one_answer_swallowed(line, database_url, "orders"):
        asked = asyncio.create_task(Journal(beyond).submit(DEFAULT_ACCOUNT, key, terms()))
    answer = await asked
    assert not answer.deduplicated
    again = await Journal(beyond).submit(DEFAULT_ACCOUNT, key, terms())
    assert (again.order.id, again.deduplicated) == (answer.order.id, True)
    assert await count(database_url, "orders") == 2


async def test_a_step_whose_acknowledgement_was_lost_is_taken_once_and_the_order_goes_on(
    beyond: Pool, line: Proxy, journal: Journal, reader: Reader, database_url: str
) -> None:
    await Journal(beyond).record((await claimed(journal)).claim, BUILDING)
    claim = (await claimed(journal)).claim
    async with one_answer_swallowed(line, database_url, "order_events"):
        stepping = asyncio.create_task(Journal(beyond).record(claim, BUILDING))
    event = await stepping
    stored = await reader.events(claim.order_id, 0)
    assert [one.status for one in stored] == [Status.PENDING, Status.ROUTING, Status.BUILDING]
    assert event == stored[-1]
    assert claim.last_seq == 3


async def test_a_step_that_another_claim_took_is_not_mistaken_for_ones_own(journal: Journal, pool: Pool) -> None:
    first = (await claimed(journal)).claim
    async with pool.connection() as connection:
        await connection.execute("UPDATE fillwire.orders SET lease_until = clock_timestamp()")
    second = await journal.claim(first.order_id, "w2")
    assert isinstance(second, Claimed)
    await journal.record(second.claim, BUILDING)
    with pytest.raises(Fenced):
        await journal.record(first, BUILDING)


async def test_what_adds_up_is_not_added_twice(beyond: Pool, line: Proxy, database_url: str) -> None:
    records = VenueRecords(beyond, half_life_seconds=1e9)
    record = VenueRecord(fills=1.0, error_bps=0.0, error_bps_squared=0.0, refusals=0.0, landing_seconds=0.5)
    await records.add({"orca": record})
    async with one_answer_swallowed(line, database_url, "venue_records"):
        adding = asyncio.create_task(records.add({"raydium": record}))
    with pytest.raises(StoreUnavailable):
        await adding
    assert (await records.read())["raydium"].fills == pytest.approx(1.0)


async def test_a_server_that_swallows_everything_is_given_up_within_the_limits(
    beyond: Pool, line: Proxy, journal: Journal
) -> None:
    order = await submitted(journal)
    await all_at_once(beyond)
    line.set(Mode.BLACKHOLE)
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await Reader(beyond).order(DEFAULT_ACCOUNT, order.id)
    assert time.monotonic() - began < 12
