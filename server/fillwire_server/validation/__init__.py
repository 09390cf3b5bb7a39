"""From requests to what they mean; whatever is wrong with one is told at once, field by field."""

from fillwire_server.validation.listing import Listing, listing
from fillwire_server.validation.market import Pools, Wanted, pools, wanted
from fillwire_server.validation.submission import Ask, submission
from fillwire_server.validation.watching import Watching, order_id, request_id, watching

__all__ = [
    "Ask",
    "Listing",
    "Pools",
    "Wanted",
    "Watching",
    "listing",
    "order_id",
    "pools",
    "request_id",
    "submission",
    "wanted",
    "watching",
]
