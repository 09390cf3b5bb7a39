"""The account and its webhooks."""

from collections.abc import Mapping, Sequence

from fillwire.account import Account, Webhook
from fillwire.event import Event
from fillwire.status import Status
from fillwire.sync.caller import Caller

__all__ = ["Accounts"]


class Accounts(Caller):
    """The part of the client about the account itself."""

    def account(self) -> Account:
        """Whose token the client has, what that allows, and the account's limits."""
        return self._hold(self._talk.account.account())

    def create_webhook(self, url: str, *, statuses: Sequence[Status] = (), cursor: str | None = None) -> Webhook:
        """Has every event of the account's orders posted to an https address, in order, until it is taken."""
        return self._hold(self._talk.account.create_webhook(url, statuses, cursor))

    def webhooks(self) -> tuple[Webhook, ...]:
        """The account's webhooks and how their deliveries stand, oldest first."""
        return self._hold(self._talk.account.webhooks())

    def update_webhook(
        self,
        webhook: Webhook | str,
        *,
        url: str | None = None,
        enabled: bool | None = None,
        cursor: str | None = None,
        rotate_secret: bool = False,
    ) -> Webhook:
        """Changes a webhook; what is `None` stays as it is."""
        named = webhook if isinstance(webhook, str) else webhook.webhook_id
        return self._hold(
            self._talk.account.update_webhook(named, url, cursor, enabled=enabled, rotate_secret=rotate_secret)
        )

    def delete_webhook(self, webhook: Webhook | str) -> None:
        """Ends a webhook. Raises `NotFound`."""
        named = webhook if isinstance(webhook, str) else webhook.webhook_id
        self._hold(self._talk.account.delete_webhook(named))

    def read_webhook(self, headers: Mapping[str, str], body: bytes | str, secret: str) -> Event:
        """The event of a delivery, once `verify_webhook` has found it to be the engine's."""
        return self._hold(self._talk.account.read_webhook(headers, body, secret))
