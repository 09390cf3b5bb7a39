"""A market as real-valued oracles see it: tokens, and pools as edges with a curve each.

Written apart from the router's own network on purpose: an oracle that shared it would share its faults.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from fillwire_dex import Direction, Listing, Mode, Segment, Snapshot, Token
from tests.proof.markets import Market
from tests.proof.orders import Order

Pair = tuple[Token, Token]


@dataclass(frozen=True, slots=True)
class Edge:
    """One pool in one direction."""

    listing: Listing
    direction: Direction
    tail: Token
    head: Token
    curve: tuple[Segment, ...]

    @property
    def pair(self) -> Pair:
        return self.tail, self.head


@dataclass(frozen=True, slots=True)
class Graph:
    """The edges that lie on some simple path of at most `max_hops` swaps.

    All of them together may have longer paths, and cycles: no execution uses those, but a flow might (see `shortened`).
    `units` is the scale of each token, in raw units: amounts that are worth as much as the order.
    """

    source: Token
    target: Token
    mode: Mode
    amount: int
    max_hops: int
    edges: tuple[Edge, ...]
    units: Mapping[Token, float]

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All tokens that an edge joins, and the two ends."""
        ends = {self.source: None, self.target: None}
        return tuple(ends | {token: None for edge in self.edges for token in (edge.tail, edge.head)})


def graph(market: Market, order: Order) -> Graph:
    """Return what `order` may use of the market."""
    snapshot = market.snapshot
    pairs = _pairs(snapshot, order.max_hops)
    edges = [edge for edge in _edges(snapshot) if (edge.tail, edge.head) in pairs]
    fixed = snapshot.token_in if order.mode is Mode.EXACT_IN else snapshot.token_out
    worth = order.amount * market.values[fixed]
    units = {token: worth / value for token, value in market.values.items()}
    return Graph(snapshot.token_in, snapshot.token_out, order.mode, order.amount, order.max_hops, tuple(edges), units)


def shortened(network: Graph, flows: Sequence[float]) -> Graph:
    """Return the edges whose pairs of tokens, those with the greatest flows first, make no path of too many hops."""
    worth: defaultdict[Pair, float] = defaultdict(float)
    for edge, flow in zip(network.edges, flows, strict=True):
        end = edge.tail if network.mode is Mode.EXACT_IN else edge.head
        worth[edge.pair] += flow / network.units[end]
    kept: list[Pair] = []
    for pair in sorted(worth, key=worth.__getitem__, reverse=True):
        longest = hops([*kept, pair], network.source)
        if longest is not None and longest <= network.max_hops:
            kept.append(pair)
    return replace(network, edges=tuple(edge for edge in network.edges if edge.pair in kept))


def hops(pairs: Iterable[Pair], source: Token) -> int | None:
    """Return how many steps the longest path from the source takes; None if the steps go in a circle."""
    tails: dict[Token, set[Token]] = {source: set()}
    for tail, head in pairs:
        tails.setdefault(head, set()).add(tail)
    longest: dict[Token, int] = {}
    try:
        for token in TopologicalSorter(tails).static_order():
            reached = [longest[tail] + 1 for tail in tails.get(token, ()) if tail in longest]
            if token == source or reached:
                longest[token] = max(reached, default=0)
    except CycleError:
        return None
    return max(longest.values())


def _edges(snapshot: Snapshot) -> Iterator[Edge]:
    for listing in snapshot.listings:
        for direction in Direction:
            ends = (listing.token_a, listing.token_b)
            tail, head = ends if direction is Direction.A_TO_B else ends[::-1]
            yield Edge(listing, direction, tail, head, listing.pool.segments(direction, now=snapshot.now))


def _pairs(snapshot: Snapshot, max_hops: int) -> set[Pair]:
    """Return the steps from token to token that simple paths of at most `max_hops` take."""
    nexts: defaultdict[Token, set[Token]] = defaultdict(set)
    for listing in snapshot.listings:
        nexts[listing.token_a].add(listing.token_b)
        nexts[listing.token_b].add(listing.token_a)
    pairs: set[Pair] = set()
    paths: list[tuple[Token, ...]] = [(snapshot.token_in,)]
    for _ in range(max_hops):
        paths = [(*path, step) for path in paths for step in nexts[path[-1]] if step not in path]
        for path in paths:
            if path[-1] == snapshot.token_out:
                pairs.update(itertools.pairwise(path))
        paths = [path for path in paths if path[-1] != snapshot.token_out]
    return pairs
