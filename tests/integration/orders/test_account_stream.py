"""A watcher of an account gets every event of every order once, however late it was committed."""

import asyncio
import contextlib
import random
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import Any, Self

import pytest
import redis.asyncio

from fillwire_orders import (
    DEFAULT_ACCOUNT,
    AccountFeed,
    AccountId,
    AccountLog,
    Cursor,
    CursorForeign,
    Entry,
    Feed,
    Journal,
    OrderId,
    Pool,
    Quiet,
    Reader,
    Status,
    StoreUnavailable,
    Wish,
    open_pool,
    watch_account,
)
from fillwire_orders.publisher import Publisher
from tests.builders import claimed, request_id, sent, submitted, terms

SOON = 5.0


@contextlib.asynccontextmanager
async def feeding(redis_url: str, pool: Pool) -> AsyncIterator[AccountFeed]:
    async with Feed(redis_url, Reader(pool)) as feed, AccountFeed(feed.listening, AccountLog(pool)) as accounts:
        yield accounts


@pytest.fixture
async def feed(redis_url: str, pool: Pool) -> AsyncIterator[AccountFeed]:
    async with feeding(redis_url, pool) as feed:
        yield feed


@pytest.fixture
async def publisher(redis_url: str) -> AsyncIterator[Publisher]:
    publisher = Publisher(redis_url)
    yield publisher
    await publisher.close()


class Watcher:
    """Collects the frames of one watch."""

    def __init__(self, feed: AccountFeed, after: Cursor | None = None, **options: Any) -> None:
        self.entries: list[Entry] = []
        self.quiet: list[Quiet] = []
        self._opened = asyncio.Event()
        self._news = asyncio.Condition()
        self._frames = watch_account(feed, options.pop("account", DEFAULT_ACCOUNT), after, **options)
        self._task = asyncio.create_task(self._collect())

    async def __aenter__(self) -> Self:
        async with asyncio.timeout(SOON):
            await self._opened.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _collect(self) -> None:
        async with contextlib.aclosing(self._frames) as frames:
            async for frame in frames:
                if isinstance(frame, Entry):
                    self.entries.append(frame)
                else:
                    self.quiet.append(frame)
                self._opened.set()
                async with self._news:
                    self._news.notify_all()

    @property
    def seen(self) -> list[tuple[str, int]]:
        return [(entry.event.order_id, entry.event.seq) for entry in self.entries]

    async def is_quiet(self, times: int) -> None:
        """Until so many more heartbeats have come and no event."""
        wanted = len(self.quiet) + times
        async with asyncio.timeout(SOON), self._news:
            await self._news.wait_for(lambda: len(self.quiet) >= wanted)
        assert self.entries == []

    async def has(self, count: int, *, seconds: float = SOON) -> list[tuple[str, int]]:
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: len(self.entries) >= count)
        return self.seen


async def logged(pool: Pool) -> set[tuple[str, int]]:
    async with pool.connection() as connection:
        return set(await (await connection.execute("SELECT order_id::text, seq FROM fillwire.order_events")).fetchall())


def in_order(seen: Sequence[tuple[str, int]]) -> bool:
    """Whether the events of each order come as 1, 2, 3 and so on."""
    seqs: defaultdict[str, list[int]] = defaultdict(list)
    for order_id, seq in seen:
        seqs[order_id].append(seq)
    return all(of_one == list(range(1, len(of_one) + 1)) for of_one in seqs.values())


async def step(connection: Any, order_id: str, seq: int, status: str, previous: str) -> None:
    """Takes one step past the journal, in a transaction of the caller's."""
    await connection.execute(
        "INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence)"
        " VALUES (%s, %s, %s, %s, clock_timestamp(), 0, 0)",
        (order_id, seq, previous, status),
    )
    await connection.execute("UPDATE fillwire.orders SET last_seq = %s WHERE id = %s", (seq, order_id))


async def test_all_events_of_all_orders_come_once_and_in_order(journal: Journal, feed: AccountFeed, pool: Pool) -> None:
    for _ in range(3):
        await sent(journal)
        await submitted(journal)
    async with Watcher(feed, from_start=True) as watcher:
        seen = await watcher.has(15)
        assert len(seen) == len(set(seen)) == 15
        assert set(seen) == await logged(pool)
        assert in_order(seen)


