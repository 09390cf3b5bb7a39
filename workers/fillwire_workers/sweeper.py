"""The sweeper: finds in PostgreSQL what is due and in nobody's hands, and has it queued again.

It is why nothing rests on Redis: a job that was lost, a worker that died, a queue that was wiped all look alike, an
order that is due and not claimed. Any number of sweepers may run. The sweeper also moves RQ's scheduled jobs, which
are the retries, into the queue when their time has come; RQ has a process of its own for that. And it asks the
simulated market for its blocks, which nobody else does while nobody trades.
"""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import redis
import structlog
from rq.scheduler import RQScheduler

from fillwire_dex import MarketUnavailable
from fillwire_dex.simulated import SimulatedMarket, open_market
from fillwire_orders import Journal, StoreUnavailable, open_pool
from fillwire_orders.jobs import QUEUE
from fillwire_orders.queue import OrderQueue, connect
from fillwire_orders.tasks import ended
from fillwire_workers import process
from fillwire_workers.settings import WorkerSettings

__all__ = ["Sweeper", "main"]

SWEEP_SECONDS: Final = 1.0

RETRY_SECONDS: Final = 0.25
"""How often retries that are due are moved; RQ's own scheduler looks once a second, and rounds to seconds besides."""

MARKET_SECONDS: Final = 1.0
"""How often the simulated market is brought to the present, should nobody trade."""

SCHEDULER: Final = "fillwire-sweeper"
"""RQ gives its scheduler's lock to a name, for a minute; a fixed one lets a restarted sweeper go on at once."""

log = structlog.get_logger()


class Sweeper:
    """Sweeps until it is cancelled."""

    def __init__(self, journal: Journal, orders: OrderQueue, market: SimulatedMarket) -> None:
        self._journal = journal
        self._market = market
        self._orders = orders
        self._scheduler = RQScheduler(
            [QUEUE],
            orders.queue.connection,
            serializer=orders.serializer,
            name=SCHEDULER,
            logging_level="WARNING",
        )

    async def run(self) -> None:
        """Sweeps, moves retries and keeps the simulated market moving, each at its own pace."""
        tasks = [
            asyncio.create_task(self._forever(self.sweep, SWEEP_SECONDS)),
            asyncio.create_task(self._forever(self.move_retries, RETRY_SECONDS)),
            asyncio.create_task(self._forever(self._market.advance, MARKET_SECONDS)),
        ]
        try:
            await asyncio.gather(*tasks)
        finally:
            await ended(*tasks)

    async def sweep(self) -> int:
        """One sweep; how many orders it had queued again. With Redis away it does nothing: they stay due."""
        backlog = await asyncio.to_thread(self._orders.backlog_seconds)
        due = await self._journal.due(backlog_seconds=backlog)
        if due:
            await asyncio.to_thread(self._orders.push, due)
            log.info("orders_dispatched_again", orders=len(due), abandoned=sum(one.urgent for one in due))
        return len(due)

    async def move_retries(self) -> None:
        """Queues the retries that are due."""
        await asyncio.to_thread(self._move_retries)

    def _move_retries(self) -> None:
        if self._scheduler.acquire_locks():
            self._scheduler.enqueue_scheduled_jobs()

    async def _forever(self, once: Callable[[], Awaitable[object]], seconds: float) -> None:
        while True:
            try:
                await once()
            except (redis.RedisError, StoreUnavailable, MarketUnavailable) as error:
                log.warning("sweep_failed", what=once.__name__, error=repr(error))
            except Exception:
                log.exception("sweep_broke", what=once.__name__)
            await asyncio.sleep(seconds)


async def _run(settings: WorkerSettings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    pool = await open_pool(settings.database_url.get_secret_value(), max_size=3)
    market = await open_market(pool)
    orders = OrderQueue(connect(settings.redis_url.get_secret_value()), settings.queue_key.get_secret_value())
    sweeping = asyncio.create_task(Sweeper(Journal(pool), orders, market).run())
    log.info("sweeper_ready")
    await stop.wait()
    await ended(sweeping)
    await pool.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a sweeper until SIGTERM; takes no arguments, everything is in the environment."""
    return process.run("sweeper", _run, argv)


if __name__ == "__main__":
    sys.exit(main())
