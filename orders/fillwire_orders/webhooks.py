"""Webhooks: where the events of an account are delivered, and how far they have been."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import uuid_utils

from fillwire_orders.cursor import Cursor
from fillwire_orders.database import Pool, fetch
from fillwire_orders.errors import TooManyWebhooks, WebhookNotFound
from fillwire_orders.order import AccountId
from fillwire_orders.status import Status

__all__ = ["LEASE_SECONDS", "MOST", "Webhook", "Webhooks"]

MOST: Final = 20
"""Webhooks an account may have."""

LEASE_SECONDS: Final = 10.0
"""How long a courier holds a webhook without saying so again; those of a dead one are free after that."""


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """An address, which events it wants (`statuses` empty: all), and how far they have been taken.

    `failures` counts how often the next event was posted in vain; it is not posted again before `retry_at`, `None`:
    nothing waits. `version` grows with each change of the owner's.
    """

    id: str
    account_id: AccountId
    url: str
    statuses: frozenset[Status]
    enabled: bool
    cursor: Cursor
    failures: int
    last_error: str
    retry_at: datetime | None
    created_at: datetime
    version: int
    secret: bytes


class Webhooks:
    """Keeps webhooks; every method raises `StoreUnavailable` when PostgreSQL does not answer."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def create(
        self, account_id: AccountId, url: str, *, statuses: Sequence[Status], secret: bytes, after: Cursor
    ) -> Webhook:
        """Has the events after a cursor delivered; raises `TooManyWebhooks`."""
        rows = await fetch(
            self._pool,
            "webhook_create",
            {
                "id": str(uuid_utils.uuid7()),
                "account_id": account_id,
                "url": url,
                "statuses": list(statuses),
                "secret": secret,
                "cursor": after.text,
                "limit": MOST,
            },
            once=True,
        )
        if not rows:
            raise TooManyWebhooks(MOST)
        return _webhook(rows[0])

    async def all(self, account_id: AccountId) -> Sequence[Webhook]:
        """Those of an account, oldest first."""
        return [_webhook(row) for row in await fetch(self._pool, "webhooks", {"account_id": account_id, "id": None})]

    async def update(
        self,
        account_id: AccountId,
        webhook_id: str,
        *,
        url: str | None = None,
        enabled: bool | None = None,
        after: Cursor | None = None,
        secret: bytes | None = None,
    ) -> Webhook:
        """Changes what is given, and has it tried again at once; raises `WebhookNotFound`."""
        given = {
            "account_id": account_id,
            "id": webhook_id,
            "url": url,
            "enabled": enabled,
            "cursor": None if after is None else after.text,
            "secret": secret,
        }
        for row in await fetch(self._pool, "webhook_update", given):
            return _webhook(row)
        raise WebhookNotFound(webhook_id)

    async def delete(self, account_id: AccountId, webhook_id: str) -> None:
        """Ends one; raises `WebhookNotFound`."""
        if not await fetch(self._pool, "webhook_delete", {"account_id": account_id, "id": webhook_id}):
            raise WebhookNotFound(webhook_id)

    async def lease(self, courier: str, *, most: int) -> Sequence[Webhook]:
        """Those that this courier delivers for the next `LEASE_SECONDS`: what it had, and what nobody has."""
        params = {"courier": courier, "lease": LEASE_SECONDS, "limit": most}
        return [_webhook(row) for row in await fetch(self._pool, "webhook_lease", params)]

    async def release(self, courier: str) -> None:
        """Lets others deliver them at once."""
        await fetch(self._pool, "webhook_release", {"courier": courier})

    async def taken(self, webhook: Webhook, courier: str, cursor: Cursor) -> bool:
        """Notes that all up to a cursor was taken; False where the courier is not to go on with it."""
        return bool(await fetch(self._pool, "webhook_taken", {**_held(webhook, courier), "cursor": cursor.text}))

    async def refused(self, webhook: Webhook, courier: str, error: str, *, seconds: float) -> bool:
        """Notes that the next event was posted in vain and waits for so long; as `taken`."""
        params = {**_held(webhook, courier), "error": error, "seconds": seconds}
        return bool(await fetch(self._pool, "webhook_refused", params, once=True))


def _held(webhook: Webhook, courier: str) -> dict[str, object]:
    return {"id": webhook.id, "courier": courier, "version": webhook.version}


def _webhook(row: Sequence[Any]) -> Webhook:
    id_, account_id, url, statuses, enabled, cursor, failures, error, retry_at, created_at, version, secret = row
    return Webhook(
        id=id_,
        account_id=account_id,
        url=url,
        statuses=frozenset(Status(status) for status in statuses),
        enabled=enabled,
        cursor=Cursor.read(cursor),
        failures=failures,
        last_error=error,
        retry_at=retry_at,
        created_at=created_at,
        version=version,
        secret=bytes(secret),
    )
