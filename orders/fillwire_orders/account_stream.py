"""The account's stream: every event of every order of an account, once, from any cursor on."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final

from fillwire_orders.account_feed import AccountFeed, AccountFollower
from fillwire_orders.account_log import AccountLog, Entry
from fillwire_orders.cursor import Cursor
from fillwire_orders.order import AccountId
from fillwire_orders.status import FINAL, Status

__all__ = ["Quiet", "Wish", "watch_account"]

_BREATH_SECONDS: Final = 0.02
"""The least time between two reads of a stream that has all there is: in a busy account a read then serves many events."""

_HELD_SECONDS: Final = 1.0
"""The longest pause before events are looked for again that an open transaction holds back; the first one is a breath."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing has happened for a while; everything up to `cursor` has been given."""

    cursor: Cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which events to give; all that are given must hold, and what is empty is not."""

    statuses: frozenset[Status] = frozenset()
    token_in: str = ""
    token_out: str = ""
    client_order_id: str = ""
    final_only: bool = False

    def fits(self, entry: Entry) -> bool:
        """Whether this is one of them."""
        event = entry.event
        return (
            (not self.statuses or event.status in self.statuses)
            and self.token_in in {"", entry.token_in}
            and self.token_out in {"", entry.token_out}
            and self.client_order_id in {"", event.client_order_id}
            and (not self.final_only or event.status in FINAL)
        )


async def watch_account(
    feed: AccountFeed,
    account_id: AccountId,
    after: Cursor | None = None,
    *,
    from_start: bool = False,
    wish: Wish | None = None,
    heartbeat_seconds: float = 15.0,
) -> AsyncGenerator[Entry | Quiet, None]:
    """Gives a `Quiet` with the cursor to begin with, then the events after it, for ever.

    Without `after` it begins now, or with the account's first event. `Quiet` comes again when nothing else has for
    `heartbeat_seconds`; its cursor moves on, so that one that is kept stays near to what happens.
    The events of one order come in order; those of several in the order of their transactions' numbers.
    Raises `CursorForeign`, `StoreUnavailable`; after the last one resume with the last cursor seen.
    Close it (`contextlib.aclosing`), so that its channel is given back at once.
    """
    async with feed.follow(account_id, after, from_start=from_start) as follower:
        yield Quiet(follower.cursor)
        async for frame in _follow(feed.log, follower, wish or Wish(), heartbeat_seconds):
            yield frame


async def _follow(
    log: AccountLog, follower: AccountFollower, wish: Wish, heartbeat_seconds: float
) -> AsyncGenerator[Entry | Quiet, None]:
    now = asyncio.get_running_loop().time
    due = now() + heartbeat_seconds
    held_seconds = _BREATH_SECONDS
    while True:
        page = await log.page(follower.account_id, follower.cursor)
        for entry in page:
            follower.cursor = entry.cursor
            if wish.fits(entry):
                yield entry
                due = now() + heartbeat_seconds
        follower.cursor = page.cursor
        if now() >= due:
            yield Quiet(follower.cursor)
            due = now() + heartbeat_seconds
        if page.is_full:
            continue
        await asyncio.sleep(_BREATH_SECONDS)
        held_seconds = min(2 * held_seconds, _HELD_SECONDS) if page.is_held and not page else _BREATH_SECONDS
        await follower.wait(min(due - now(), held_seconds if page.is_held else heartbeat_seconds))
