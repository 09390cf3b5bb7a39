"""One pair's side of the book: the orders that wait for its mid, and what a mid does to them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from fillwire_orders.order import OrderType
from fillwire_orders.resting import RestingOrder
from fillwire_workers.triggers.ladder import Ladder
from fillwire_workers.triggers.trails import Trails

__all__ = ["Hit", "Side"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """That an order's condition is met, and by what."""

    order: RestingOrder
    condition: OrderType
    price: Decimal | None = None
    best_price: Decimal | None = None
    pool: str = ""


class Side:
    """Who is not `alive` any more is passed over; `mid` is the last one that was taken, `None`: there is news."""

    __slots__ = ("falling", "mid", "rising", "trails")

    def __init__(self, alive: Callable[[RestingOrder], bool]) -> None:
        self.mid: Decimal | None = None
        self.rising = Ladder(alive)
        # At their negative prices: what falls to a price rises to its negative.
        self.falling = Ladder(alive)
        self.trails = Trails(alive)

    def turn(self, mid: Decimal) -> Iterator[Hit]:
        """Takes a mid; gives, and takes off, what fires by it."""
        self.mid = mid
        for order in self.falling.reach(-mid):
            yield Hit(order=order, condition=OrderType.STOP, price=mid)
        for order in self.rising.reach(mid):
            yield Hit(order=order, condition=OrderType.TAKE_PROFIT, price=mid)
        for order, peak in self.trails.turn(mid):
            yield Hit(order=order, condition=OrderType.TRAILING_STOP, price=mid, best_price=peak)
