"""The convex program of an order, in units in which its numbers are about 1.

Every token is counted by its worth at some prices, as a part of what the order is worth.
Where arbitrage sends far more round than the order, that is the unit instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fillwire_dex.network.curves import Floats
from fillwire_dex.network.flat import Flat, Ints, by_place

MOST_UNITS: Final = 1e15
"""Stands for an infinite capacity: no swap takes so many times the unit."""


@dataclass(frozen=True, slots=True)
class Program:
    """Make most of what is left of token `asked`, with nothing missing of the others, `free`.

    `supply` is what each token has from outside: nothing but for token `given`, and less than nothing to buy it.
    `across` and `within` are the places in a table by token and token, as one row: of each edge, and of the free tokens.
    """

    flat: Flat
    supply: Floats
    given: int
    asked: int
    free: Ints
    across: Ints
    within: Ints

    @property
    def tokens(self) -> int:
        return len(self.supply)

    def balance(self, inputs: Floats, outputs: Floats) -> Floats:
        """Return what is left of each token, from flows by segment."""
        flat = self.flat
        came = by_place(flat.heads, flat.by_edge(outputs), self.tokens)
        went = by_place(flat.tails, flat.by_edge(inputs), self.tokens)
        return came - went + self.supply


def program(flat: Flat, worth: Floats, unit: float, *, supply: float, given: int, asked: int) -> Program:
    """Return the program that counts in `worth` (a price by token) / `unit`.

    `supply` is what there is of token `given`: positive when it is sold, negative when it is to be bought.
    """
    tokens = np.arange(len(worth))
    supplies = np.where(tokens == given, supply, 0.0)
    free = np.flatnonzero(tokens != asked)
    across, within = flat.tails * len(worth) + flat.heads, free[:, None] * len(worth) + free
    return Program(_scaled(flat, worth, unit), supplies, given, asked, free, across, within)


def _scaled(flat: Flat, worth: Floats, unit: float) -> Flat:
    paid = worth[flat.tail]
    scale = paid / unit
    return replace(
        flat,
        price=flat.price * worth[flat.head] / paid,
        bend=flat.bend / scale,
        capacity=np.minimum(flat.capacity * scale, MOST_UNITS),
    )
