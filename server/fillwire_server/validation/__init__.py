"""From requests to what they mean; whatever is wrong with one is told at once, field by field."""

from fillwire_server.validation.listing import Listing, listing
from fillwire_server.validation.market import Wanted, wanted
from fillwire_server.validation.submission import Ask, submission
from fillwire_server.validation.watching import Watching, order_id, request_id, watching

__all__ = [
    "Ask",
    "Listing",
    "Wanted",
    "Watching",
    "listing",
    "order_id",
    "request_id",
    "submission",
    "wanted",
    "watching",
]
