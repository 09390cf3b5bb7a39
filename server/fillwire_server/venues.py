"""Which venues there are, asked for the few requests that name any."""

from collections.abc import Awaitable, Callable, Collection
from typing import Final

from fillwire.v1.order_pb2 import OrderSpec

__all__ = ["VenueNames", "venues_of"]

VenueNames = Callable[[], Awaitable[Collection[str]]]
"""Asks which venues there are."""

_NO_VENUES: Final[Collection[str]] = ()


async def venues_of(spec: OrderSpec, names: VenueNames) -> Collection[str]:
    """The venues there are, if the order names some."""
    names_some = spec.routing.include_venues or spec.routing.exclude_venues
    return await names() if names_some else _NO_VENUES
