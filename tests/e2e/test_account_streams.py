"""An account's stream on real processes: servers and workers die, Redis forgets; every event comes once, in order."""

import asyncio
import contextlib
import time
from collections import defaultdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import grpc
import psycopg
import pytest
from redis import Redis

from bench.crowd import Orders, submit_on
from bench.streams import rss_mb
from fillwire.v1 import market_service_pb2 as market
from fillwire.v1 import order_pb2, order_service_pb2
from fillwire_stack.remembered import port
from tests.e2e import http2
from tests.e2e.driver import SPEC, Driver, statuses
from tests.e2e.system import START_SECONDS, System

FINAL = {order_pb2.ORDER_STATUS_CONFIRMED, order_pb2.ORDER_STATUS_FAILED}
UNLIMITED: dict[str, Any] = {
    "FILLWIRE_ORDERS_PER_MINUTE": "0",
    "FILLWIRE_MAX_OPEN_ORDERS": "0",
    "FILLWIRE_MAX_STREAMS": "0",
}
DEAF = 20

Key = tuple[str, int]


class AccountWatcher:
    """Follows the account at one of several servers, and resumes at the next where that one fails it."""

    def __init__(self, *targets: str, cursor: str = "", **wish: Any) -> None:
        self.seen: list[Key] = []
        self.cursors: list[str] = []
        self.interruptions = 0
        self.ended: set[str] = set()
        self._targets = targets
        self._cursor = cursor
        self._wish = wish
        self._opened = asyncio.Event()
        self._news = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._follow())
        async with asyncio.timeout(START_SECONDS):  # the server may have to start first
            await self._opened.wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _follow(self) -> None:
        while True:
            target = self._targets[self.interruptions % len(self._targets)]
            async with Driver(target) as driver:
                with contextlib.suppress(grpc.aio.AioRpcError):
                    await self._read(driver)
            self.interruptions += 1
            await asyncio.sleep(0.1)

    async def _read(self, driver: Driver) -> None:
        request = order_service_pb2.WatchOrdersRequest(cursor=self._cursor, **self._wish)
        request.heartbeat_interval.FromSeconds(1)
        async for frame in driver.orders.WatchOrders(request):
            self._cursor = frame.cursor
            self._opened.set()
            if frame.HasField("event"):
                self.seen.append((frame.event.order_id, frame.event.seq))
                self.cursors.append(frame.cursor)
                self.ended |= {frame.event.order_id} if frame.event.status in FINAL else set()
            async with self._news:
                self._news.notify_all()

    async def sees_the_end_of(self, order_ids: set[str], *, seconds: float = 60) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: order_ids <= self.ended)
        assert order_ids <= self.ended, [one for one in self.seen if one[0] in order_ids - self.ended]

    @property
    def is_in_order(self) -> bool:
        """Whether the events of each order came as 1, 2, 3 and so on."""
        seqs: defaultdict[str, list[int]] = defaultdict(list)
        for order_id, seq in self.seen:
            seqs[order_id].append(seq)
        return all(of_one == list(range(1, len(of_one) + 1)) for of_one in seqs.values())


def logged(system: System) -> list[Key]:
    """All that is stored."""
    with psycopg.connect(system.database_url) as connection:
        return connection.execute("SELECT order_id::text, seq FROM fillwire.order_events").fetchall()


async def submit_some(driver: Driver, count: int) -> set[str]:
    answers = await asyncio.gather(*(driver.submit() for _ in range(count)))
    return {answer.order.order_id for answer in answers}


@pytest.fixture
def own(server_directory: Path, database_url: str, redis_url: str) -> System:
    """An engine that a test may break. Not started yet."""
    return System(server_directory, database_url=database_url, redis_url=redis_url, workers=2, **UNLIMITED)


async def test_the_whole_account_is_streamed_as_it_happens_and_again_from_every_cursor(own: System) -> None:
    with own:
        async with Driver(own.target) as driver, AccountWatcher(own.target) as watcher:
            orders = await submit_some(driver, 25)
            await watcher.sees_the_end_of(orders)
            assert sorted(watcher.seen) == sorted(logged(own))
            assert watcher.is_in_order
            assert watcher.interruptions == 0
            for number in range(0, len(watcher.cursors), 9):
                async with AccountWatcher(own.target, cursor=watcher.cursors[number]) as resumed:
                    last = {watcher.seen[-1][0]} if number < len(watcher.seen) - 1 else set()
                    await resumed.sees_the_end_of(last)
                    assert resumed.seen == watcher.seen[number + 1 :]