async def test_without_a_cursor_only_what_is_new_comes(journal: Journal, feed: AccountFeed) -> None:
    await sent(journal)
    async with Watcher(feed) as watcher:
        order = await submitted(journal)
        assert await watcher.has(1) == [(order.id, 1)]


async def test_an_entry_tells_of_the_order_what_an_event_does_not(journal: Journal, feed: AccountFeed) -> None:
    order = await submitted(journal, client_order_id="mine")
    async with Watcher(feed, from_start=True) as watcher:
        await watcher.has(1)
        [entry] = watcher.entries
        assert (entry.token_in, entry.token_out, entry.accepted_at) == ("SOL", "USDC", order.created_at)
        assert entry.event.client_order_id == "mine"
        assert len(entry.event.hash) == 32


async def test_a_stream_can_be_resumed_at_every_cursor_it_has_given(
    journal: Journal, feed: AccountFeed, pool: Pool
) -> None:
    await asyncio.gather(*(sent(journal) for _ in range(2)))
    together = [await submitted(journal) for _ in range(2)]
    async with pool.connection() as connection, connection.transaction():
        for order in together:
            await step(connection, order.id, 2, "ROUTING", "PENDING")
            await step(connection, order.id, 3, "FAILED", "ROUTING")
    async with Watcher(feed, from_start=True) as watcher:
        whole = await watcher.has(14)
        cursors = [watcher.quiet[0].cursor, *(entry.cursor for entry in watcher.entries)]
    for number, cursor in enumerate(cursors[:-1]):
        async with Watcher(feed, Cursor.read(cursor.text)) as resumed:
            assert await resumed.has(14 - number) == whole[number:]


async def test_more_than_a_page_comes_whole(journal: Journal, feed: AccountFeed, pool: Pool) -> None:
    await asyncio.gather(*(submitted(journal) for _ in range(600)))
    async with Watcher(feed, from_start=True) as watcher:
        seen = await watcher.has(600, seconds=20)
        assert len(seen) == 600
        assert set(seen) == await logged(pool)


async def test_who_reads_the_same_place_at_the_same_moment_shares_one_read(journal: Journal, feed: AccountFeed) -> None:
    await sent(journal)
    start = await feed.log.begin(DEFAULT_ACCOUNT, from_start=True)
    later = (await feed.log.page(DEFAULT_ACCOUNT, start, most=2)).cursor
    places = (start, later, start, later, start)
    pages = await asyncio.gather(*(feed.log.page(DEFAULT_ACCOUNT, place) for place in places))
    assert pages[0] is pages[2] is pages[4]
    assert pages[1] is pages[3]
    assert [len(page) for page in pages] == [4, 2, 4, 2, 4]


async def test_an_event_that_is_committed_late_is_waited_for_and_not_skipped(
    journal: Journal, feed: AccountFeed, pool: Pool, publisher: Publisher
) -> None:
    late, early = await submitted(journal), await submitted(journal)
    async with Watcher(feed, heartbeat_seconds=0.5) as watcher:
        async with pool.connection() as connection, connection.transaction():
            await step(connection, late.id, 2, "ROUTING", "PENDING")
            await journal.claim(early.id, "w1")  # its transaction is younger, and over before
            publisher.wake(DEFAULT_ACCOUNT)
            await watcher.is_quiet(3)
        assert await watcher.has(2, seconds=1.5) == [(late.id, 2), (early.id, 2)]


async def test_an_event_that_is_never_committed_holds_nothing_back_for_ever(
    journal: Journal, feed: AccountFeed, pool: Pool
) -> None:
    undone, done = await submitted(journal), await submitted(journal)
    async with Watcher(feed) as watcher:
        async with pool.connection() as connection, connection.transaction(force_rollback=True):
            await step(connection, undone.id, 2, "ROUTING", "PENDING")
            await journal.claim(done.id, "w1")
        assert await watcher.has(1) == [(done.id, 2)]


