"""What was read of the market for one swap at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NewType

from fillwire_dex.pools.pool import Direction, Pool, PoolKind
from fillwire_dex.tokens import Token

PoolId = NewType("PoolId", str)


class Origin(StrEnum):
    """How a pool came to be."""

    GENESIS = "genesis"
    """It was there when the market began."""
    FOUNDED = "founded"
    """Somebody founded it since, with liquidity of his own."""
    MIGRATED = "migrated"
    """Its liquidity was another pool's before, at another venue."""


@dataclass(frozen=True, slots=True)
class Birth:
    """When and how a pool came to be; `at` is the slot's beginning, or the very moment where somebody founded it now.

    It is on the market's own clock.
    """

    slot: int
    at: datetime
    origin: Origin


ALWAYS: Final = Birth(0, datetime.fromtimestamp(0, UTC), Origin.GENESIS)
"""The birth of a pool of which no more is known than that it is there."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A pool as its venue lists it.

    `version` grows by one with every swap the pool executes; `slot` is when it last did.
    """

    id: PoolId
    venue: str
    token_a: Token
    token_b: Token
    version: int
    slot: int
    pool: Pool
    birth: Birth = ALWAYS

    @property
    def founded_slot(self) -> int:
        return self.birth.slot

    @property
    def founded_at(self) -> datetime:
        return self.birth.at

    @property
    def origin(self) -> Origin:
        return self.birth.origin

    @property
    def kind(self) -> PoolKind:
        return self.pool.kind

    def direction(self, token_in: Token) -> Direction:
        """Return the way through this pool for someone who sells `token_in`."""
        return Direction.A_TO_B if token_in == self.token_a else Direction.B_TO_A


@dataclass(frozen=True, slots=True)
class VenueRead:
    """How one venue answered the read.

    `problem` is None when it answered, else why none of its pools are in the snapshot.
    """

    venue: str
    latency_ms: float
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every pool that was read for swaps of token_in to token_out: of this pair, and of others that lie between.

    A token on the way is one that the listings name; each pool is listed once.
    `slot` is the oldest slot any venue answered for, `now` its time in unix seconds.
    Venues are read in parallel, so their states may be a slot or two apart;
    what moves between this and landing is what `min_amount_out` is for.
    """

    token_in: Token
    token_out: Token
    slot: int
    now: int
    listings: tuple[Listing, ...]
    reads: tuple[VenueRead, ...] = ()
