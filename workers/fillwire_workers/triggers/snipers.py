"""Snipers: wait for a pool of their pair that was founded, or was moved to, after they were accepted.

A pool is told by its birth, not by having been seen to appear: one that appeared while nobody looked fires them too.
One that is born with too little of the token that is sold is watched until it holds enough.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Final

from fillwire_dex import Listing
from fillwire_dex.snapshot import Origin
from fillwire_orders.conditions import Sniper, Trigger
from fillwire_orders.order import OrderId
from fillwire_orders.resting import RestingOrder

__all__ = ["Snipers"]

Pair = tuple[str, str]

_ORIGINS: Final = {
    Trigger.ANY: frozenset({Origin.FOUNDED, Origin.MIGRATED}),
    Trigger.POOL_CREATED: frozenset({Origin.FOUNDED}),
    Trigger.LIQUIDITY_MIGRATED: frozenset({Origin.MIGRATED}),
}


class _Hunt:
    """Those who would take one pool, the least liquidity first."""

    __slots__ = ("listing", "orders")

    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        self.orders: list[tuple[int, int, RestingOrder]] = []


class Snipers:
    """See the module; who is not `alive` any more is passed over."""

    def __init__(self, alive: Callable[[RestingOrder], bool]) -> None:
        self._alive = alive
        self._numbers = count()
        self._orders: defaultdict[Pair, dict[OrderId, RestingOrder]] = defaultdict(dict)
        # By pair as it is sold, and by pool.
        self._hunts: defaultdict[Pair, dict[str, _Hunt]] = defaultdict(dict)
        self._listings: Mapping[str, Listing] = {}

    def add(self, order: RestingOrder) -> None:
        """Takes an order; the pools that are there already may be what it waits for."""
        self._orders[order.pair][order.id] = order
        for hunt in self._hunts[order.pair].values():
            self._join(hunt, order)

    def remove(self, order: RestingOrder) -> None:
        """Forgets an order."""
        self._orders[order.pair].pop(order.id, None)

    def turn(self, listings: Mapping[str, Listing]) -> Iterator[tuple[RestingOrder, str]]:
        """Takes the market; gives, and takes off, those that fire, each with its pool."""
        if listings is self._listings and not any(self._orders.values()):
            return
        if listings.keys() != self._listings.keys():
            self._meet(listings)
        self._listings = listings
        for pair, hunts in self._hunts.items():
            if self._orders[pair]:
                for id_, hunt in hunts.items():
                    hunt.listing = listings[id_]
                    yield from ((order, id_) for order in self._shot(hunt, pair))

    def _meet(self, listings: Mapping[str, Listing]) -> None:
        """Begins to hunt pools that are new, and ends to hunt those that are gone."""
        for hunts in self._hunts.values():
            for id_ in hunts.keys() - listings.keys():
                del hunts[id_]
        for id_ in listings.keys() - self._listings.keys():
            listing = listings[id_]
            if listing.origin is not Origin.GENESIS:
                a, b = listing.token_a.symbol, listing.token_b.symbol
                for pair in ((a, b), (b, a)):
                    hunt = self._hunts[pair][id_] = _Hunt(listing)
                    for order in self._orders[pair].values():
                        self._join(hunt, order)

    def _join(self, hunt: _Hunt, order: RestingOrder) -> None:
        sniper = order.condition
        assert isinstance(sniper, Sniper)  # noqa: S101 - the book adds no others
        if hunt.listing.founded_at > order.armed_at and hunt.listing.origin in _ORIGINS[sniper.trigger]:
            heapq.heappush(hunt.orders, (sniper.min_liquidity or 0, next(self._numbers), order))

    def _shot(self, hunt: _Hunt, pair: Pair) -> Iterator[RestingOrder]:
        a, b = hunt.listing.pool.reserves()
        held = a if hunt.listing.token_a.symbol == pair[0] else b
        while hunt.orders and hunt.orders[0][0] <= held:
            _, _, order = heapq.heappop(hunt.orders)
            if self._alive(order):
                self.remove(order)
                yield order
