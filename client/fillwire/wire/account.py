"""Reads accounts and webhooks, and writes the requests that change webhooks."""

from collections.abc import Iterable

from fillwire.account import Account, Webhook
from fillwire.status import Scope, Status
from fillwire.v1 import account_service_pb2
from fillwire.wire.enums import SCOPES, STATUSES
from fillwire.wire.filters import status_numbers
from fillwire.wire.scalars import time
from fillwire.wire.violations import Violations

__all__ = ["read_account", "read_webhook", "write_update", "write_webhook"]


def read_account(message: account_service_pb2.GetAccountResponse) -> Account:
    return Account(
        account_id=message.account_id,
        key_id=message.key_id,
        scopes=tuple(SCOPES.get(scope, Scope.UNKNOWN) for scope in message.scopes),
        expire_time=time(message, "expire_time"),
        orders_per_minute=message.orders_per_minute or None,
        max_open_orders=message.max_open_orders or None,
        max_streams=message.max_streams or None,
        cancel_time=time(message, "cancel_time"),
    )


def read_webhook(message: account_service_pb2.Webhook, secret: str = "") -> Webhook:
    return Webhook(
        webhook_id=message.webhook_id,
        url=message.url,
        statuses=tuple(STATUSES.get(status, Status.UNKNOWN) for status in message.statuses),
        enabled=message.enabled,
        cursor=message.cursor,
        failures=message.failures,
        last_error=message.last_error,
        retry_time=time(message, "retry_time"),
        create_time=time(message, "create_time"),
        secret=secret,
    )


def write_webhook(url: str, statuses: Iterable[Status], cursor: str | None) -> account_service_pb2.CreateWebhookRequest:
    """Asks for a webhook. Raises `InvalidRequest` for a status that no order can have."""
    request = account_service_pb2.CreateWebhookRequest(url=url, cursor=cursor or "")
    violations = Violations()
    with violations.within("statuses"):
        request.statuses.extend(status_numbers(statuses))
    violations.check()
    return request


def write_update(
    webhook_id: str, url: str | None, cursor: str | None, *, enabled: bool | None, rotate_secret: bool
) -> account_service_pb2.UpdateWebhookRequest:
    """Asks to change a webhook; what is `None` stays as it is."""
    return account_service_pb2.UpdateWebhookRequest(
        webhook_id=webhook_id, url=url, enabled=enabled, cursor=cursor, rotate_secret=rotate_secret
    )
