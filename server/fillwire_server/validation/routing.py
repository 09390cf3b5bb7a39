"""Limits of a route, for orders and for quotes."""

from collections.abc import Collection
from typing import Final

from fillwire.v1.route_pb2 import RoutingOptions
from fillwire_orders import Routing
from fillwire_server.validation.form import Form

__all__ = ["routing"]

_DEFAULT: Final = Routing()


def routing(form: Form, field: str, options: RoutingOptions | None, known: Collection[str]) -> Routing:
    """What a route may use; `known` are the venues there are. Equal limits give equal values."""
    if options is None:
        return _DEFAULT
    form.known(field, options)
    include = form.venues(f"{field}.include_venues", options.include_venues, known)
    exclude = form.venues(f"{field}.exclude_venues", options.exclude_venues, known)
    if not set(include).isdisjoint(exclude):
        form.refuse(f"{field}.exclude_venues", "must not name what include_venues names")
    return Routing(
        max_legs=_limit(form, f"{field}.max_legs", options.max_legs, 16) if options.HasField("max_legs") else None,
        max_hops=_limit(form, f"{field}.max_hops", options.max_hops, 4) if options.HasField("max_hops") else None,
        include_venues=include,
        exclude_venues=exclude,
    )


def _limit(form: Form, field: str, value: int, high: int) -> int:
    return form.number(field, value, 1, high)
