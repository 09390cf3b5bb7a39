"""The orders put to a market: both modes without limits, and one with few legs that cost something."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from fillwire_dex import Mode, Snapshot
from tests.proof.economy import Coin, spread

_SMALLEST = 0.01
"""Dollars."""


@dataclass(frozen=True, slots=True)
class Order:
    """`amount` is what is sold or, exact out, bought; the legs' cost is in raw units of the other side."""

    mode: Mode
    amount: int
    max_legs: int
    max_hops: int
    leg_cost: int = 0

    @property
    def free(self) -> bool:
        """Whether nothing but the pools limits the route."""
        return self.leg_cost == 0

    def net(self, other: int, legs: int) -> int:
        """Return what an execution is worth: the other amount, worsened by what its legs cost."""
        cost = self.leg_cost * legs
        return other - cost if self.mode is Mode.EXACT_IN else other + cost


def orders(chance: Random, snapshot: Snapshot, sold: Coin, bought: Coin) -> tuple[Order, ...]:
    """Return orders of a cent up to a third of what the pools hold of the coin that is bought."""
    most = max(_SMALLEST * 10, 0.3 * held(snapshot, bought))
    hops, every = chance.choice((2, 3, 4)), len(snapshot.listings)
    few, dollars = chance.randint(1, 4), [spread(chance, _SMALLEST, most) for _ in range(3)]
    cost = spread(chance, 1e-4, 1)
    return (
        Order(Mode.EXACT_IN, sold.units(dollars[0]), every, hops),
        Order(Mode.EXACT_OUT, bought.units(dollars[1]), every, hops),
        Order(Mode.EXACT_IN, sold.units(dollars[2]), few, hops, bought.units(cost)),
        Order(Mode.EXACT_OUT, bought.units(dollars[2]), few, hops, sold.units(cost)),
    )


def tiny_orders(chance: Random, snapshot: Snapshot) -> tuple[Order, ...]:
    every = len(snapshot.listings)
    few, cost = chance.randint(1, every), chance.randint(1, 3)
    return (
        Order(Mode.EXACT_IN, chance.randint(2, 60), every, 2),
        Order(Mode.EXACT_OUT, chance.randint(2, 60), every, 2),
        Order(Mode.EXACT_IN, chance.randint(2, 60), few, 2, cost),
        Order(Mode.EXACT_OUT, chance.randint(2, 60), few, 2, cost),
    )


def held(snapshot: Snapshot, coin: Coin) -> float:
    """Return the dollars of a coin in the pools; where it is not traded directly, all of them count."""
    units = 0
    for listing in snapshot.listings:
        reserve_a, reserve_b = listing.pool.reserves()
        if listing.token_a == coin.token:
            units += reserve_a
        if listing.token_b == coin.token:
            units += reserve_b
    return units * coin.value
