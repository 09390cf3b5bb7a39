"""Mid prices: what one whole token is worth in another by all pools together, whoever trades how much.

The mid of a pair is that of all pools that trade it, weighted by their depth (see `depth`), so that a nearly empty pool
with an odd price does not move it. Weighted so, the mid one way is 1 by the mid the other way.
A pair that no pool trades has the mid of a way through one other token, or two: the one whose shallowest pair is the
deepest, of equally deep ones the shortest. Its mid is the product of the mids on the way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import combinations, pairwise
from math import fsum
from types import MappingProxyType
from typing import Final

from fillwire_dex.depth import depth
from fillwire_dex.pools.pool import Pool
from fillwire_dex.snapshot import Listing

Pair = tuple[str, str]
"""The symbols of the token that is priced and of the one it is priced in."""

Prices = Mapping[Pair, Decimal]
"""In whole tokens with 15 digits, by pair and either way; a pair that no way joins is not there."""

_DIGITS: Final = Context(prec=15)
"""As many as a float holds of any number, so that a round price stays round."""

_MOST_HOPS: Final = 3


def mids(listings: Iterable[Listing], *, halted: Collection[str] = ()) -> Prices:
    """Return the mids of every pair; pools of `halted` venues do not count. See `Mids` for a market that goes on."""
    return Mids().of(listings, halted=halted)


@dataclass(frozen=True, slots=True)
class _Stake:
    """What a pool says of its pair, whose first symbol is the lesser: its depth in raw units of either token.

    The second by the first is the pool's price.
    """

    pool: Pool
    pair: Pair
    first: float
    second: float


@dataclass(frozen=True, slots=True)
class _Depth:
    """The stakes of all pools of a pair together."""

    first: float
    second: float

    def turned(self) -> _Depth:
        return _Depth(self.second, self.first)


class Mids:
    """The mids of a market as it goes on: what one reading shares with the one before is not worked out again."""

    def __init__(self) -> None:
        self._stakes: dict[str, _Stake] = {}
        self._depths: dict[Pair, _Depth] = {}
        self._decimals: dict[str, int] = {}
        self._ways: dict[Pair, tuple[tuple[str, ...], ...]] = {}
        self._raw: dict[Pair, float] = {}
        self._prices: Prices = MappingProxyType({})

    def of(self, listings: Iterable[Listing], *, halted: Collection[str] = ()) -> Prices:
        """Return the mids of these listings; the same object as before where none of them changed."""
        stakes: dict[str, _Stake] = {one.id: self._stake(one) for one in listings if one.venue not in halted}
        depths = self._summed(stakes)
        if depths != self._depths:
            if depths.keys() != self._depths.keys():
                self._ways = dict(_ways(depths))
            self._prices = self._priced(depths)
        self._stakes, self._depths = stakes, depths
        return self._prices

    def _stake(self, listing: Listing) -> _Stake:
        known = self._stakes.get(listing.id)
        return known if known is not None and known.pool is listing.pool else self._weighed(listing)

    def _weighed(self, listing: Listing) -> _Stake:
        a, b = listing.token_a, listing.token_b
        self._decimals |= {a.symbol: a.decimals, b.symbol: b.decimals}
        in_b = depth(listing.pool)
        in_a = in_b / listing.pool.spot_price()
        if a.symbol < b.symbol:
            return _Stake(listing.pool, (a.symbol, b.symbol), in_a, in_b)
        return _Stake(listing.pool, (b.symbol, a.symbol), in_b, in_a)

    def _summed(self, stakes: Mapping[str, _Stake]) -> dict[Pair, _Depth]:
        """Return the depth of every pair that has any; `fsum` makes it the same in whatever order pools are listed."""
        by_pair: defaultdict[Pair, list[_Stake]] = defaultdict(list)
        for stake in stakes.values():
            if stake.first > 0 and stake.second > 0:
                by_pair[stake.pair].append(stake)
        return {
            pair: _Depth(fsum(one.first for one in those), fsum(one.second for one in those))
            for pair, those in sorted(by_pair.items())
        }

    def _priced(self, depths: Mapping[Pair, _Depth]) -> Prices:
        raw = {pair: one.second / one.first for pair, one in depths.items()}
        raw |= {pair: _deepest(ways, depths) for pair, ways in self._ways.items()}
        prices: dict[Pair, Decimal] = {}
        for (first, second), mid in raw.items():
            if self._raw.get((first, second)) == mid:
                there, back = self._prices[first, second], self._prices[second, first]
            else:
                there = Decimal(f"{mid:.{_DIGITS.prec}g}").scaleb(self._decimals[first] - self._decimals[second])
                back = _DIGITS.divide(Decimal(1), there)
            prices[first, second], prices[second, first] = there, back
        self._raw = raw
        return MappingProxyType(prices)


def _ways(direct: Collection[Pair]) -> Iterator[tuple[Pair, tuple[tuple[str, ...], ...]]]:
    """Give the pairs that no pool trades, with the tokens of every way that joins them, the shortest ways first."""
    neighbours: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in direct:
        neighbours[one].add(other)
        neighbours[other].add(one)
    for pair in combinations(sorted(neighbours), 2):
        if pair not in direct and (found := tuple(_found(neighbours, *pair))):
            yield pair, tuple(sorted(found, key=lambda way: (len(way), way)))


def _found(neighbours: Mapping[str, Collection[str]], start: str, end: str) -> Iterator[tuple[str, ...]]:
    """Give the ways through one token or two, none of them twice through the same."""
    open_ways: list[tuple[str, ...]] = [(start,)]
    for _ in range(_MOST_HOPS):
        longer = [(*way, there) for way in open_ways for there in neighbours[way[-1]] if there not in way]
        yield from (way for way in longer if way[-1] == end)
        open_ways = [way for way in longer if way[-1] != end]


def _deepest(ways: Iterable[tuple[str, ...]], depths: Mapping[Pair, _Depth]) -> float:
    """Return the price at the end of the deepest way, of equals the first."""
    walked = [_walked(way, depths) for way in ways]
    _, price = max(walked, key=lambda each: each[0])
    return price


def _walked(way: tuple[str, ...], depths: Mapping[Pair, _Depth]) -> tuple[float, float]:
    """Return the depth of the shallowest pair on a way, in its first token, and the price at its end."""
    price, least = 1.0, float("inf")
    for tail, head in pairwise(way):
        pair = depths[tail, head] if tail < head else depths[head, tail].turned()
        least = min(least, pair.first / price)
        price *= pair.second / pair.first
    return least, price
