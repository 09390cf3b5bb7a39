"""Webhooks are delivered by couriers that die, from an engine that dies, to a receiver that is not always there."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import psycopg
import pytest
from redis import Redis
from standardwebhooks.webhooks import Webhook as Verifier

from fillwire.v1 import account_service_pb2 as pb
from fillwire.v1.account_service_pb2_grpc import AccountServiceStub
from tests.e2e.driver import Driver
from tests.e2e.system import System
from tests.receiver import Receiver, receiving

ORDERS = 30
ANSWERS = (200, 500, 200, 302, 200, 200, 500)
"""The receiver's first ones; a redirect is no better than a failure."""


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
def own(server_directory: Path, database_url: str, redis_url: str) -> System:
    """An engine with two couriers, which a test may break. Not started yet."""
    return System(
        server_directory,
        database_url=database_url,
        redis_url=redis_url,
        couriers=2,
        FILLWIRE_WEBHOOKS_ALLOW_PRIVATE="1",
    )


def logged(system: System) -> set[str]:
    """The ids of all messages that there should be."""
    with psycopg.connect(system.database_url) as connection:
        rows = connection.execute("SELECT order_id::text || ':' || seq FROM fillwire.order_events").fetchall()
    return {row[0] for row in rows}


async def confirmed(driver: Driver, count: int) -> None:
    answers = await asyncio.gather(*(driver.submit() for _ in range(count)))
    await asyncio.gather(*(driver.watch(answer.order.order_id) for answer in answers))


async def test_every_event_is_delivered_in_order_while_couriers_server_and_receiver_fail(
    own: System, receiver: Receiver
) -> None:
    receiver.answers = list(ANSWERS)
    with own, Redis.from_url(own.redis_url) as redis:
        async with Driver(own.target) as driver, grpc.aio.insecure_channel(own.target) as channel:
            made = await AccountServiceStub(channel).CreateWebhook(pb.CreateWebhookRequest(url=receiver.url))
            await confirmed(driver, ORDERS)
            await receiver.until(len(ANSWERS) + 2)
            receiver.answering.clear()
            await receiver.until(len(receiver.got) + 1)
            for process in (*own.couriers, own.server):
                own.kill(process)
                process.start()
            unanswered = receiver.got[-1][0]["webhook-id"]
            receiver.answering.set()
            own.wait_ready()
            redis.flushall()
            await confirmed(driver, ORDERS)
        async with asyncio.timeout(60):
            while set(receiver.ids) != logged(own):
                await asyncio.sleep(0.1)
    seqs: dict[str, list[int]] = {}
    for one in receiver.ids:
        order_id, _, seq = one.partition(":")
        seqs.setdefault(order_id, []).append(int(seq))
    assert len(seqs) == 2 * ORDERS
    assert all(each == list(range(1, len(each) + 1)) for each in seqs.values())
    # Posted again is what was refused, and what was not answered yet when its courier died.
    posted = [headers["webhook-id"] for headers, _ in receiver.got]
    assert posted.count(unanswered) > 1
    assert len(posted) - len(receiver.ids) <= sum(answer != 200 for answer in ANSWERS) + 1
    for headers, body in receiver.got:
        Verifier(made.secret).verify(body, headers)


async def test_a_courier_that_is_told_to_stop_hands_its_webhooks_over_at_once(own: System, receiver: Receiver) -> None:
    with own:
        async with Driver(own.target) as driver, grpc.aio.insecure_channel(own.target) as channel:
            await AccountServiceStub(channel).CreateWebhook(pb.CreateWebhookRequest(url=receiver.url))
            await confirmed(driver, 1)
            await receiver.until(len(logged(own)))
            for courier in own.couriers:
                assert courier.child is not None
                courier.child.send(courier.stop_signal)
                assert await asyncio.to_thread(courier.child.wait, 10.0)
                assert courier.child.exit_code == 0
                await confirmed(driver, 1)
                courier.start()
                await receiver.until(len(logged(own)))
    # Each may have been told between an answer and its note.
    assert len(receiver.got) - len(receiver.ids) <= len(own.couriers)
