"""The price before the trade: what one unit is worth between the pools' prices, before fees and without impact."""

from __future__ import annotations

from collections.abc import Iterable

from fillwire_dex.depth import depth
from fillwire_dex.pools.pool import Direction
from fillwire_dex.routing.graph import SOURCE, TARGET, Graph, Pair, Passage


def mid_price(graph: Graph) -> float:
    """Return the mid in raw units of the token bought for one raw unit of that sold.

    A pair's mid is that of its pools, weighted by their depth as in `fillwire_dex.prices`, so that a nearly empty pool
    with an odd price does not move it.
    Where no pool trades the pair itself, it is the product of the mids along the way that is best after fees.
    """
    product = 1.0
    for pair in _way(graph):
        product *= _mid(graph.passages[number] for number in graph.by_pair[pair])
    return product


def _mid(passages: Iterable[Passage]) -> float:
    told = [_told(passage) for passage in passages if passage.curve]
    weight = sum(depth_sold for _, depth_sold in told)
    if not weight:  # no pool has anything near its price
        return sum(price for price, _ in told) / len(told)
    return sum(price * depth_sold for price, depth_sold in told) / weight


def _told(passage: Passage) -> tuple[float, float]:
    """Return the price that a pool names, and its depth in raw units of the token sold."""
    pool = passage.listing.pool
    spot, in_b = pool.spot_price(), depth(pool)
    return (spot, in_b / spot) if passage.direction is Direction.A_TO_B else (1 / spot, in_b)


def _way(graph: Graph) -> list[Pair]:
    """Return the pairs to go through: the pair itself, or the way whose first unit brings most."""
    rates = graph.rates
    if rates.get((SOURCE, TARGET)):
        return [(SOURCE, TARGET)]
    reached: dict[int, tuple[float, list[Pair]]] = {SOURCE: (1.0, [])}
    for _ in graph.tokens:
        for (tail, head), rate in rates.items():
            before, way = reached.get(tail, (0.0, []))
            visited = head == SOURCE or any(head in pair for pair in way)
            if not visited and before * rate > reached.get(head, (0.0, []))[0]:
                reached[head] = before * rate, [*way, (tail, head)]
    return reached[TARGET][1]
