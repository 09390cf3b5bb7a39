"""The engine of a worker process: many orders at once, as coroutines on one loop.

An order mostly waits: for quotes, for its transaction, for a COMMIT. A thread or a process each would cost a hundred
times what it does.
"""

import asyncio
import time
from collections.abc import Sequence

import structlog

from fillwire_orders import Fenced, OrderId, StoreUnavailable
from fillwire_orders.tasks import ended
from fillwire_workers.desk import Desk
from fillwire_workers.execution import Again, execute

__all__ = ["Engine"]

log = structlog.get_logger()


class Engine:
    """Executes orders, `concurrency` at a time; what is more waits, unclaimed."""

    def __init__(self, desk: Desk, *, concurrency: int) -> None:
        self._desk = desk
        self._slots = asyncio.Semaphore(concurrency)
        self._running: set[asyncio.Task[Again | None]] = set()
        self.concurrency = concurrency

    @property
    def load(self) -> int:
        """How many orders are here, running or waiting for a slot."""
        return len(self._running)

    async def run(self, order_ids: Sequence[OrderId], *, limit_seconds: float) -> Sequence[Again]:
        """Executes orders, each for `limit_seconds` at most, and gives those that want another attempt.

        Raises what went wrong only when there is one order; of several, each is left to the sweeper by itself.
        """
        tasks = [asyncio.create_task(self._execute(order_id, limit_seconds)) for order_id in order_ids]
        for task in tasks:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        if len(results) == 1 and isinstance(results[0], Exception):
            raise results[0]
        return [again for again in results if isinstance(again, Again)]

    async def finish(self, grace_seconds: float) -> None:
        """Lets what runs come to its end for `grace_seconds`, and hands back the rest."""
        running = set(self._running)
        if not running:
            return
        _, unfinished = await asyncio.wait(running, timeout=grace_seconds)
        await ended(*unfinished)
        log.info("worker_drained", finished=len(running) - len(unfinished), handed_back=len(unfinished))

    async def _execute(self, order_id: OrderId, limit_seconds: float) -> Again | None:
        async with self._slots:
            began = time.monotonic()
            try:
                async with asyncio.timeout(limit_seconds):
                    return await execute(order_id, self._desk)
            except (Fenced, StoreUnavailable) as error:
                log.warning("order_left", order_id=order_id, why=str(error))
                raise
            except TimeoutError:
                log.warning("order_left", order_id=order_id, why=f"not settled within {limit_seconds:g} s")
                return None
            except Exception:
                log.exception("order_broke", order_id=order_id)
                raise
            finally:
                log.debug("order_worked_on", order_id=order_id, seconds=round(time.monotonic() - began, 4))
