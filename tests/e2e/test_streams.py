"""Many watches on one server: it dies, it drains, some of its watchers never read; nobody misses an event.

`python -m bench streams` does the same with ten thousand.
"""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import grpc
import pytest

from bench.crowd import Orders, Watchers, submit_on
from bench.streams import arrivals, spread, with_deaf
from fillwire_orders import DEFAULT_ACCOUNT, Reader
from fillwire_stack.remembered import port
from tests.e2e.driver import Driver
from tests.e2e.system import System

WATCHES = 500
DEAF = 20
DEAD_SECONDS = 2.0
"""About as long as a server takes to begin that is not forked."""


@pytest.fixture
def still(server_directory: Path, database_url: str, redis_url: str) -> System:
    """A server whose orders stand still: nobody executes them. Not started yet."""
    return System(server_directory, database_url=database_url, redis_url=redis_url, workers=0, sweeper=False)


async def test_all_watchers_of_a_killed_server_resume_one_after_the_other_and_miss_nothing(still: System) -> None:
    with still:
        async with (
            Orders(still.database_url, WATCHES) as orders,
            Watchers(still.target, orders.ids, processes=2) as crowd,
        ):
            await crowd.all_say("seen_1")
            killed = time.time()
            still.kill(still.server)
            await asyncio.sleep(DEAD_SECONDS)
            still.server.start()
            await orders.step()
            assert await crowd.all_say("seen_2") - killed < 30
            await orders.end()
            await crowd.all_say("ended")
            assert crowd.astray == 0
            came = spread([at - killed for at in await arrivals(still, WATCHES, since=killed)])
            # In step they would be through in the half second that the server needs for so many.
            assert came["p95"] - came["p5"] > 1.0, came


async def test_watchers_that_never_read_cost_little_and_nobody_else_waits_for_them(still: System) -> None:
    with still:
        async with Orders(still.database_url, DEAF) as orders:
            await submit_on(still.target, asyncio.create_task(asyncio.sleep(2)))
            figures = await with_deaf(still, orders.ids, turns=3, seconds=2.0)
            assert figures["rss_mb_grown_by_deaf"] < 20
            alone, beside = figures["others_alone_ms"], figures["others_beside_deaf_ms"]
            for what in ("submit", "watch", "delivery"):
                assert beside[what]["p50"] < 2 * alone[what]["p50"] + 20, figures
            # They hung up in the middle of a frame, three times each: that is nobody's fault, and no traceback.
            await arrivals(still, 3 * DEAF, since=0.0)
            assert "rpc_failed" not in (still.directory / "server.log").read_text()


async def test_streams_are_handed_over_at_once_to_another_server_when_theirs_is_told_to_stop(
    still: System, server_directory: Path, reader_of: Reader
) -> None:
    target = f"127.0.0.1:{port(server_directory / 'other.port')}"
    other = still.process("other", "fillwire_server", FILLWIRE_LISTEN=target, FILLWIRE_DRAIN_SECONDS="8")
    with still:
        other.start()
        try:
            async with (
                Orders(still.database_url, 50) as orders,
                Driver(still.target) as staying,
                Driver(target) as leaving,
            ):
                streams = await _opened(leaving, orders)
                assert other.child is not None
                told = time.monotonic()
                other.child.send(other.stop_signal)
                ends = await asyncio.gather(*(_end(stream) for stream in streams))
                assert time.monotonic() - told < 2.0  # and not after the 8 s that a drain may take
                assert {code for code, _ in ends} == {grpc.StatusCode.UNAVAILABLE}
                assert all("SERVER_DRAINING" in trailer for _, trailer in ends)
                await orders.step()
                await orders.end()
                for order_id in orders.ids:
                    assert [event.seq for event in await staying.watch(order_id, after_seq=1)] == [2, 3]
                    assert (await reader_of.order(DEFAULT_ACCOUNT, order_id)).last_seq == 3
        finally:
            if other.child is not None:
                other.child.kill()


async def _opened(driver: Driver, orders: Orders) -> list[grpc.aio.UnaryStreamCall]:  # type: ignore[type-arg]
    async with asyncio.timeout(30):
        while True:
            with suppress(grpc.aio.AioRpcError):
                await driver.get(orders.ids[0])
                break
            await asyncio.sleep(0.1)
        streams = [driver.frames(order_id, after_seq=None) for order_id in orders.ids]
        for stream in streams:
            await stream.read()  # the snapshot
    return streams


async def _end(stream: grpc.aio.UnaryStreamCall) -> tuple[grpc.StatusCode, str]:  # type: ignore[type-arg]
    while True:
        try:
            if await stream.read() is grpc.aio.EOF:
                return grpc.StatusCode.OK, ""
        except grpc.aio.AioRpcError as error:
            return error.code(), str(error.trailing_metadata())
