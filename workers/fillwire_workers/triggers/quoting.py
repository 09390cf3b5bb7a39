"""Whether a limit is met: by the best route for the whole amount over the market as it is at one moment.

A larger amount never has a better average price. So one quote answers for all orders that ask for more of a price with
more, and for all that ask for less with less, and a hundred orders at a level cost a route or two.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fillwire_dex import Listing, Route, Snapshot, Unquotable, router, tokens
from fillwire_orders.order import Routing
from fillwire_orders.resting import RestingOrder
from fillwire_workers import wire

__all__ = ["Quotes", "Verdict"]

_ROUNDED: Final = 8
"""By how many units the legs of a route may have rounded."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a limit's quote says.

    `price` is the average one of the whole amount, or of a larger one that is good enough; `None`: there is no quote.
    `short` is by what the price must rise to meet the limit, as a factor; `None`: a better price would not help.
    """

    met: bool
    price: Decimal | None = None
    short: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """A route that was found: its exact amount, what it gives and what it takes."""

    exact: int
    out: int
    given: int
    price: Decimal


class Quotes:
    """Quotes of one moment; `now` is in unix seconds."""

    def __init__(self, listings: Mapping[str, Listing], *, halted: Collection[str], slot: int, now: int) -> None:
        self._listings = tuple(one for one in listings.values() if one.venue not in halted)
        self._slot = slot
        self._now = now
        self._known: defaultdict[tuple[object, ...], list[_Known]] = defaultdict(list)

    def verdict(self, order: RestingOrder) -> Verdict:
        """Whether the whole amount can be swapped at the order's limit or better, within its other bounds."""
        known = self._known[order.pair, order.routing, order.amount_in is None]
        for one in known:
            if (told := _told(one, order)) is not None:
                return told
        try:
            route = self._route(order, order.routing)
        except Unquotable:
            return Verdict(met=False)
        known.append(_known(route, order))
        return _verdict(route, order)

    def _route(self, order: RestingOrder, routing: Routing) -> Route:
        sold, bought = tokens.find(order.token_in), tokens.find(order.token_out)
        snapshot = Snapshot(sold, bought, self._slot, self._now, self._listings)
        return router.best(snapshot, amount_in=order.amount_in, amount_out=order.amount_out, **wire.limits(routing))


def _known(route: Route, order: RestingOrder) -> _Known:
    exact = route.amount_out if order.amount_in is None else route.amount_in
    return _Known(exact, route.amount_out, route.amount_in, route.price)


def _told(one: _Known, order: RestingOrder) -> Verdict | None:
    """What the quote for another amount says of this order; `None`: nothing."""
    exact, out, given = _asked(order)
    if one.exact <= exact and (one.out + _ROUNDED) * given < out * (one.given - _ROUNDED):
        return Verdict(met=False, price=one.price, short=_short(one.out, one.given, out, given))
    if one.exact >= exact and one.out * given >= out * one.given and order.max_price_impact_bps is None:
        return Verdict(met=True, price=one.price)
    return None


def _verdict(route: Route, order: RestingOrder) -> Verdict:
    _, out, given = _asked(order)
    if route.amount_out * given < out * route.amount_in:
        return Verdict(met=False, price=route.price, short=_short(route.amount_out, route.amount_in, out, given))
    if order.max_price_impact_bps is not None and route.price_impact_bps > order.max_price_impact_bps:
        return Verdict(met=False, price=route.price)
    return Verdict(met=True, price=route.price)


def _short(out: int, given: int, wanted_out: int, wanted_given: int) -> Decimal:
    return Decimal(wanted_out * given) / Decimal(max(out, 1) * wanted_given)


def _asked(order: RestingOrder) -> tuple[int, int, int]:
    """The amount that is exact, and the price that is asked for, as what is to be got for what is given at most."""
    bound = order.bound or 0
    if order.amount_in is not None:
        return order.amount_in, bound, order.amount_in
    exact = order.amount_out or 0
    return exact, exact, bound
