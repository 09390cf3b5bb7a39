"""RQ's worker, with many jobs at once in one process. The only module that knows the inside of RQ's worker.

RQ runs one job per worker, in a fork. Here its stock job life (`perform_job`: registries, retries, results, leases)
runs in threads, on a copy of the worker each, while the orders themselves run as coroutines on the engine's loop; a
job's thread only waits for them. RQ 3 will bring a worker of this kind (rq/rq#2445), and this module can then go.

What RQ would do with signals is done otherwise: the time limit is the coroutine's, and the main thread, which is the
loop's, takes SIGTERM.
"""

import asyncio
import copy
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

import redis
import structlog
from rq.exceptions import DequeueTimeout
from rq.job import Job
from rq.queue import Queue
from rq.timeouts import BaseDeathPenalty
from rq.worker import BaseWorker

from fillwire_orders import OrderId
from fillwire_orders.jobs import OrderJob
from fillwire_orders.queue import JOB_TIMEOUT, OrderQueue
from fillwire_workers.engine import Engine

__all__ = ["OrderWorker", "TryAgain"]

POLL_SECONDS: Final = 1
"""How long a request for the next job waits in Redis."""

BEAT_SECONDS: Final = 20
"""How often RQ is told that running jobs are alive; RQ gives them 60 s."""

REFUSED_KEY: Final = "fillwire:jobs:refused"
"""Where refused jobs are counted."""

log = structlog.get_logger()


class TryAgain(Exception):
    """The order wants another attempt; raised so that RQ's own Retry schedules it."""


class _LimitIsTheCoroutines(BaseDeathPenalty):
    """RQ's time limit raises in whatever the thread does at that moment; ours ends the coroutine (`Engine.run`)."""

    def setup_death_penalty(self) -> None:
        pass

    def cancel_death_penalty(self) -> None:
        pass


class OrderWorker(BaseWorker):
    """Takes jobs from the one queue of orders and has the engine execute them; `stop` and `join` end it."""

    death_penalty_class = _LimitIsTheCoroutines

    def __init__(self, orders: OrderQueue, engine: Engine, loop: asyncio.AbstractEventLoop, *, name: str) -> None:
        super().__init__(
            [orders.queue],
            name=name,
            connection=orders.queue.connection,
            job_class=OrderJob,
            serializer=orders.serializer,
            log_job_description=False,
        )
        self._orders = orders
        self._engine = engine
        self._loop = loop
        self._stopping = threading.Event()
        self._away = False
        self._jobs: dict[Future[Any], tuple[OrderWorker, Job]] = {}
        self._dequeuing = threading.Thread(target=self._dequeue, name="dequeue", daemon=True)
        OrderJob.runs = self._run_orders

    @property
    def dequeue_timeout(self) -> int:
        """Seconds; the answer to SIGTERM waits for as long."""
        return POLL_SECONDS

    @property
    def connection_timeout(self) -> int:
        """Seconds; more than a request for a job may take."""
        return POLL_SECONDS + 4

    @property
    def queue_away(self) -> bool:
        """Whether Redis did not answer when it was last asked for a job."""
        return self._away

    def start(self) -> None:
        """Begins to take jobs, in a thread of its own."""
        self._dequeuing.start()

    def stop(self) -> None:
        """Takes no more jobs; those that run go on."""
        self._stopping.set()

    def join(self, seconds: float) -> None:
        """Waits until RQ's books on the jobs that ran are closed."""
        self._dequeuing.join(seconds)

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Runs RQ's stock life of one job, on this copy of the worker."""
        self.prepare_execution(job)
        self.perform_job(job, queue)

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Logs what RQ is about to retry or to bury; an order that wants another attempt has been told of already."""
        if not isinstance(exc_info[1], TryAgain):
            log.warning("job_failed", job_id=job.id, error=repr(exc_info[1]))

    def procline(self, message: str) -> None:
        """Leaves the process title alone: there are many jobs and one process."""

    def _dequeue(self) -> None:
        born = False
        with ThreadPoolExecutor(self._engine.concurrency, thread_name_prefix="job") as threads:
            beat = time.monotonic()
            while not self._stopping.is_set():
                try:
                    if not born:
                        self.register_birth()  # type: ignore[no-untyped-call]
                        born = True
                    if time.monotonic() - beat > BEAT_SECONDS:
                        beat = time.monotonic()
                        self._beat()
                    self._take_one(threads)
                    self._away = False
                except redis.RedisError as error:
                    self._away = True
                    log.warning("queue_unreachable", error=type(error).__name__)
                    self._stopping.wait(0.5)
        self._bury()

    def _take_one(self, threads: ThreadPoolExecutor) -> None:
        while self._engine.load >= self._engine.concurrency or len(self._jobs) >= self._engine.concurrency:
            if self._stopping.wait(0.005):
                return
        found = self._next_job()
        if found is None:
            return
        one = copy.copy(self)
        future = threads.submit(one.execute_job, *found)
        self._jobs[future] = (one, found[0])
        future.add_done_callback(self._close)

    def _next_job(self) -> tuple[Job, Queue] | None:
        """The next job that is ours; what is not is refused here, before RQ does anything with it."""
        job_id = ""
        try:
            found = self.queue_class.dequeue_any(
                self.queues,
                self.dequeue_timeout,
                connection=self.connection,
                job_class=self.job_class,
                serializer=self.serializer,
                death_penalty_class=self.death_penalty_class,
            )
            if found is not None and isinstance(found[0], OrderJob):
                job_id = found[0].id
                _ = found[0].order_ids
            return found
        except DequeueTimeout:
            return None
        except redis.RedisError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a forged job makes RQ raise
            self._refuse(job_id or str(getattr(error, "job_id", "")), error)
            return None

    def _refuse(self, job_id: str, error: Exception) -> None:
        log.warning("job_refused", job_id=job_id[:100], why=str(error.__cause__ or error)[:200])
        pipeline = self.connection.pipeline()
        pipeline.lrem(self.queues[0].intermediate_queue_key, 1, job_id)
        pipeline.delete(OrderJob.key_for(job_id))
        pipeline.incr(REFUSED_KEY)
        pipeline.execute()

    def _close(self, future: "Future[Any]") -> None:
        self._jobs.pop(future, None)
        if error := future.exception():
            # RQ's books are open, the order's are not: the journal has it, and RQ tidies up in a minute.
            log.warning("job_not_closed", error=repr(error))

    def _run_orders(self, order_ids: Sequence[OrderId]) -> None:
        running = self._engine.run(order_ids, limit_seconds=JOB_TIMEOUT)
        again = asyncio.run_coroutine_threadsafe(running, self._loop).result()
        if again and len(order_ids) == 1:
            raise TryAgain(f"attempt {again[0].attempt} swapped nothing")
        for one in again:
            self._orders.push_later(one.order_id, attempt=one.attempt, delay=one.delay)

    def _beat(self) -> None:
        self.heartbeat()
        for one, job in list(self._jobs.values()):
            if one.execution is not None:
                one.maintain_heartbeats(job)
        if self.should_run_maintenance_tasks:
            self.run_maintenance_tasks()  # type: ignore[no-untyped-call]

    def _bury(self) -> None:
        try:
            self.register_death()  # type: ignore[no-untyped-call]
        except redis.RedisError as error:
            log.warning("queue_unreachable", error=type(error).__name__)
