"""The stores fail under orders that are on their way; what was acknowledged is there, and the engine goes on by itself."""

import asyncio
import signal
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import grpc
import psycopg
import pytest
from redis import Redis

from fillwire.v1 import order_service_pb2
from fillwire_orders import open_pool
from fillwire_stack.migrate import upgrade
from fillwire_stack.postgres import Postgres
from fillwire_stack.store import Store
from fillwire_stack.valkey import Valkey
from tests.chaos.proxy import Mode, Proxy
from tests.e2e.driver import Driver, statuses
from tests.e2e.ledger import landed_by_order
from tests.e2e.system import System

FIRST_ACKNOWLEDGED_SECONDS = 5.0
ALL_FINAL_SECONDS = 30.0


@pytest.fixture
def own_postgres(server_directory: Path) -> Iterator[Postgres]:
    """A PostgreSQL that a test may kill."""
    server = Postgres(server_directory / "postgres")
    server.start()
    upgrade(server.url)
    yield server
    server.stop()


@pytest.fixture
async def link(database_url: str) -> AsyncIterator[Proxy]:
    """A line to PostgreSQL that a test may cut."""
    proxy = Proxy(urlsplit(database_url).port or 0)
    await proxy.start()
    yield proxy
    await proxy.stop()


class Clients:
    """Clients that submit without pause, with a new request id for each order; they note what was acknowledged."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self.acknowledged: list[str] = []
        self.open: set[str] = set()
        """Request ids of orders that may be there or not."""
        self.errors: list[grpc.StatusCode] = []
        self.times: list[float] = []
        self.slowest = 0.0

    async def submit_on(self) -> None:
        while True:
            key, began = str(uuid.uuid4()), time.monotonic()
            self.open.add(key)
            try:
                answer = await self._driver.submit(key)
            except grpc.aio.AioRpcError as error:
                self.errors.append(error.code())
            else:
                self.open.discard(key)
                self.acknowledged.append(answer.order.order_id)
                self.times.append(time.monotonic())
            self.slowest = max(self.slowest, time.monotonic() - began)
            await asyncio.sleep(0.05)

    async def first_after(self, moment: float) -> float:
        """How long after `moment` an order was acknowledged for the first time."""
        async with asyncio.timeout(30):
            while not (later := [at for at in self.times if at > moment]):
                await asyncio.sleep(0.05)
        return later[0] - moment


@asynccontextmanager
async def under_orders(driver: Driver) -> AsyncIterator[Clients]:
    """Two clients at work while the block runs."""
    clients = Clients(driver)
    working = [asyncio.create_task(clients.submit_on()) for _ in range(2)]
    try:
        yield clients
    finally:
        for one in working:
            one.cancel()
        ends = await asyncio.gather(*working, return_exceptions=True)
    assert all(isinstance(end, asyncio.CancelledError) for end in ends), ends


async def all_come_to_an_end(driver: Driver, clients: Clients, database_url: str) -> None:
    """Every order that a client knows of, or that its request id finds, is confirmed, and swapped once."""
    assert set(clients.errors) <= {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}
    began = time.monotonic()
    found = [*clients.acknowledged]
    for key in clients.open:
        try:
            answer = await driver.orders.GetOrder(order_service_pb2.GetOrderRequest(request_id=key), timeout=5)
            found.append(answer.order.order_id)
        except grpc.aio.AioRpcError as error:
            assert error.code() is grpc.StatusCode.NOT_FOUND  # noqa: PT017 - found is right, too
    stories = await asyncio.gather(*(driver.watch(order, seconds=ALL_FINAL_SECONDS) for order in found))
    assert {statuses(story)[-1] for story in stories} == {"CONFIRMED"}
    assert time.monotonic() - began < ALL_FINAL_SECONDS
    # What was on its way when the clients left may have been stored after they were asked about.
    late = await stored_under(database_url, clients.open)
    landed = await landed_by_order(database_url)
    assert set(landed.values()) == {1}
    assert set(found) <= set(landed) <= {*found, *late}


async def stored_under(database_url: str, request_ids: Iterable[str]) -> set[str]:
    """The orders that were stored under any of these request ids."""
    pool = await open_pool(database_url, max_size=1)
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT id::text FROM fillwire.orders WHERE request_id = ANY (%s::uuid[])", [list(request_ids)]
        )
        stored = {order_id for (order_id,) in await cursor.fetchall()}
    await pool.close()
    return stored


@asynccontextmanager
async def running(system: System) -> AsyncIterator[None]:
    """Runs the system, and the loop meanwhile: its line to PostgreSQL is in this process."""
    await asyncio.to_thread(system.__enter__)
    try:
        yield
    finally:
        await asyncio.to_thread(system.__exit__)


async def restart(store: Store, end: Callable[[], Awaitable[object]]) -> None:
    await end()
    assert store.child is not None
    assert await asyncio.to_thread(store.child.wait, 10)
    await asyncio.to_thread(store.start)


@pytest.mark.parametrize("way", ["killed", "stopped at once", "all connections ended"])
async def test_orders_that_were_acknowledged_survive_postgres_and_new_ones_are_taken_within_five_seconds(
    server_directory: Path, own_postgres: Postgres, redis_url: str, way: str
) -> None:
    async def end(number: signal.Signals) -> None:
        assert own_postgres.child is not None
        own_postgres.child.send(number)

    async def end_connections() -> None:
        with psycopg.connect(own_postgres.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname <> ''"
            )

    with System(server_directory, database_url=own_postgres.url, redis_url=redis_url) as system:
        async with Driver(system.target) as driver, under_orders(driver) as clients:
            await clients.first_after(time.monotonic())
            for _ in range(3):
                match way:
                    case "killed":
                        await restart(own_postgres, lambda: end(signal.SIGKILL))
                    case "stopped at once":
                        await restart(own_postgres, lambda: end(signal.SIGQUIT))
                    case _:
                        await end_connections()
                assert await clients.first_after(time.monotonic()) < FIRST_ACKNOWLEDGED_SECONDS, system.logs()
        async with Driver(system.target) as driver:
            await all_come_to_an_end(driver, clients, own_postgres.url)
        # What was lost with its connection was asked again: no client was told of it.
        if way == "all connections ended":
            assert clients.errors == []


async def test_an_order_whose_commit_was_not_answered_is_found_by_its_request_id(
    server_directory: Path, database_url: str, redis_url: str, link: Proxy
) -> None:
    over_link = database_url.replace(f":{urlsplit(database_url).port}/", f":{link.port}/")
    # One connection: the statement is known to it, so that it is its answer that is lost, and not its preparation's.
    system = System(
        server_directory,
        database_url=over_link,
        redis_url=redis_url,
        workers=0,
        sweeper=False,
        FILLWIRE_POSTGRES_CONNECTIONS="1",
    )
    async with running(system), Driver(system.target) as driver:
        await driver.submit()
        link.set(Mode.ANSWERS_LOST)
        key = str(uuid.uuid4())
        began = time.monotonic()
        with pytest.raises(grpc.aio.AioRpcError) as lost:
            await driver.orders.SubmitOrder(_request(key), timeout=20)
        assert lost.value.code() is grpc.StatusCode.UNAVAILABLE
        assert time.monotonic() - began < 14
        link.set(Mode.PASS)
        answer = await driver.submit(key)
        assert answer.deduplicated
        with psycopg.connect(database_url) as connection:
            assert connection.execute("SELECT count(*) FROM fillwire.orders").fetchone() == (2,)


async def test_a_postgres_that_swallows_everything_is_told_as_unavailable_in_time(
    server_directory: Path, database_url: str, redis_url: str, link: Proxy
) -> None:
    over_link = database_url.replace(f":{urlsplit(database_url).port}/", f":{link.port}/")
    system = System(server_directory, database_url=over_link, redis_url=redis_url, workers=0, sweeper=False)
    async with running(system), Driver(system.target) as driver:
        await driver.submit()
        link.set(Mode.BLACKHOLE)
        began = time.monotonic()
        answers = await asyncio.gather(
            *(driver.orders.SubmitOrder(_request(str(uuid.uuid4())), timeout=25) for _ in range(20)),
            return_exceptions=True,
        )
        assert time.monotonic() - began < 14
        codes = {answer.code() for answer in answers if isinstance(answer, grpc.aio.AioRpcError)}
        assert (len(answers), codes) == (20, {grpc.StatusCode.UNAVAILABLE})
        link.set(Mode.PASS)
        healed = time.monotonic()
        async with under_orders(driver) as clients:
            assert await clients.first_after(healed) < FIRST_ACKNOWLEDGED_SECONDS


def _request(key: str) -> order_service_pb2.SubmitOrderRequest:
    request = order_service_pb2.SubmitOrderRequest(request_id=key)
    request.spec.token_in, request.spec.token_out = "SOL", "USDC"
    request.spec.amount_in, request.spec.slippage_bps = "1000000", 5000
    return request


def pause(redis: "Redis") -> None:
    redis.execute_command("CLIENT", "PAUSE", "3000", "ALL")  # type: ignore[no-untyped-call]


def fill(redis: "Redis") -> None:
    redis.config_set("maxmemory", "1mb")


def silence(redis: "Redis") -> None:
    redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("trouble", [pause, fill, silence])
async def test_trouble_in_redis_is_not_felt_by_who_submits_and_every_order_is_executed_and_watched(
    server_directory: Path, database_url: str, valkey_alone: Valkey, trouble: Callable[["Redis"], None]
) -> None:
    with System(server_directory, database_url=database_url, redis_url=valkey_alone.url) as system:
        async with Driver(system.target) as driver, under_orders(driver) as clients:
            await clients.first_after(time.monotonic())
            with Redis.from_url(valkey_alone.url) as redis:
                for _ in range(3):
                    trouble(redis)
                    began = time.monotonic()
                    assert await clients.first_after(began) < 2.5
                    await clients.first_after(began + 1.0)
                if trouble is fill:
                    redis.config_set("maxmemory", "0")
        async with Driver(system.target) as driver:
            await all_come_to_an_end(driver, clients, database_url)
        assert clients.errors == []
        # Less than Redis is paused, and as much as a busy machine may take.
        assert clients.slowest < 2.5
