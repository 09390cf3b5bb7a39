"""Conversations about the account and its webhooks."""

from collections.abc import Iterable, Mapping

from google.protobuf import json_format

from fillwire.account import Account, Webhook
from fillwire.event import Event
from fillwire.status import Status
from fillwire.talks.known import Known
from fillwire.talks.steps import Steps, ask
from fillwire.v1 import account_service_pb2, order_pb2
from fillwire.webhook import verify_webhook
from fillwire.wire import methods, symbols
from fillwire.wire.account import read_account, read_webhook, write_update, write_webhook
from fillwire.wire.events import read_event

__all__ = ["AccountTalks"]


class AccountTalks:
    """The conversations of one client about its account."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def account(self) -> Steps[Account]:
        answer = yield from ask(methods.GET_ACCOUNT, account_service_pb2.GetAccountRequest())
        return read_account(answer)

    def create_webhook(self, url: str, statuses: Iterable[Status], cursor: str | None) -> Steps[Webhook]:
        answer = yield from ask(methods.CREATE_WEBHOOK, write_webhook(url, statuses, cursor))
        return read_webhook(answer.webhook, answer.secret)

    def webhooks(self) -> Steps[tuple[Webhook, ...]]:
        answer = yield from ask(methods.LIST_WEBHOOKS, account_service_pb2.ListWebhooksRequest())
        return tuple(read_webhook(webhook) for webhook in answer.webhooks)

    def update_webhook(
        self, webhook_id: str, url: str | None, cursor: str | None, *, enabled: bool | None, rotate_secret: bool
    ) -> Steps[Webhook]:
        request = write_update(webhook_id, url, cursor, enabled=enabled, rotate_secret=rotate_secret)
        answer = yield from ask(methods.UPDATE_WEBHOOK, request)
        return read_webhook(answer.webhook, answer.secret)

    def delete_webhook(self, webhook_id: str) -> Steps[None]:
        yield from ask(methods.DELETE_WEBHOOK, account_service_pb2.DeleteWebhookRequest(webhook_id=webhook_id))

    def read_webhook(self, headers: Mapping[str, str], body: bytes | str, secret: str) -> Steps[Event]:
        """The event of a delivery. Raises `WebhookNotVerified`."""
        told = verify_webhook(headers, body, secret)
        message = json_format.ParseDict(told, order_pb2.OrderEvent(), ignore_unknown_fields=True)
        tokens = yield from self._known.tokens_of(*symbols.of_event(message))
        return read_event(message, tokens)
