"""The account and its webhooks."""

from collections.abc import Mapping, Sequence

from fillwire.account import Account, Webhook
from fillwire.aio.caller import Caller
from fillwire.event import Event
from fillwire.status import Status

__all__ = ["Accounts"]


class Accounts(Caller):
    """The part of the client about the account itself."""

    async def account(self) -> Account:
        """Whose token the client has, what that allows, and the account's limits."""
        return await self._hold(self._talk.account.account())

    async def create_webhook(self, url: str, *, statuses: Sequence[Status] = (), cursor: str | None = None) -> Webhook:
        """Has every event of the account's orders posted to an https address, in order, until it is taken.

        `statuses` leaves out all events but those that enter one of them; `cursor`, as of `watch_account`, begins
        behind it, by default with what happens from now on. Only this answer holds the `secret` for
        `verify_webhook`. Never retried: after `Unavailable` look at `webhooks` whether it was made.
        """
        return await self._hold(self._talk.account.create_webhook(url, statuses, cursor))

    async def webhooks(self) -> tuple[Webhook, ...]:
        """The account's webhooks and how their deliveries stand, oldest first."""
        return await self._hold(self._talk.account.webhooks())

    async def update_webhook(
        self,
        webhook: Webhook | str,
        *,
        url: str | None = None,
        enabled: bool | None = None,
        cursor: str | None = None,
        rotate_secret: bool = False,
    ) -> Webhook:
        """Changes a webhook; what is `None` stays as it is.

        An earlier `cursor` has events delivered again. With `rotate_secret` the answer holds the new `secret`, and the
        old one is of no more use. Raises `NotFound`.
        """
        named = webhook if isinstance(webhook, str) else webhook.webhook_id
        return await self._hold(
            self._talk.account.update_webhook(named, url, cursor, enabled=enabled, rotate_secret=rotate_secret)
        )

    async def delete_webhook(self, webhook: Webhook | str) -> None:
        """Ends a webhook. Raises `NotFound`."""
        named = webhook if isinstance(webhook, str) else webhook.webhook_id
        await self._hold(self._talk.account.delete_webhook(named))

    async def read_webhook(self, headers: Mapping[str, str], body: bytes | str, secret: str) -> Event:
        """The event of a delivery, once `verify_webhook` has found it to be the engine's.

        The same event may be delivered again. Raises `WebhookNotVerified`.
        """
        return await self._hold(self._talk.account.read_webhook(headers, body, secret))
