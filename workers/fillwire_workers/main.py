"""The worker process: one loop, one thread that takes jobs, many orders."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Sequence

import structlog

from fillwire_dex.scores import HALF_LIFE_SECONDS
from fillwire_dex.simulated import PROFILES, open_market
from fillwire_orders import Journal, Reader, VenueRecords, open_pool
from fillwire_orders.garbage import seldom
from fillwire_orders.publisher import Publisher
from fillwire_orders.queue import OrderQueue, connect
from fillwire_workers import process
from fillwire_workers.desk import Desk
from fillwire_workers.engine import Engine
from fillwire_workers.leases import Leases
from fillwire_workers.relief import relief
from fillwire_workers.rq_worker import OrderWorker
from fillwire_workers.scorekeeper import Scorekeeper
from fillwire_workers.settings import WorkerSettings

__all__ = ["main", "running_worker"]

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def running_worker(settings: WorkerSettings) -> AsyncIterator[OrderWorker]:
    """A worker that takes orders for as long as the block runs, then finishes or hands back what it has."""
    async with contextlib.AsyncExitStack() as stack:
        pool = await open_pool(settings.database_url.get_secret_value(), max_size=6)
        stack.push_async_callback(pool.close)
        publisher = Publisher(settings.redis_url.get_secret_value())
        stack.push_async_callback(publisher.close)
        journal = Journal(pool)
        records = VenueRecords(pool, half_life_seconds=HALF_LIFE_SECONDS)
        desk = Desk(
            worker=settings.name,
            journal=journal,
            reader=Reader(pool),
            publisher=publisher,
            market=await open_market(pool, profile=PROFILES[settings.latency_profile]),
            leases=await stack.enter_async_context(Leases(journal)),
            scores=await stack.enter_async_context(Scorekeeper(records, mode=settings.venue_scores)),
        )
        engine = Engine(desk, concurrency=settings.concurrency)
        client = connect(settings.redis_url.get_secret_value(), timeout=5.0, connections=settings.concurrency + 10)
        orders = OrderQueue(client, settings.queue_key.get_secret_value())
        worker = OrderWorker(orders, engine, asyncio.get_running_loop(), name=settings.name)
        worker.start()
        seldom()
        log.info("worker_ready", name=settings.name, concurrency=settings.concurrency)
        try:
            async with relief(journal, engine, away=lambda: worker.queue_away):
                yield worker
        finally:
            worker.stop()
            await engine.finish(settings.shutdown_seconds)
            await asyncio.to_thread(worker.join, 2.0)


async def _run(settings: WorkerSettings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running_worker(settings):
        await stop.wait()
        log.info("worker_stopping", name=settings.name)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a worker until SIGTERM; takes no arguments, everything is in the environment."""
    return process.run("worker", _run, argv)
