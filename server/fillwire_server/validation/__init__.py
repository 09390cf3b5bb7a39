"""From requests to what they mean; whatever is wrong with one is told at once, field by field."""

from fillwire_server.validation.changing import CancelAll, Replacement, cancel_all, replacement, switch_seconds
from fillwire_server.validation.listing import Listing, listing
from fillwire_server.validation.market import Pools, Quoting, Wanted, pairs, pools, quoting, wanted
from fillwire_server.validation.reporting import period
from fillwire_server.validation.streaming import Following, Submitting, following, submitting, within_order
from fillwire_server.validation.submission import Ask, submission
from fillwire_server.validation.watching import Watching, order_id, reference, request_id, watching
from fillwire_server.validation.webhooks import WebhookChange, WebhookWish, webhook_change, webhook_id, webhook_wish

__all__ = [
    "Ask",
    "CancelAll",
    "Following",
    "Listing",
    "Pools",
    "Quoting",
    "Replacement",
    "Submitting",
    "Wanted",
    "Watching",
    "WebhookChange",
    "WebhookWish",
    "cancel_all",
    "following",
    "listing",
    "order_id",
    "pairs",
    "period",
    "pools",
    "quoting",
    "reference",
    "replacement",
    "request_id",
    "submission",
    "submitting",
    "switch_seconds",
    "wanted",
    "watching",
    "webhook_change",
    "webhook_id",
    "webhook_wish",
    "within_order",
]
