"""The feed outlives its connection to Redis, whoever of its users notices first that it is gone."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis.asyncio

from fillwire_orders import Event, Feed, OrderId, Reader, Status, channels
from fillwire_orders.follower import Follower
from fillwire_orders.publisher import Publisher
from fillwire_stack.valkey import Valkey


@pytest.fixture
async def feed(redis_url: str, reader: Reader) -> AsyncIterator[Feed]:
    async with Feed(redis_url, reader) as feed:
        yield feed


def order_id() -> OrderId:
    return OrderId(str(uuid.uuid4()))


async def begin(feed: Feed, one: OrderId) -> None:
    async with feed.follow(one):
        pass


async def hears(follower: Follower, publisher: Publisher) -> bool:
    """Whether what is published now reaches the follower by the channel, before it would have asked the journal."""
    follower.take()
    publisher.publish(Event(order_id=follower.order_id, seq=1, status=Status.PENDING, at=datetime.now(UTC)))
    return await follower.wait(0.4) and len(follower.take()) == 1


async def test_watches_that_begin_as_redis_hangs_up_begin_all_the_same(feed: Feed, redis_url: str) -> None:
    client: Any = redis.asyncio.Redis.from_url(redis_url)
    async with client, feed.follow(order_id()) as stays:
        publisher = Publisher(redis_url)
        for _ in range(40):
            hang_up = client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
            await asyncio.gather(hang_up, *(begin(feed, order_id()) for _ in range(6)))
        async with asyncio.timeout(5):
            while not await hears(stays, publisher):
                pass
        await publisher.close()


async def test_a_follower_hears_again_when_redis_comes_back_after_a_while(
    server_directory: Path, reader: Reader
) -> None:
    server = Valkey(server_directory / "valkey")
    await asyncio.to_thread(server.start)
    publisher = Publisher(server.url)
    async with Feed(server.url, reader) as feed, feed.follow(order_id()) as follower:
        assert await hears(follower, publisher)
        server.kill()
        assert not await hears(follower, publisher)
        assert not await hears(follower, publisher)
        await asyncio.to_thread(server.start)
        async with asyncio.timeout(5):
            while not await hears(follower, publisher):
                pass
    await publisher.close()
    server.stop()


@pytest.mark.parametrize("moment", range(12))
async def test_a_subscription_that_is_lost_while_it_is_used_is_away_and_nothing_else(
    redis_url: str, moment: int
) -> None:
    client = channels.client(redis_url)
    subscription: Any = channels.Subscription(client)
    await subscription.subscribe("one")
    using = asyncio.create_task(subscription.subscribe("two"))
    for _ in range(moment):
        await asyncio.sleep(0)
    await subscription.connection.disconnect(nowait=True)
    with contextlib.suppress(*channels.AWAY):
        await using
    await subscription.aclose()
    await client.aclose()
