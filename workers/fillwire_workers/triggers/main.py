"""The trigger process: holds every order that rests, and fires each when what it waits for has come.

Any number may run; each holds all orders, and the journal lets each order fire once. Nothing is in this process that
another one, or the next, does not find in the journal.
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Sequence

import structlog

from fillwire_dex import PriceBoard
from fillwire_dex.simulated import open_market
from fillwire_orders import Dispatcher, open_pool
from fillwire_orders.publisher import Publisher
from fillwire_orders.tasks import ended
from fillwire_workers import process
from fillwire_workers.settings import WorkerSettings
from fillwire_workers.triggers.triggers import Triggers

__all__ = ["main", "running_triggers"]

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def running_triggers(settings: WorkerSettings) -> AsyncIterator[Triggers]:
    """Triggers that fire for as long as the block runs."""
    async with contextlib.AsyncExitStack() as stack:
        pool = await open_pool(settings.database_url.get_secret_value(), max_size=6)
        stack.push_async_callback(pool.close)
        redis_url = settings.redis_url.get_secret_value()
        publisher = Publisher(redis_url)
        stack.push_async_callback(publisher.close)
        dispatcher = Dispatcher(redis_url, settings.queue_key.get_secret_value())
        stack.push_async_callback(dispatcher.close)
        board = await stack.enter_async_context(PriceBoard(await open_market(pool)))
        triggers = Triggers(pool, board, publisher, dispatcher)
        await triggers.load()
        running = asyncio.create_task(triggers.run())
        try:
            yield triggers
        finally:
            await ended(running)
            await triggers.finish()


async def _run(settings: WorkerSettings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running_triggers(settings):
        await stop.wait()
        log.info("triggers_stopping")


def main(argv: Sequence[str] | None = None) -> int:
    """Watches until SIGTERM; takes no arguments, everything is in the environment."""
    return process.run("triggers", _run, argv)
