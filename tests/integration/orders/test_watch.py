"""A watcher gets every event once, in order, until the final one, whatever happens to Redis."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
import redis.asyncio

from fillwire_orders import (
    DEFAULT_ACCOUNT,
    Claim,
    Event,
    Failure,
    FailureReason,
    Feed,
    Idle,
    Journal,
    Order,
    OrderId,
    OrderNotFound,
    Reader,
    SeqInFuture,
    Status,
    Step,
    watch,
)
from fillwire_orders.publisher import Publisher
from tests.builders import request_id, sent, submitted

END = Step(status=Status.FAILED, detail=Failure(FailureReason.VENUE_REFUSED, "refused"))


@pytest.fixture
async def feed(redis_url: str, reader: Reader) -> AsyncIterator[Feed]:
    async with Feed(redis_url, reader) as feed:
        yield feed


@pytest.fixture
async def publisher(redis_url: str) -> AsyncIterator[Publisher]:
    publisher = Publisher(redis_url)
    yield publisher
    await publisher.close()


class Watcher:
    """Collects the frames of one watch."""

    def __init__(self, reader: Reader, feed: Feed, order_id: OrderId, after_seq: int | None = 0) -> None:
        self.frames: list[Order | Event | Idle] = []
        self.opened = asyncio.Event()
        self._frames = watch(reader, feed, DEFAULT_ACCOUNT, order_id, after_seq=after_seq, heartbeat_seconds=30)
        self._task = asyncio.create_task(self._collect())

    async def _collect(self) -> None:
        async with contextlib.aclosing(self._frames) as frames:
            async for frame in frames:
                self.frames.append(frame)
                self.opened.set()

    @property
    def seqs(self) -> list[int]:
        return [frame.seq for frame in self.frames if isinstance(frame, Event)]

    async def end(self) -> list[int]:
        async with asyncio.timeout(10):
            await self._task
        return self.seqs

    async def leave(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def ends(journal: Journal, publisher: Publisher | None, claim: Claim) -> None:
    event = await journal.record(claim, END)
    if publisher is not None:
        publisher.publish(event)


async def test_a_watcher_of_a_finished_order_gets_all_of_it_and_the_end(
    journal: Journal, reader: Reader, feed: Feed
) -> None:
    claim = await sent(journal)
    await ends(journal, None, claim)
    watcher = Watcher(reader, feed, claim.order_id)
    assert await watcher.end() == [1, 2, 3, 4, 5]
    assert isinstance(watcher.frames[0], Order)
    assert watcher.frames[0].status is Status.FAILED


async def test_a_watcher_that_asks_for_nothing_old_gets_the_snapshot_and_what_follows(
    journal: Journal, reader: Reader, feed: Feed, publisher: Publisher
) -> None:
    claim = await sent(journal)
    watcher = Watcher(reader, feed, claim.order_id, after_seq=None)
    await watcher.opened.wait()
    await ends(journal, publisher, claim)
    assert await watcher.end() == [5]


@pytest.mark.parametrize("after_seq", range(6))
async def test_a_watch_can_be_resumed_after_any_event(
    journal: Journal, reader: Reader, feed: Feed, after_seq: int
) -> None:
    claim = await sent(journal)
    await ends(journal, None, claim)
    watcher = Watcher(reader, feed, claim.order_id, after_seq)
    assert await watcher.end() == list(range(after_seq + 1, 6))


async def test_a_watcher_sees_events_as_they_are_committed(
    journal: Journal, reader: Reader, feed: Feed, publisher: Publisher
) -> None:
    order = await submitted(journal)
    watcher = Watcher(reader, feed, order.id)
    await watcher.opened.wait()
    claim = await journal.claim(order.id, "w1")
    publisher.publish(claim.began)  # type: ignore[union-attr, arg-type]
    await ends(journal, publisher, claim.claim)  # type: ignore[union-attr]
    assert await watcher.end() == [1, 2, 3]


async def test_one_watcher_leaving_takes_nothing_from_the_other(
    journal: Journal, reader: Reader, feed: Feed, publisher: Publisher
) -> None:
    claim = await sent(journal)
    leaves, stays = Watcher(reader, feed, claim.order_id), Watcher(reader, feed, claim.order_id)
    await asyncio.gather(leaves.opened.wait(), stays.opened.wait())
    await leaves.leave()
    await ends(journal, publisher, claim)
    assert await stays.end() == [1, 2, 3, 4, 5]


async def test_the_channel_is_given_back_when_the_last_watcher_leaves(
    journal: Journal, reader: Reader, feed: Feed, redis_url: str
) -> None:
    client = redis.asyncio.Redis.from_url(redis_url)
    order = await submitted(journal)

    async def channels() -> list[Any]:
        return [name for name in await client.pubsub_channels() if order.id.encode() in name]

    watchers = [Watcher(reader, feed, order.id) for _ in range(3)]
    await asyncio.gather(*(watcher.opened.wait() for watcher in watchers))
    async with asyncio.timeout(5):
        while not await channels():
            await asyncio.sleep(0.01)
    for watcher in watchers:
        await watcher.leave()
    assert feed.followed == 0
    async with asyncio.timeout(5):
        while await channels():
            await asyncio.sleep(0.01)
    await client.aclose()


async def test_a_lost_message_costs_a_second_and_no_event(
    journal: Journal, reader: Reader, feed: Feed, publisher: Publisher
) -> None:
    claim = await sent(journal)
    watcher = Watcher(reader, feed, claim.order_id)
    await watcher.opened.wait()
    began = asyncio.get_running_loop().time()
    await ends(journal, None, claim)
    assert await watcher.end() == [1, 2, 3, 4, 5]
    assert asyncio.get_running_loop().time() - began < 2.5


async def test_messages_that_come_twice_or_late_are_not_shown_again(
    journal: Journal, reader: Reader, feed: Feed, publisher: Publisher
) -> None:
    claim = await sent(journal)
    watcher = Watcher(reader, feed, claim.order_id)
    await watcher.opened.wait()
    for event in reversed(await reader.events(claim.order_id, 0)):
        publisher.publish(event)
        publisher.publish(event)
    await ends(journal, publisher, claim)
    assert await watcher.end() == [1, 2, 3, 4, 5]


async def test_a_killed_subscription_costs_no_event(
    journal: Journal, reader: Reader, feed: Feed, publisher: Publisher, redis_url: str
) -> None:
    client = redis.asyncio.Redis.from_url(redis_url)
    claim = await sent(journal)
    watcher = Watcher(reader, feed, claim.order_id)
    await watcher.opened.wait()
    await client.client_kill_filter(_type="pubsub")
    await ends(journal, publisher, claim)
    assert await watcher.end() == [1, 2, 3, 4, 5]
    # The feed is whole again: the next order is delivered by message, not by the check of once a second.
    other = await sent(journal)
    follower = Watcher(reader, feed, other.order_id)
    await follower.opened.wait()
    await ends(journal, publisher, other)
    assert await follower.end() == [1, 2, 3, 4, 5]
    await client.aclose()


async def test_a_watch_without_redis_is_complete(journal: Journal, reader: Reader) -> None:
    async with Feed("redis://127.0.0.1:1/0", reader) as feed:
        claim = await sent(journal)
        watcher = Watcher(reader, feed, claim.order_id)
        await watcher.opened.wait()
        await ends(journal, None, claim)
        assert await watcher.end() == [1, 2, 3, 4, 5]


async def test_a_silent_order_gives_heartbeats(journal: Journal, reader: Reader, feed: Feed) -> None:
    order = await submitted(journal)
    frames = watch(reader, feed, DEFAULT_ACCOUNT, order.id, after_seq=0, heartbeat_seconds=0.01)
    async with contextlib.aclosing(frames):
        got = [await anext(frames) for _ in range(4)]
    assert [type(frame) for frame in got] == [Order, Event, Idle, Idle]
    assert got[-1] == Idle(1)


async def test_only_the_end_is_given_to_who_wants_only_that(journal: Journal, reader: Reader, feed: Feed) -> None:
    claim = await sent(journal)
    await ends(journal, None, claim)
    frames = watch(reader, feed, DEFAULT_ACCOUNT, claim.order_id, after_seq=0, final_only=True)
    got = [frame async for frame in frames]
    assert [getattr(frame, "seq", None) for frame in got] == [None, 5]


async def test_an_order_that_does_not_exist_cannot_be_watched(reader: Reader, feed: Feed) -> None:
    with pytest.raises(OrderNotFound):
        await anext(watch(reader, feed, DEFAULT_ACCOUNT, OrderId(request_id())))
    assert feed.followed == 0


async def test_who_has_seen_more_than_there_is_is_told_so(journal: Journal, reader: Reader, feed: Feed) -> None:
    order = await submitted(journal)
    with pytest.raises(SeqInFuture):
        _ = [frame async for frame in watch(reader, feed, DEFAULT_ACCOUNT, order.id, after_seq=7)]
    assert feed.followed == 0