async def test_a_transaction_that_is_older_than_the_event_before_its_own_keeps_their_order(
    journal: Journal, feed: AccountFeed, pool: Pool
) -> None:
    order, other = await submitted(journal), await submitted(journal)
    async with Watcher(feed) as watcher:
        async with pool.connection() as connection, connection.transaction():
            await step(connection, other.id, 2, "CANCELLED", "PENDING")  # here the transaction gets its number
            await journal.claim(order.id, "w1")
            await step(connection, order.id, 3, "FAILED", "ROUTING")
        seen = await watcher.has(3)
        assert [seq for order_id, seq in seen if order_id == order.id] == [2, 3]


async def test_nothing_is_lost_or_doubled_or_disordered_among_many_open_transactions(
    database_url: str, journal: Journal, feed: AccountFeed, pool: Pool, publisher: Publisher
) -> None:
    chance = random.Random(7)
    writers = await open_pool(database_url, max_size=8)
    orders = [(await submitted(journal)).id for _ in range(24)]
    chance.shuffle(orders)

    async def write(some: Sequence[OrderId]) -> None:
        for seq, (previous, status) in enumerate((("PENDING", "ROUTING"), ("ROUTING", "FAILED")), 2):
            async with writers.connection() as connection:
                await asyncio.sleep(chance.uniform(0, 0.05))
                async with connection.transaction():
                    for order_id in some:
                        await step(connection, order_id, seq, status, previous)
                        await asyncio.sleep(chance.uniform(0, 0.05))
                publisher.wake(DEFAULT_ACCOUNT)

    async with Watcher(feed, from_start=True) as watcher, Watcher(feed) as other:
        await asyncio.gather(*(write(orders[n::8]) for n in range(8)))
        seen = await watcher.has(72)
        assert len(seen) == len(set(seen)) == 72
        assert set(seen) == await logged(pool)
        assert in_order(seen)
        assert [one for one in seen if one[1] > 1] == await other.has(48)
    await writers.close()


async def test_a_message_wakes_the_watchers_of_its_account(
    journal: Journal, feed: AccountFeed, publisher: Publisher
) -> None:
    async with Watcher(feed) as watcher:
        for count in range(1, 6):
            await submitted(journal)
            publisher.wake(DEFAULT_ACCOUNT)
            await watcher.has(count, seconds=0.5)


async def test_an_event_that_is_published_wakes_the_watchers_of_its_account(
    journal: Journal, feed: AccountFeed, publisher: Publisher
) -> None:
    async with Watcher(feed) as watcher:
        for count in range(2, 12, 2):
            began = (await claimed(journal)).began
            assert began is not None
            publisher.publish(began, DEFAULT_ACCOUNT)
            await watcher.has(count, seconds=0.5)


@pytest.mark.parametrize("without", ["message", "redis"])
async def test_without_messages_an_event_comes_a_second_later(
    journal: Journal, pool: Pool, redis_url: str, without: str
) -> None:
    url = redis_url if without == "message" else "redis://127.0.0.1:1/0"
    async with feeding(url, pool) as feed, Watcher(feed) as watcher:
        await submitted(journal)
        await watcher.has(1, seconds=2.5)


async def test_watchers_of_two_processes_see_the_same_whatever_happens_to_redis(
    journal: Journal, pool: Pool, redis_url: str, publisher: Publisher
) -> None:
    client: Any = redis.asyncio.Redis.from_url(redis_url)
    async with (
        client,
        feeding(redis_url, pool) as one,
        feeding(redis_url, pool) as other,
        Watcher(one) as here,
        Watcher(other) as there,
    ):
        for _ in range(5):
            await sent(journal)
            publisher.wake(DEFAULT_ACCOUNT)
            await client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
            await client.flushall()
        assert await here.has(20) == await there.has(20)
        assert in_order(here.seen)


async def test_of_another_account_nothing_comes(journal: Journal, feed: AccountFeed, pool: Pool) -> None:
    other = AccountId("other")
    async with pool.connection() as connection:
        await connection.execute("INSERT INTO fillwire.accounts (id) VALUES ('other')")
    async with Watcher(feed) as mine, Watcher(feed, account=other) as theirs:
        await journal.submit(other, request_id(), terms())
        await submitted(journal)
        assert len(await mine.has(1)) == len(await theirs.has(1)) == 1
        assert set(mine.seen).isdisjoint(theirs.seen)


