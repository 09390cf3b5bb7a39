"""Webhooks."""

from fillwire.v1 import account_service_pb2 as pb
from fillwire_orders.webhooks import Webhook
from fillwire_server.wire.events import STATUSES
from fillwire_server.wire.scalars import moment, timestamp

__all__ = ["webhook"]


def webhook(it: Webhook) -> pb.Webhook:
    """A webhook, without its secret."""
    return pb.Webhook(
        webhook_id=it.id,
        url=it.url,
        statuses=[STATUSES[status] for status in sorted(it.statuses)],
        enabled=it.enabled,
        cursor=it.cursor.text,
        failures=it.failures,
        last_error=it.last_error,
        retry_time=moment(it.retry_at),
        create_time=timestamp(it.created_at),
    )
