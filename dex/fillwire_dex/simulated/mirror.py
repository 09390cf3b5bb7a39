"""What this process knows of the market: every pool decoded once, and only what changed since fetched again.

Blocks that change pools are numbered by the chain's height. A process that has heard of all up to one height asks for
what came after; so reading a market in which nothing happened neither fetches nor decodes a single pool.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from fillwire_dex import pools, tokens
from fillwire_dex.errors import MarketNotInstalled
from fillwire_dex.simulated.connection import Row
from fillwire_dex.simulated.faults import Rates, rating, scripted
from fillwire_dex.simulated.live import LivePool
from fillwire_dex.simulated.market_motion import MarketMotion
from fillwire_dex.snapshot import Birth, Listing, Origin, PoolId

Listings = Mapping[str, Listing]

_CHAIN_COLUMNS: Final = 8
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Sight:
    """The market as one statement saw it.

    `present` is the slot of its moment and `head` that of the last block. `listings` are all pools, by id, and `live`
    the same as a block works on them; `roster` is another object whenever one came or went.
    """

    present: int
    head: int
    height: int
    motion: MarketMotion
    rates: Rates
    genesis_ms: int
    slot_ms: int
    armed: tuple[scripted.Armed, ...]
    listings: Listings
    live: Mapping[str, LivePool]
    roster: object

    @property
    def slot(self) -> int:
        """The slot that the pools are of: in a still market they are as they will be found now."""
        return self.present if self.motion is MarketMotion.STILL else min(self.head, self.present)

    def time(self, slot: int) -> datetime:
        """Return the time at which a slot begins."""
        return _EPOCH + timedelta(milliseconds=self.genesis_ms + slot * self.slot_ms)

    @property
    def now(self) -> int:
        """The time of that slot."""
        return self.second(self.slot)

    def second(self, slot: int) -> int:
        """Return the time at which a slot begins, in unix seconds."""
        return (self.genesis_ms + slot * self.slot_ms) // 1_000


class Mirror:
    """The listings as of `height`. What is handed out never changes: news make new mappings."""

    def __init__(self) -> None:
        self.height = -1
        self.listings: Listings = {}
        self.live: Mapping[str, LivePool] = {}
        self.roster: object = object()
        self._heights: dict[str, int] = {}

    def see(self, rows: Sequence[Row]) -> Sight:
        """Take in what `sync_pools` brought, and return the market as it is then known to be."""
        if not rows:
            raise MarketNotInstalled("the market has no chain; run its upgrade")
        present, head, height, motion, rates, genesis_ms, slot_ms, armed = rows[0][:_CHAIN_COLUMNS]
        self.keep(height, [_news(row[_CHAIN_COLUMNS:]) for row in rows if row[_CHAIN_COLUMNS] is not None])
        return Sight(
            present=present,
            head=head,
            height=height,
            motion=MarketMotion(motion),
            rates=rating.read(rates),
            genesis_ms=genesis_ms,
            slot_ms=slot_ms,
            armed=scripted.armed(armed),
            listings=self.listings,
            live=self.live,
            roster=self.roster,
        )

    def after(self, sight: Sight, head: int) -> Sight:
        """Return what was seen once a block up to slot `head` has been produced and kept here."""
        return replace(
            sight,
            present=max(sight.present, head),
            head=head,
            height=self.height,
            listings=self.listings,
            live=self.live,
            roster=self.roster,
        )

    def keep(self, height: int, news: Iterable[tuple[str, Listing | None]]) -> None:
        """Take in what is known of all blocks up to `height`: pools by id, None for one that has ended.

        It must be committed. What is known already to be later is left as it is.
        """
        fresh = {id_: listing for id_, listing in news if self._heights.get(id_, -1) < height}
        self.height = max(self.height, height)
        if not fresh:
            return
        self._heights.update(dict.fromkeys(fresh, height))
        gone = {id_ for id_, listing in fresh.items() if listing is None}
        there = {id_: listing for id_, listing in fresh.items() if listing is not None}
        listings = {id_: listing for id_, listing in {**self.listings, **there}.items() if id_ not in gone}
        if listings.keys() != self.listings.keys():
            listings = dict(sorted(listings.items()))
            self.roster = object()
        live = {**self.live, **{id_: _live(listing) for id_, listing in there.items()}}
        self.live = {id_: live[id_] for id_ in listings}
        self.listings = listings


def _news(row: Row) -> tuple[str, Listing | None]:
    id_, venue, kind, mint_a, mint_b, version, slot, founded_slot, founded_at, origin, ended, state = row
    if ended:
        return id_, None
    pool = pools.decode(kind, json.loads(state))
    birth = Birth(founded_slot, founded_at.astimezone(UTC), Origin(origin))
    return id_, Listing(PoolId(id_), venue, tokens.find(mint_a), tokens.find(mint_b), version, slot, pool, birth)


def _live(listing: Listing) -> LivePool:
    """Return a listed pool as a block works on it."""
    return LivePool(
        listing.venue,
        listing.token_a.mint,
        listing.token_b.mint,
        listing.version,
        listing.pool,
        slot=listing.slot,
        birth=listing.birth,
    )


def listed(id_: str, pool: LivePool) -> Listing:
    """Return a pool that a block leaves behind as it is listed."""
    token_a, token_b = tokens.find(pool.token_a), tokens.find(pool.token_b)
    return Listing(PoolId(id_), pool.venue, token_a, token_b, pool.version, pool.slot, pool.pool, pool.birth)


def past(listing: Listing, version: int, slot: int, state: Any) -> Listing:
    """Return a pool as it was."""
    return replace(listing, version=version, slot=slot, pool=pools.decode(listing.kind, json.loads(state)))
