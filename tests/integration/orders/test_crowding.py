"""Many watches that begin at once are let in a few at a time, so that the process has time for others."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

from fillwire_orders import DEFAULT_ACCOUNT, AccountId, Event, Feed, Journal, Order, OrderId, Pool, Reader, watch
from tests.builders import submitted

WATCHES = 200


class CountingReader(Reader):
    """A reader that knows how many watches were reading their order at the same time."""

    now = 0
    most = 0

    async def story(self, account_id: AccountId, order_id: OrderId) -> tuple[Order, Sequence[Event]]:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            return await super().story(account_id, order_id)
        finally:
            self.now -= 1


async def test_of_many_watches_that_begin_at_once_a_few_read_their_order_at_a_time_and_all_of_them_do(
    pool: Pool, journal: Journal, redis_url: str
) -> None:
    order = await submitted(journal)
    reader = CountingReader(pool)

    async def first_frame(feed: Feed) -> object:
        async with aclosing(watch(reader, feed, DEFAULT_ACCOUNT, order.id)) as frames:
            return await anext(frames)

    async with Feed(redis_url, reader) as feed:
        snapshots = await asyncio.gather(*(first_frame(feed) for _ in range(WATCHES)))
    assert snapshots == [order] * WATCHES
    assert 1 < reader.most <= 16
