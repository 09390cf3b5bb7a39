"""Where a pool stands on its ladder: the price, and the tick that says which ranges it is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fillwire_dex.errors import UnsupportedPool
from fillwire_dex.pools.concentrated.course import Point
from fillwire_dex.pools.concentrated.ladder import Ladder
from fillwire_dex.pools.concentrated.scale import LAST_TICK, ONE
from fillwire_dex.pools.pool import Direction


@dataclass(frozen=True, slots=True)
class Place:
    """A price that fell exactly to a tick and crossed it stands at that tick less one.

    So the tick must be carried: it does not always follow from the price.
    """

    ladder: Ladder = field(repr=False)
    sqrt_price: int
    tick: int

    def __post_init__(self) -> None:
        scale = self.ladder.scale
        if not -LAST_TICK - 1 <= self.tick <= LAST_TICK:
            raise UnsupportedPool(f"no pool stands at tick {self.tick}")
        if not scale.sqrt_price_at(self.tick) <= self.sqrt_price <= scale.sqrt_price_at(self.tick + 1):
            raise UnsupportedPool("the price is not within its tick")

    @classmethod
    def stated(cls, ladder: Ladder, state: Mapping[str, Any]) -> Place:
        """Return the place on this ladder that a pool's state names; raises UnsupportedPool."""
        place = cls(ladder, int(state["sqrt_price_x64"]), int(state["tick_current"]))
        if place.liquidity != int(state["liquidity"]):
            raise UnsupportedPool("the liquidity is not that of the ranges at this tick")
        return place

    def state(self) -> Mapping[str, object]:
        return {
            "sqrt_price_x64": str(self.sqrt_price),
            "tick_current": self.tick,
            "liquidity": str(self.liquidity),
            "ticks": self.ladder.state(),
        }

    @property
    def liquidity(self) -> int:
        return self.ladder.liquidity(self.tick)

    @property
    def price(self) -> float:
        """Raw units of b for one raw unit of a."""
        return (self.sqrt_price / ONE) ** 2

    def point(self, direction: Direction) -> Point:
        return Point(self.ladder.rung(direction, self.tick), self.sqrt_price)

    def moved(self, direction: Direction, end: Point) -> Place:
        """Return the place where a swap ended."""
        way, crossed = self.ladder.way(direction), end.rung - self.ladder.rung(direction, self.tick)
        if crossed and end.sqrt_price == way.targets[end.rung - 1]:
            tick = way.ticks[end.rung - 1] - way.down
        elif end.sqrt_price == self.sqrt_price:
            tick = self.tick
        else:
            tick = self.ladder.scale.tick_at(end.sqrt_price)
        return Place(self.ladder, end.sqrt_price, tick)

    def reserves(self) -> tuple[int, int]:
        return self.ladder.reserves(self.tick, self.sqrt_price)