async def test_a_quiet_stream_says_so_and_its_cursor_moves_on(journal: Journal, feed: AccountFeed, pool: Pool) -> None:
    frames = watch_account(feed, AccountId("quiet"), heartbeat_seconds=0.1)
    async with contextlib.aclosing(frames):
        first = await anext(frames)
        await sent(journal)  # of another account
        later = await anext(frames)
    assert isinstance(first, Quiet)
    assert isinstance(later, Quiet)
    assert later.cursor.tx > first.cursor.tx


async def test_a_stream_of_which_nothing_is_wanted_is_quiet_too(journal: Journal, feed: AccountFeed) -> None:
    await sent(journal)
    frames = watch_account(
        feed, DEFAULT_ACCOUNT, from_start=True, wish=Wish(client_order_id="none"), heartbeat_seconds=0.1
    )
    async with contextlib.aclosing(frames):
        first, second = await anext(frames), await anext(frames)
    assert isinstance(second, Quiet)
    assert second.cursor.tx > first.cursor.tx


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish(statuses=frozenset({Status.ROUTING, Status.CANCELLED})), [("a", 2), ("b", 2)]),
        (Wish(final_only=True), [("b", 2)]),
        (Wish(token_in="JUP"), [("b", 1), ("b", 2)]),
        (Wish(token_out="USDC", statuses=frozenset({Status.PENDING})), [("a", 1), ("b", 1)]),
        (Wish(client_order_id="a"), [("a", 1), ("a", 2)]),
        (Wish(client_order_id="a", final_only=True), []),
    ],
)
async def test_only_what_is_wished_for_comes(
    journal: Journal, feed: AccountFeed, pool: Pool, wish: Wish, expected: list[tuple[str, int]]
) -> None:
    a = (await claimed(journal, client_order_id="a")).claim
    b = await submitted(journal, token_in="JUP", client_order_id="b")
    async with pool.connection() as connection, connection.transaction():
        await step(connection, b.id, 2, "CANCELLED", "PENDING")
    last = await submitted(journal, token_in="BONK", token_out="WIF", client_order_id="b")
    names: dict[str, str] = {a.order_id: "a", b.id: "b"}
    async with Watcher(feed, from_start=True, wish=wish) as watcher, Watcher(feed, from_start=True) as all_of_it:
        assert (last.id, 1) in await all_of_it.has(5)
        await watcher.has(len(expected))
        assert [(names[order_id], seq) for order_id, seq in watcher.seen] == expected


async def test_a_cursor_of_another_account_or_database_is_refused(feed: AccountFeed, pool: Pool, postgres: str) -> None:
    log = AccountLog(pool)
    foreign = await log.begin(AccountId("other"))
    elsewhere_pool = await open_pool(postgres)
    elsewhere = await AccountLog(elsewhere_pool).begin(DEFAULT_ACCOUNT)
    await elsewhere_pool.close()
    mine = await log.begin(DEFAULT_ACCOUNT)
    of_the_future = mine.past(mine.tx + 10**6)
    for cursor in (foreign, elsewhere, of_the_future):
        with pytest.raises(CursorForeign):
            await log.begin(DEFAULT_ACCOUNT, cursor)
    assert await log.begin(DEFAULT_ACCOUNT, mine) == mine


async def test_a_stream_whose_store_is_away_ends_with_that(database_url: str, redis_url: str) -> None:
    pool = await open_pool(database_url)
    async with feeding(redis_url, pool) as feed:
        frames = watch_account(feed, DEFAULT_ACCOUNT, heartbeat_seconds=0.1)
        async with contextlib.aclosing(frames):
            await anext(frames)
            await pool.close()
            with pytest.raises(StoreUnavailable):
                _ = [frame async for frame in frames]


async def test_the_channel_is_given_back_when_the_last_watcher_leaves(feed: AccountFeed, redis_url: str) -> None:
    client = redis.asyncio.Redis.from_url(redis_url)
    account = AccountId(f"account-{uuid.uuid4()}")

    async def channels() -> list[Any]:
        return [name for name in await client.pubsub_channels() if account.encode() in name]

    async with Watcher(feed, account=account), Watcher(feed, account=account):
        assert await channels()
    async with asyncio.timeout(SOON):
        while await channels():
            await asyncio.sleep(0.01)
    await client.aclose()
