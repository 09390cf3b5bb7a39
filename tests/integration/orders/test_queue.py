"""The queue carries what is due to RQ, in few jobs, and never stands in anybody's way."""

import asyncio
import json
import time
import uuid

import pytest
from redis import Redis
from rq.job import Job

from fillwire_orders import Dispatch, Dispatcher, OrderId
from fillwire_orders.jobs import QUEUE, OrderJob, SignedJSON
from fillwire_orders.queue import OrderQueue, connect

KEY = "a key for tests alone"


@pytest.fixture
def orders(redis_url: str) -> OrderQueue:
    return OrderQueue(connect(redis_url), KEY)


def due(dispatch: int = 1, attempt: int = 0, *, urgent: bool = False) -> Dispatch:
    return Dispatch(OrderId(str(uuid.uuid4())), dispatch, attempt, urgent)


def queued(orders: OrderQueue) -> list[OrderJob]:
    jobs = [OrderJob.fetch(one, orders.queue.connection, orders.serializer) for one in orders.queue.get_job_ids()]
    return [job for job in jobs if isinstance(job, OrderJob)]


def test_one_order_is_one_job_that_is_named_after_it_and_carries_nothing_else(orders: OrderQueue) -> None:
    one = due(dispatch=3)
    orders.push([one])
    (job,) = queued(orders)
    assert job.id == f"{one.order_id}-3"
    assert job.order_ids == [one.order_id]
    assert (job.retries_left, job.retry_intervals) == (3, [1, 2, 4])
    body = json.loads(job.data[32:])
    assert body == ["execute", None, [one.order_id], {}]


def test_the_same_dispatch_twice_is_one_job(orders: OrderQueue) -> None:
    one = due()
    orders.push([one])
    orders.push([one])
    assert len(queued(orders)) == 1


def test_many_at_once_share_jobs_and_none_is_left_out(orders: OrderQueue) -> None:
    many = [due() for _ in range(40)]
    orders.push(many)
    jobs = queued(orders)
    assert len(jobs) == 3
    assert [order_id for job in jobs for order_id in job.order_ids] == [one.order_id for one in many]
    assert all(job.retries_left is None for job in jobs)


def test_an_order_with_attempts_behind_it_has_a_job_and_retries_of_its_own(orders: OrderQueue) -> None:
    orders.push([due(), due(), due(attempt=2), due(), due(), due(), due()])
    assert [(len(job.order_ids), job.retry_intervals) for job in queued(orders)][-1] == (1, [2, 4])


def test_an_abandoned_order_goes_to_the_front(orders: OrderQueue) -> None:
    orders.push([due()])
    urgent = due(attempt=1, urgent=True)
    orders.push([urgent])
    assert queued(orders)[0].order_ids == [urgent.order_id]


def test_the_backlog_is_the_age_of_the_job_that_is_next(orders: OrderQueue) -> None:
    assert orders.backlog_seconds() == 0.0
    orders.push([due()])
    orders.push([due()])
    assert 0.0 < orders.backlog_seconds() < 5.0
    head = orders.queue.get_job_ids()[0]
    orders.queue.connection.hset(OrderJob.key_for(head), "enqueued_at", "2020-01-01T00:00:00.000000Z")
    assert orders.backlog_seconds() > 1e8


def test_a_later_attempt_waits_among_rqs_scheduled_jobs(orders: OrderQueue) -> None:
    one = due()
    orders.push_later(one.order_id, attempt=1, delay=1)
    (job_id,) = orders.queue.scheduled_job_registry.get_job_ids(cleanup=False)
    assert job_id == f"{one.order_id}-retry-1"
    assert queued(orders) == []


def test_nothing_in_redis_is_a_pickle(orders: OrderQueue, redis_url: str) -> None:
    orders.push([due()])
    with Redis.from_url(redis_url) as client:
        (job_id,) = client.lrange(f"rq:queue:{QUEUE}", 0, -1)
        raw = Job(id=job_id.decode(), connection=client, serializer=SignedJSON(KEY))
        raw.refresh()
    assert raw.data[32:].startswith(b'["execute"')


async def test_announcing_enqueues_in_the_background(orders: OrderQueue, redis_url: str) -> None:
    dispatcher = Dispatcher(redis_url, KEY)
    wanted = {OrderId(str(uuid.uuid4())) for _ in range(100)}
    for order_id in wanted:
        dispatcher.announce(order_id)
    await dispatcher.close()
    assert {order_id for job in queued(orders) for order_id in job.order_ids} == wanted
    assert dispatcher.lost == 0


async def test_without_redis_announcing_costs_nobody_anything() -> None:
    dispatcher = Dispatcher("redis://127.0.0.1:1/0", KEY)
    began = time.monotonic()
    dispatcher.announce(OrderId(str(uuid.uuid4())))
    assert time.monotonic() - began < 1.0
    async with asyncio.timeout(5):
        await dispatcher.close()
    assert dispatcher.lost == 1
