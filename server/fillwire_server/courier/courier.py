"""The courier: holds webhooks by lease, and delivers to each, in order, what comes after its cursor.

At least once: a crash between an answer and its note has the event posted again, with the same id. A receiver that is
slow or gone holds up nobody else.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

import structlog

from fillwire_orders import StoreUnavailable
from fillwire_orders.account_feed import AccountFeed, AccountFollower
from fillwire_orders.account_log import Entry
from fillwire_orders.cursor import Cursor
from fillwire_orders.errors import CursorForeign
from fillwire_orders.tasks import ended
from fillwire_orders.webhooks import LEASE_SECONDS, Webhook, Webhooks
from fillwire_server.courier.posting import Post, Refused

__all__ = ["Courier", "pause"]

_ROUND_SECONDS: Final = LEASE_SECONDS / 4
_MOST_WEBHOOKS: Final = 1_000
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 3_600.0
_QUIET_SECONDS: Final = 60.0
_HELD_SECONDS: Final = 0.2
_PAGE: Final = 64

log = structlog.get_logger()


def pause(failures: int, *, chance: Callable[[], float] = random.random) -> float:
    """Seconds until an event is posted again that was posted in vain so often: doubling, and spread by a fifth."""
    return min(_FIRST_PAUSE * 2.0 ** min(failures - 1, 20), _LONGEST_PAUSE) * (0.9 + 0.2 * chance())


class _Lost(Exception):
    """Another courier has the webhook, or its owner has changed it."""


class Courier:
    """Delivers until it is cancelled; any number of couriers share the webhooks. `name` tells them apart."""

    def __init__(self, name: str, webhooks: Webhooks, feed: AccountFeed, post: Post) -> None:
        self._name = name
        self._webhooks = webhooks
        self._feed = feed
        self._post = post
        self._tasks: dict[tuple[str, int], asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Takes what is free, keeps what it has, lets go of the rest, every few seconds."""
        try:
            while True:
                try:
                    self._tend(await self._webhooks.lease(self._name, most=_MOST_WEBHOOKS))
                except StoreUnavailable as error:
                    log.warning("webhooks_unknown", error=str(error))
                await asyncio.sleep(_ROUND_SECONDS)
        finally:
            await self._stop()

    def _tend(self, held: Sequence[Webhook]) -> None:
        """Has a task for each version of a webhook that is held, and none for others."""
        mine = {(webhook.id, webhook.version): webhook for webhook in held}
        for key in self._tasks.keys() - mine.keys():
            self._tasks.pop(key).cancel()
        for key, webhook in mine.items():
            if key not in self._tasks or self._tasks[key].done():
                self._tasks[key] = asyncio.create_task(self._deliver(webhook))

    async def _stop(self) -> None:
        await ended(*self._tasks.values())
        with contextlib.suppress(StoreUnavailable):
            await self._webhooks.release(self._name)

    async def _deliver(self, webhook: Webhook) -> None:
        """Delivers to one webhook for as long as it is held; what breaks is begun again by the next round."""
        try:
            async with self._feed.follow(webhook.account_id, webhook.cursor) as follower:
                await _wait_until(webhook.retry_at)
                await self._follow(webhook, follower)
        except (_Lost, StoreUnavailable) as error:
            log.info("webhook_left", webhook=webhook.id, why=type(error).__name__)
        except CursorForeign:  # of a database that was restored, or of another one
            log.warning("webhook_has_foreign_cursor", webhook=webhook.id)
            await self._webhooks.refused(
                webhook, self._name, "its cursor is of another database", seconds=_LONGEST_PAUSE
            )

    async def _follow(self, webhook: Webhook, follower: AccountFollower) -> None:
        noted = follower.cursor
        while True:
            page = await self._feed.log.page(webhook.account_id, follower.cursor, most=_PAGE)
            for entry in page:
                if not webhook.statuses or entry.event.status in webhook.statuses:
                    await self._post_until_taken(webhook, entry)
                    noted = entry.cursor
                    await self._note(webhook, noted)
                follower.cursor = entry.cursor
            follower.cursor = page.cursor
            if page.is_full:
                continue
            if len(page) and follower.cursor != noted:  # what nobody wanted need not be read again
                noted = follower.cursor
                await self._note(webhook, noted)
            await follower.wait(_HELD_SECONDS if page.is_held else _QUIET_SECONDS)

    async def _post_until_taken(self, webhook: Webhook, entry: Entry) -> None:
        failures = webhook.failures
        while True:
            try:
                return await self._post.deliver(webhook, entry)
            except Refused as error:
                failures += 1
                seconds = pause(failures)
                log.info("webhook_refused", webhook=webhook.id, failures=failures, error=str(error))
                if not await self._webhooks.refused(webhook, self._name, str(error), seconds=seconds):
                    raise _Lost from None
                await asyncio.sleep(seconds)

    async def _note(self, webhook: Webhook, cursor: Cursor) -> None:
        if not await self._webhooks.taken(webhook, self._name, cursor):
            raise _Lost


async def _wait_until(moment: datetime | None) -> None:
    if moment is not None:
        await asyncio.sleep(max((moment - datetime.now(UTC)).total_seconds(), 0.0))
