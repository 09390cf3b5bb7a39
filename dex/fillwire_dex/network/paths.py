"""Which edges lie on a way from source to target, and what tokens are worth before the first swap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from fillwire_dex.network.edge import Edge


@dataclass(frozen=True, slots=True)
class Ways:
    """How source and target are joined by chains of first units.

    `edges` are the numbers of those on a way from source to target, no other can be of use.
    `rates` are how much of each token the first unit of the source buys by the best chain,
    `yields` how much of the target the first unit of each token brings; 0 where there is no chain.
    """

    edges: list[int]
    rates: list[float]
    yields: list[float]

    def mids(self, target: int) -> list[float]:
        """Return a price of each token in units of the target, 0 for one that no way passes.

        What the target costs through a token and what the token brings enclose its price: it is their middle.
        """
        cost = self.rates[target]
        pairs = zip(self.rates, self.yields, strict=True)
        return [sqrt(cost / rate) * sqrt(brings) if rate else 0.0 for rate, brings in pairs]


def ways(edges: Sequence[Edge], *, tokens: int, source: int, target: int) -> Ways:
    """Find the best chains by Bellman and Ford, on products; none is longer than `tokens` - 1 swaps."""
    steps = [(edge.tail, edge.head, edge.curve[0].price) for edge in edges if edge.curve]
    rates = _reached(steps, tokens, source)
    yields = _reached([(head, tail, price) for tail, head, price in steps], tokens, target)
    useful = [
        number for number, edge in enumerate(edges) if edge.curve and rates[edge.tail] > 0 and yields[edge.head] > 0
    ]
    return Ways(useful, rates, yields)


def _reached(steps: Sequence[tuple[int, int, float]], tokens: int, start: int) -> list[float]:
    best = [0.0] * tokens
    best[start] = 1.0
    for _ in range(tokens - 1):
        settled = True
        for near, far, price in steps:
            reached = best[near] * price
            if reached > best[far]:
                best[far] = reached
                settled = False
        if settled:
            break
    return best
