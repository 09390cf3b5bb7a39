"""Firing: what was found met is stored, once whoever else finds it too, and the workers are told."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import structlog

from fillwire_dex.prices import Prices
from fillwire_orders import OrderId
from fillwire_orders.queue import Dispatcher
from fillwire_orders.resting import Met, RestingOrders
from fillwire_workers import wire
from fillwire_workers.triggers.book import Hit

__all__ = ["Volley"]

_TOGETHER: Final = 1_000

log = structlog.get_logger()


class Volley:
    """What is met stays here until it is known to have fired, or not to rest any more as it did."""

    def __init__(self, resting: RestingOrders, dispatcher: Dispatcher) -> None:
        self._resting = resting
        self._dispatcher = dispatcher
        self._met: dict[OrderId, Met] = {}

    def __len__(self) -> int:
        """How many are met, and not known to have fired."""
        return len(self._met)

    def load(self, hits: Sequence[Hit], mids: Prices) -> None:
        """Takes what was found met, at these mids."""
        self._met.update({hit.order.id: _met(hit, mids.get(hit.order.pair)) for hit in hits})

    async def fire(self) -> int:
        """Fires all there are; how many this process has fired. Raises `StoreUnavailable`; then they are still here.

        What somebody is just changing stays as well, and is fired by the next call if it then rests as it did.
        """
        fired = 0
        met = list(self._met.values())
        for start in range(0, len(met), _TOGETHER):
            due = await self._resting.fire(met[start : start + _TOGETHER])
            self._dispatcher.announce_all(due)
            for one in due:
                del self._met[one.order_id]
            fired += len(due)
        if fired:
            log.info("orders_fired", orders=fired)
        await self._forget()
        return fired

    async def _forget(self) -> None:
        """Lets go of those that rest no more as they did: somebody else has fired, changed or ended them."""
        if self._met:
            left = {order.id: order.seq for order in await self._resting.of(list(self._met))}
            self._met = {id_: met for id_, met in self._met.items() if left.get(id_) == met.seq}


def _met(hit: Hit, mid: Decimal | None) -> Met:
    return Met(
        order_id=hit.order.id,
        seq=hit.order.seq,
        condition=hit.condition,
        price="" if hit.price is None else wire.plain(hit.price),
        pool=hit.pool,
        best_price="" if hit.best_price is None else wire.plain(hit.best_price),
        mid_price="" if mid is None else wire.plain(mid),
    )
