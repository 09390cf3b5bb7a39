"""The watch: subscribe, read the journal, follow; every event once, in order, until the final one."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from fillwire_orders.errors import SeqInFuture
from fillwire_orders.event import Event
from fillwire_orders.feed import Feed
from fillwire_orders.follower import Follower
from fillwire_orders.order import AccountId, Order, OrderId
from fillwire_orders.reading import Reader
from fillwire_orders.status import FINAL

__all__ = ["Idle", "watch"]


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing has happened for a while; everything up to `last_seq` has been given."""

    last_seq: int


async def watch(
    reader: Reader,
    feed: Feed,
    account_id: AccountId,
    order_id: OrderId,
    *,
    after_seq: int | None = None,
    heartbeat_seconds: float = 15.0,
    final_only: bool = False,
) -> AsyncGenerator[Order | Event | Idle, None]:
    """Gives the order as it is, then its events with a seq greater than `after_seq`, and ends after the final one.

    `after_seq` of `None` means: only what is newer than the order as it is. `Idle` comes when nothing else has for
    `heartbeat_seconds`. With `final_only`, of the events only the final one is given.
    Raises `OrderNotFound`, `SeqInFuture`, `StoreUnavailable`; after the last one resume with the last seq seen.
    Close it (`contextlib.aclosing`), so that its channel is given back at once.
    """
    async with feed.follow(order_id) as follower:
        async with feed.opening:
            order, events = await reader.story(account_id, order_id)
        yield order
        if after_seq is not None and after_seq > order.last_seq:
            raise SeqInFuture(after_seq, order.last_seq)
        follower.sent_seq = order.last_seq if after_seq is None else after_seq
        async for frame in _follow(reader, follower, events, heartbeat_seconds):
            if isinstance(frame, Idle) or not final_only or frame.status in FINAL:
                yield frame


async def _follow(
    reader: Reader, follower: Follower, events: Sequence[Event], heartbeat_seconds: float
) -> AsyncGenerator[Event | Idle, None]:
    ended = events[-1].status in FINAL
    while True:
        for event in events:
            if event.seq <= follower.sent_seq:
                continue
            follower.sent_seq = event.seq
            yield event
            ended = event.status in FINAL
        if ended:
            return
        if not follower.stale and not await follower.wait(heartbeat_seconds):
            yield Idle(follower.sent_seq)
        events = await _next(reader, follower)


async def _next(reader: Reader, follower: Follower) -> Sequence[Event]:
    """What comes next: from the channel while that is in step, else from the journal."""
    told = [event for event in follower.take() if event.seq > follower.sent_seq]
    in_step = all(event.seq == follower.sent_seq + n for n, event in enumerate(told, 1))
    if in_step and not follower.stale:
        return told
    follower.stale = False
    events = await reader.events(follower.order_id, follower.sent_seq, limit=_PAGE)
    follower.stale = len(events) == _PAGE
    return events


_PAGE = 256
