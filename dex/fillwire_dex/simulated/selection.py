"""Which pools a read is about: those on some way from the token that is sold to the one that is bought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fillwire_dex.simulated import paths
from fillwire_dex.simulated.mirror import Listings, Sight
from fillwire_dex.simulated.paths import Pair
from fillwire_dex.snapshot import Listing
from fillwire_dex.tokens import Token


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: all pools on ways of at most `max_hops` swaps."""

    token_in: Token
    token_out: Token
    max_hops: int


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The pools for one question, by venue; as long as `listings` are the same they are the answer."""

    listings: Listings
    roster: object
    pairs: frozenset[Pair]
    by_venue: Mapping[str, Sequence[Listing]]


@dataclass(slots=True)
class Selections:
    """Answers, kept until something changes."""

    _chosen: dict[Wanted, _Chosen] = field(default_factory=dict)

    def of(self, wanted: Wanted, sight: Sight) -> Mapping[str, Sequence[Listing]]:
        """Return the pools by venue, those of each by id."""
        known = self._chosen.get(wanted)
        if known is None or known.listings is not sight.listings:
            pairs = known.pairs if known is not None and known.roster is sight.roster else _pairs(wanted, sight)
            known = _Chosen(sight.listings, sight.roster, pairs, _by_venue(sight.listings, pairs))
            self._chosen[wanted] = known
        return known.by_venue


def _pairs(wanted: Wanted, sight: Sight) -> frozenset[Pair]:
    traded = {_pair(listing) for listing in sight.listings.values()}
    return paths.between(traded, wanted.token_in.mint, wanted.token_out.mint, max_hops=wanted.max_hops)


def _by_venue(listings: Listings, pairs: frozenset[Pair]) -> Mapping[str, Sequence[Listing]]:
    chosen: defaultdict[str, list[Listing]] = defaultdict(list)
    for listing in listings.values():
        if _pair(listing) in pairs:
            chosen[listing.venue].append(listing)
    return chosen


def _pair(listing: Listing) -> Pair:
    return paths.pair(listing.token_a.mint, listing.token_b.mint)
