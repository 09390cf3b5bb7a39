"""From requests to what they mean; whatever is wrong with one is told at once, field by field."""

from fillwire_server.validation.changing import CancelAll, Replacement, cancel_all, replacement, switch_seconds
from fillwire_server.validation.listing import Listing, listing
from fillwire_server.validation.market import Pools, Wanted, pools, wanted
from fillwire_server.validation.submission import Ask, submission
from fillwire_server.validation.watching import Watching, order_id, reference, request_id, watching

__all__ = [
    "Ask",
    "CancelAll",
    "Listing",
    "Pools",
    "Replacement",
    "Wanted",
    "Watching",
    "cancel_all",
    "listing",
    "order_id",
    "pools",
    "reference",
    "replacement",
    "request_id",
    "submission",
    "switch_seconds",
    "wanted",
    "watching",
]
