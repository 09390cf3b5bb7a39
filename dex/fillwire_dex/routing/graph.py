"""Which swaps may take part: every allowed pool in each direction that lies on a way to the token wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Self

from fillwire_dex.pools.pool import Direction, Segment, Swap
from fillwire_dex.routing.curves import curve
from fillwire_dex.routing.ladder import Curve, Ladder, ladder
from fillwire_dex.routing.request import Request
from fillwire_dex.snapshot import Listing, Snapshot
from fillwire_dex.tokens import Token

SOURCE: Final = 0
TARGET: Final = 1

Pair = tuple[int, int]
"""The numbers of the token sold and of the token bought."""

Offer = tuple[int, int, float]
"""Those numbers, and the price of the first unit."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One pool in one direction: sells token number `tail` for token number `head`.

    `kept` is the share of its quotes that is believed.
    """

    listing: Listing
    direction: Direction
    tail: int
    head: int
    curve: Curve
    ladder: Ladder
    kept: float

    @property
    def pair(self) -> Pair:
        return self.tail, self.head

    def distrusted(self) -> Self:
        """Return it with the curve that is believed."""
        if self.kept == 1:
            return self
        believed = _scaled(self.curve, self.kept)
        return replace(self, curve=believed, ladder=ladder(believed))

    def sell(self, amount_in: int, now: int) -> Swap:
        return self.listing.pool.quote_exact_in(self.direction, amount_in, now=now)

    def buy(self, amount_out: int, now: int) -> Swap:
        return self.listing.pool.quote_exact_out(self.direction, amount_out, now=now)


@dataclass(frozen=True, slots=True)
class Graph:
    """The tokens, numbered: that sold is 0, that bought is 1; and the passages, in the order of their pools' ids.

    `considered` are the listings on some way of at most `max_hops` swaps, whether they may be used or not, each with a
    direction in which it lies on one.
    `offers` are the passages' tails, heads and prices of a first unit, 0 where they take nothing.
    `by_pair` are the numbers of the passages of a pair of tokens, `rates` the best price of a first unit among them.
    """

    tokens: tuple[Token, ...]
    passages: tuple[Passage, ...]
    offers: tuple[Offer, ...]
    by_pair: Mapping[Pair, tuple[int, ...]]
    rates: Mapping[Pair, float]
    considered: tuple[tuple[Listing, Pair], ...]
    now: int

    @classmethod
    def of(cls, snapshot: Snapshot, request: Request) -> Self:
        """Return what a snapshot offers within the request's limits."""
        tokens = _tokens(snapshot)
        numbers = {token.mint: number for number, token in enumerate(tokens)}
        listings = [(numbers[one.token_a.mint], numbers[one.token_b.mint], one) for one in snapshot.listings]
        near = _pairs(frozenset((a, b) for a, b, _ in listings), request.max_hops)
        allowed = [entry for entry in listings if request.permits(entry[2].venue)]
        pairs = near
        if len(allowed) != len(listings):
            pairs = _pairs(frozenset((a, b) for a, b, _ in allowed), request.max_hops)
        considered = tuple((one, pair) for a, b, one in listings if (pair := _ahead(a, b, near)) is not None)
        passages = tuple(_passages(sorted(allowed, key=lambda entry: entry[2].id), pairs, snapshot.now, request))
        offers, by_pair = _offers(passages), _by_pair(passages)
        return cls(tokens, passages, offers, by_pair, _rates(offers), considered, snapshot.now)

    @property
    def direct(self) -> tuple[int, ...]:
        """The passages of the pair itself."""
        return self.by_pair.get((SOURCE, TARGET), ())

    @property
    def between(self) -> range:
        """The tokens on the way."""
        return range(2, len(self.tokens))

    def distrusted(self) -> Self:
        """Return it with the curves that are believed."""
        passages = tuple(passage.distrusted() for passage in self.passages)
        offers = _offers(passages)
        return replace(self, passages=passages, offers=offers, rates=_rates(offers))


def _tokens(snapshot: Snapshot) -> tuple[Token, ...]:
    """Return the tokens of a snapshot: that sold, that bought, the others by mint."""
    source, target = snapshot.token_in, snapshot.token_out
    named = {one.token_a.mint: one.token_a for one in snapshot.listings}
    named.update((one.token_b.mint, one.token_b) for one in snapshot.listings)
    others = sorted(named.keys() - {source.mint, target.mint})
    return (source, target, *(named[mint] for mint in others))


@lru_cache(maxsize=256)
def _pairs(traded: frozenset[Pair], max_hops: int) -> frozenset[Pair]:
    """Return the directed pairs on some way of at most `max_hops` swaps."""
    directed = {(a, b) for a, b in traded} | {(b, a) for a, b in traded}
    if max_hops == 1:
        return frozenset(directed & {(SOURCE, TARGET)})
    onward = {(tail, head) for tail, head in directed if head != SOURCE and tail != TARGET}
    away = _distances(onward, SOURCE)
    left = _distances({(head, tail) for tail, head in onward}, TARGET)
    return frozenset(
        (tail, head)
        for tail, head in onward
        if tail in away and head in left and away[tail] + 1 + left[head] <= max_hops
    )


def _ahead(a: int, b: int, pairs: Collection[Pair]) -> Pair | None:
    """Return the direction of a pool that is among `pairs`."""
    return next((pair for pair in ((a, b), (b, a)) if pair in pairs), None)


def _distances(pairs: Iterable[Pair], start: int) -> dict[int, int]:
    """Return how many swaps each token is away from `start`."""
    heads: dict[int, list[int]] = {}
    for tail, head in pairs:
        heads.setdefault(tail, []).append(head)
    distances, edge, steps = {start: 0}, [start], 0
    while edge:
        steps += 1
        edge = [head for head in {head for tail in edge for head in heads.get(tail, ())} if head not in distances]
        distances.update(dict.fromkeys(edge, steps))
    return distances


def _passages(
    listings: Iterable[tuple[int, int, Listing]], pairs: Collection[Pair], now: int, request: Request
) -> Iterable[Passage]:
    for a, b, listing in listings:
        kept = 1 - request.haircuts.get(listing.venue, 0.0) / 10_000
        if (a, b) in pairs:
            yield Passage(listing, Direction.A_TO_B, a, b, *curve(listing.pool, Direction.A_TO_B, now=now), kept)
        if (b, a) in pairs:
            yield Passage(listing, Direction.B_TO_A, b, a, *curve(listing.pool, Direction.B_TO_A, now=now), kept)


def _by_pair(passages: Sequence[Passage]) -> dict[Pair, tuple[int, ...]]:
    numbers: dict[Pair, list[int]] = {}
    for number, passage in enumerate(passages):
        numbers.setdefault(passage.pair, []).append(number)
    return {pair: tuple(found) for pair, found in numbers.items()}


def _offers(passages: Iterable[Passage]) -> tuple[Offer, ...]:
    return tuple((one.tail, one.head, one.curve[0].price if one.curve else 0.0) for one in passages)


def _rates(offers: Iterable[Offer]) -> dict[Pair, float]:
    rates: dict[Pair, float] = {}
    for tail, head, rate in offers:
        rates[tail, head] = max(rate, rates.get((tail, head), 0.0))
    return rates


@lru_cache(maxsize=1_024)
def _scaled(curve: Curve, kept: float) -> Curve:
    """Return a curve of which only a share is believed."""
    return tuple(Segment(segment.price * kept, segment.depth, segment.capacity) for segment in curve)
