"""The part of AccountService that keeps webhooks; `courier/` delivers to them."""

# gRPC calls the methods as the contract names them.
# ruff: noqa: N802

from typing import Any

import grpc

from fillwire.v1 import account_service_pb2 as pb
from fillwire_orders import AccountLog, Webhooks
from fillwire_server import validation, wire
from fillwire_server.accounts import current_account
from fillwire_server.courier import signing

__all__ = ["WebhookService"]

Context = grpc.aio.ServicerContext[Any, Any]


class WebhookService:
    """Keeps the webhooks of accounts; `allow_private` lets them be plaintext and near, for development."""

    def __init__(self, webhooks: Webhooks, log: AccountLog, *, allow_private: bool) -> None:
        self._webhooks = webhooks
        self._log = log
        self._allow_private = allow_private

    async def CreateWebhook(self, request: pb.CreateWebhookRequest, context: Context) -> pb.CreateWebhookResponse:
        wish = validation.webhook_wish(request, allow_private=self._allow_private)
        account, secret = current_account(), signing.new_secret()
        after = await self._log.begin(account, wish.after)
        webhook = await self._webhooks.create(account, wish.url, statuses=wish.statuses, secret=secret, after=after)
        return pb.CreateWebhookResponse(webhook=wire.webhook(webhook), secret=signing.shown(secret))

    async def ListWebhooks(self, request: pb.ListWebhooksRequest, context: Context) -> pb.ListWebhooksResponse:
        found = await self._webhooks.all(current_account())
        return pb.ListWebhooksResponse(webhooks=[wire.webhook(one) for one in found])

    async def UpdateWebhook(self, request: pb.UpdateWebhookRequest, context: Context) -> pb.UpdateWebhookResponse:
        change = validation.webhook_change(request, allow_private=self._allow_private)
        account = current_account()
        after = None if change.after is None else await self._log.begin(account, change.after)
        secret = signing.new_secret() if change.rotates else None
        webhook = await self._webhooks.update(
            account, change.webhook_id, url=change.url, enabled=change.enabled, after=after, secret=secret
        )
        return pb.UpdateWebhookResponse(
            webhook=wire.webhook(webhook), secret="" if secret is None else signing.shown(secret)
        )

    async def DeleteWebhook(self, request: pb.DeleteWebhookRequest, context: Context) -> pb.DeleteWebhookResponse:
        await self._webhooks.delete(current_account(), validation.webhook_id(request.webhook_id))
        return pb.DeleteWebhookResponse()
