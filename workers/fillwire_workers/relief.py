"""Relief: while the queue is away, a worker asks the journal what is due, and executes it without being told.

Then an order is slower by the journal's grace and a look, and none waits for Redis to come back. Any number of workers
may do so at once, and sweepers beside them: the journal gives what is due to one of them, and a claim to one only.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

import structlog

from fillwire_orders import Journal, OrderId, StoreUnavailable
from fillwire_orders.queue import JOB_TIMEOUT
from fillwire_orders.tasks import ended
from fillwire_workers.engine import Engine

__all__ = ["relief"]

LOOK_SECONDS: Final = 0.25

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def relief(journal: Journal, engine: Engine, *, away: Callable[[], bool]) -> AsyncIterator[None]:
    """Looks for as long as the block runs; `away` says whether the queue is."""
    looking = asyncio.create_task(_Relief(journal, engine).look(away))
    try:
        yield
    finally:
        await ended(looking)


class _Relief:
    def __init__(self, journal: Journal, engine: Engine) -> None:
        self._journal = journal
        self._engine = engine
        self._running: set[asyncio.Task[object]] = set()

    async def look(self, away: Callable[[], bool]) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            free = self._engine.concurrency - self._engine.load
            if not (away() and free > 0):
                continue
            with contextlib.suppress(StoreUnavailable):
                due = await self._journal.due(limit=free)
                if due:
                    self._execute([one.order_id for one in due])

    def _execute(self, order_ids: Sequence[OrderId]) -> None:
        log.info("orders_relieved", orders=len(order_ids))
        for order_id in order_ids:
            task: asyncio.Task[object] = asyncio.create_task(self._engine.run([order_id], limit_seconds=JOB_TIMEOUT))
            self._running.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[object]") -> None:
        self._running.discard(task)
        # The engine has said what went wrong; the order is due again in time, as is one that wants another attempt.
        if not task.cancelled():
            task.exception()
