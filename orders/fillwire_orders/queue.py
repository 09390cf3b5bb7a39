"""The queue: says that orders are due, over RQ. The only module that enqueues; `jobs.py` has the job itself.

Whatever is lost here costs time, never an order: the journal knows what is due, and the sweeper asks it every second.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry as ConnectionRetry
from rq import Queue, Retry
from rq.exceptions import DuplicateJobError
from rq.job import Job
from rq.utils import as_text, utcparse

from fillwire_orders.jobs import FUNCTION, QUEUE, OrderJob, SignedJSON, retries
from fillwire_orders.journal import Dispatch
from fillwire_orders.order import OrderId

__all__ = ["Dispatcher", "OrderQueue", "connect"]

_BATCH: Final = 16
"""The most orders in one job."""

_LINE: Final = 2
"""More jobs than this in line: all workers are busy."""

_CROWDED_SECONDS: Final = 0.025

JOB_TIMEOUT: Final = 120
"""Seconds a job may take. Longer than any attempt: a transaction lives for 60 s."""

RESULT_SECONDS: Final = 60
"""How long RQ keeps a job that is done; the journal keeps what became of its orders."""

FAILURE_SECONDS: Final = 86_400
"""How long RQ keeps a job that failed."""

log = structlog.get_logger()


def connect(redis_url: str, *, timeout: float = 1.0, connections: int = 20) -> "redis.Redis":
    """A client that does not repeat commands by itself: a push whose answer was lost would be done twice."""
    client: redis.Redis = redis.Redis.from_url(
        redis_url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=ConnectionRetry(NoBackoff(), 0),
        max_connections=connections,
    )
    return client


class OrderQueue:
    """RQ's queue of orders; blocking, for threads. Raises redis' own errors."""

    def __init__(self, client: "redis.Redis", key: str) -> None:
        self.serializer = SignedJSON(key)
        self.queue = Queue(QUEUE, connection=client, serializer=self.serializer, job_class=OrderJob)
        self._client = client

    def push(self, due: Sequence[Dispatch], *, crowded: bool = False) -> None:
        """Enqueues orders that are due now.

        One order a job while there are few. Many at once share jobs, because RQ's bookkeeping for a job costs more
        than all else that is done for an order; each order then still has its own retries. With `crowded` they share
        as few as can be, otherwise two at least, so that two workers get their part.
        """
        fresh = [one for one in due if not (one.attempt or one.urgent)]
        size = _BATCH if crowded else min(_BATCH, max(1, len(fresh) // 2))
        for start in range(0, len(fresh), size):
            self._enqueue(fresh[start : start + size])
        for one in due:
            if one.attempt or one.urgent:
                self._enqueue([one], at_front=one.urgent)

    def push_later(self, order_id: OrderId, *, attempt: int, delay: int) -> None:
        """Schedules an order's next attempt in `delay` seconds, as RQ's own Retry does for a job of one order."""
        job = self._job([order_id], f"{order_id}-retry-{attempt}", retries(attempt))
        with contextlib.suppress(DuplicateJobError):
            self.queue.schedule_job(job, datetime.now(UTC) + timedelta(seconds=delay), unique=True)

    def waiting(self) -> int:
        """How many jobs wait in line."""
        return int(self._client.llen(self.queue.key))

    def backlog_seconds(self) -> float:
        """The age of the job that is next in line; 0: none waits.

        The queue is first in, first out: what was enqueued before that job is either being executed, or lost.
        """
        head = self._client.lindex(self.queue.key, 0)
        since = head and self._client.hget(OrderJob.key_for(as_text(head)), "enqueued_at")
        return max((datetime.now(UTC) - utcparse(as_text(since))).total_seconds(), 0.0) if since else 0.0

    def _enqueue(self, together: Sequence[Dispatch], *, at_front: bool = False) -> None:
        first = together[0]
        # A new id for each dispatch: what is left of an old job can never stand in the way of a new one.
        job = self._job(
            [one.order_id for one in together],
            f"{first.order_id}-{first.dispatch}",
            retries(first.attempt) if len(together) == 1 else None,
        )
        # A job that is there already is the answer to our own lost request, or to another sweeper's: as good as ours.
        with contextlib.suppress(DuplicateJobError):
            self.queue.enqueue_job(job, unique=True, at_front=at_front)

    def _job(self, order_ids: Sequence[OrderId], job_id: str, retry: Retry | None) -> Job:
        return self.queue.create_job(
            FUNCTION,
            args=tuple(order_ids),
            job_id=job_id,
            timeout=JOB_TIMEOUT,
            result_ttl=RESULT_SECONDS,
            failure_ttl=FAILURE_SECONDS,
            description=FUNCTION,
            retry=retry,
        )


class Dispatcher:
    """Enqueues in the background, for a process that has just committed and has somebody to answer.

    What is announced while the last push is under way goes with the next one. As long as jobs wait in line, what is
    new waits a moment (`_CROWDED_SECONDS`) to share a job: it would not be taken any sooner.
    Redis being away, or slow, is nobody's error: it is counted, and the sweeper enqueues later.
    """

    def __init__(self, redis_url: str, key: str) -> None:
        self._queue = OrderQueue(connect(redis_url), key)
        self._announced: list[Dispatch] = []
        self._pushing: asyncio.Task[None] | None = None
        self.lost = 0

    def announce(self, order_id: OrderId) -> None:
        """Says that a new order is due; returns at once and never raises."""
        self.announce_all([Dispatch(order_id, dispatch=1, attempt=0)])

    def announce_all(self, due: Sequence[Dispatch]) -> None:
        """Says that these are due; as `announce`."""
        self._announced += due
        if due and self._pushing is None:
            self._pushing = asyncio.create_task(self._push())

    async def close(self) -> None:
        """Waits for what is being pushed."""
        if self._pushing is not None:
            await self._pushing
        self._queue.queue.connection.close()

    async def _push(self) -> None:
        try:
            crowded = False
            while self._announced:
                due, self._announced = self._announced, []
                if crowded := await self._push_once(due, crowded=crowded):
                    await asyncio.sleep(_CROWDED_SECONDS)
        finally:
            self._pushing = None

    async def _push_once(self, due: Sequence[Dispatch], *, crowded: bool) -> bool:
        """Whether there is a line now."""
        try:
            return await asyncio.to_thread(self._push_and_look, due, crowded)
        except redis.RedisError as error:
            self.lost += len(due)
            log.warning("queue_unreachable", orders=len(due), error=type(error).__name__)
            return False

    def _push_and_look(self, due: Sequence[Dispatch], crowded: bool) -> bool:
        self._queue.push(due, crowded=crowded)
        return self._queue.waiting() > _LINE
