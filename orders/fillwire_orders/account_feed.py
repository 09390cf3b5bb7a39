"""The account feed: says to whoever watches an account that there may be more to read.

Its messages carry nothing: they wake. One that is lost costs a second, for the journal is asked once a second for all.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Final, Self

from fillwire_orders import channels
from fillwire_orders.account_log import AccountLog
from fillwire_orders.cursor import Cursor
from fillwire_orders.errors import StoreUnavailable
from fillwire_orders.listening import Listening
from fillwire_orders.order import AccountId
from fillwire_orders.tasks import ended

__all__ = ["AccountFeed", "AccountFollower"]

_CHECK_SECONDS: Final = 1.0


class AccountFollower:
    """One watcher's place in the events of its account: all up to `cursor` is given, or was not wanted."""

    def __init__(self, account_id: AccountId, cursor: Cursor) -> None:
        self.account_id = account_id
        self.cursor = cursor
        self.waits = False
        self._news = asyncio.Event()

    def hear(self, _message: bytes) -> None:
        """Takes a message of its account's channel."""
        self._news.set()

    def doubt(self) -> None:
        """Learns that there may be more to read."""
        self._news.set()

    async def wait(self, seconds: float) -> None:
        """Waits for news, so long at most."""
        self.waits = True
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            pass
        finally:
            self.waits = False
            self._news.clear()


class AccountFeed:
    """Follows accounts for a whole process; used as an async context manager, within that of `listening`."""

    def __init__(self, listening: Listening, log: AccountLog) -> None:
        self.log = log
        self._listening = listening
        self._followers: set[AccountFollower] = set()

    async def __aenter__(self) -> Self:
        self._checking = asyncio.create_task(self._check())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await ended(self._checking)

    @contextlib.asynccontextmanager
    async def follow(
        self, account_id: AccountId, after: Cursor | None = None, *, from_start: bool = False
    ) -> AsyncIterator[AccountFollower]:
        """Hears of an account's new events from before the block begins; raises as `AccountLog.begin` does."""
        follower = AccountFollower(account_id, await self.log.begin(account_id, after, from_start=from_start))
        self._followers.add(follower)
        try:
            async with self._listening.to(channels.of_account(account_id), follower):
                yield follower
        finally:
            self._followers.discard(follower)

    async def _check(self) -> None:
        """Asks once a second, in one query for all that wait, whether there is more than they have read."""
        while True:
            await asyncio.sleep(_CHECK_SECONDS)
            # One that is about to read, or whose client takes its time, reads on by itself.
            waiting = [follower for follower in self._followers if follower.waits]
            if not waiting:
                continue
            try:
                answers = await self.log.has_more([(one.account_id, one.cursor) for one in waiting])
            except StoreUnavailable:
                continue
            for follower, has_more in zip(waiting, answers, strict=True):
                if has_more:
                    follower.doubt()