async def test_events_come_in_milliseconds_and_not_by_the_check_of_once_a_second(own: System) -> None:
    with own:
        async with Driver(own.target) as driver, AccountWatcher(own.target) as watcher:
            took = []
            for _ in range(10):
                began = time.monotonic()
                answer = await driver.submit()
                await watcher.sees_the_end_of({answer.order.order_id})
                took.append(time.monotonic() - began)
            assert sorted(took)[5] < 0.7


async def test_nothing_is_missed_or_doubled_when_servers_and_workers_die_and_redis_forgets(
    own: System, server_directory: Path
) -> None:
    target = f"127.0.0.1:{port(server_directory / 'other.port')}"
    other = own.process("other", "fillwire_server", FILLWIRE_LISTEN=target)
    with own, Redis.from_url(own.redis_url) as redis:
        other.start()
        try:
            async with (
                Driver(target) as driver,
                AccountWatcher(own.target, target) as watcher,
                AccountWatcher(target) as second,
            ):
                orders = await submit_some(driver, 20)
                own.kill(own.server)
                own.kill(own.workers[0])
                orders |= await submit_some(driver, 20)
                redis.flushall()
                redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
                own.server.start()
                own.workers[0].start()
                orders |= await submit_some(driver, 20)
                for one in (watcher, second):
                    await one.sees_the_end_of(orders)
                    assert sorted(one.seen) == sorted(logged(own))
                    assert one.is_in_order
                assert watcher.interruptions > 0
        finally:
            if other.child is not None:
                other.child.kill()


async def test_account_watchers_that_never_read_cost_little_and_nobody_else_waits_for_them(
    server_directory: Path, database_url: str, redis_url: str
) -> None:
    still = System(
        server_directory, database_url=database_url, redis_url=redis_url, workers=0, sweeper=False, **UNLIMITED
    )
    with still:
        async with Orders(still.database_url, 500) as orders:
            await orders.step()
            await submit_on(still.target, asyncio.create_task(asyncio.sleep(2)))
            before = rss_mb(still)
            lines = [await deaf_watcher(still.target) for _ in range(DEAF)]
            async with AccountWatcher(still.target, from_start=True) as watcher:
                await submit_on(still.target, asyncio.create_task(asyncio.sleep(4)))
                await orders.end()
                async with asyncio.timeout(20):
                    while len(set(watcher.seen)) < len(logged(still)):
                        await asyncio.sleep(0.1)
                assert len(watcher.seen) == len(logged(still))
            assert rss_mb(still) - before < 25
            for line in lines:
                line.close()


async def deaf_watcher(target: str) -> http2.Line:
    """A watcher of everything with a window of nothing."""
    request = order_service_pb2.WatchOrdersRequest(from_start=True)
    line = await http2.open_line(target)
    path = "/fillwire.v1.OrderService/WatchOrders"
    line.send(http2.PREFACE + http2.window(0) + http2.call(1, path, request.SerializeToString()))
    return line


async def test_an_order_is_submitted_and_watched_to_its_end_in_one_call(system: System, driver: Driver) -> None:
    order = order_service_pb2.SubmitOrderRequest(spec=order_pb2.OrderSpec(**SPEC))  # type: ignore[arg-type]
    call = driver.orders.SubmitAndWatchOrder(order_service_pb2.SubmitAndWatchOrderRequest(order=order))
    async with asyncio.timeout(30):
        first, *rest = [frame async for frame in call]
    events = [frame.event for frame in rest if frame.HasField("event")]
    assert first.submitted.order.status == order_pb2.ORDER_STATUS_PENDING
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert statuses(events)[-1] == "CONFIRMED"
    assert await call.code() is grpc.StatusCode.OK


async def test_an_order_that_is_bound_to_a_quote_keeps_to_its_slippage(system: System, driver: Driver) -> None:
    asked = market.GetQuoteRequest(token_in="SOL", token_out="USDC", amount_in="1000000000")
    stream = driver.market.StreamQuotes(market.StreamQuotesRequest(request=asked))
    async with asyncio.timeout(10):
        quote = (await anext(aiter(stream))).quote
    stream.cancel()
    order = (await driver.submit(amount_in="1000000000", quote_id=quote.quote_id, slippage_bps=100)).order
    building = next(event for event in await driver.watch(order.order_id) if event.HasField("building"))
    promised = int(quote.route.amount_out)
    assert int(building.building.floor_amount_out) == -(-promised * 9_900 // 10_000)
