"""The market as the engine sees it: the interface a simulated or a real chain implements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from fillwire_dex.outcomes import Outcome, SendResult
from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.route import Route
from fillwire_dex.snapshot import Listing, Snapshot
from fillwire_dex.tokens import Token
from fillwire_dex.transaction import Transaction


class VenueStatus(StrEnum):
    """Whether a venue trades."""

    OPEN = "open"
    HALTED = "halted"


@dataclass(frozen=True, slots=True)
class Venue:
    """A venue and what it lists; fees are those of a small swap, in basis points."""

    name: str
    kind: PoolKind
    pool_count: int
    status: VenueStatus
    min_fee_bps: float
    max_fee_bps: float


class Market(Protocol):
    """Reads pools and carries transactions; safe to use from many tasks at once.

    The life of a swap: read `pools`, let the router choose, `build`, write the transaction down,
    `send`, and ask `outcomes` until one is final.
    Any call that does I/O may raise MarketUnavailable, which changed nothing,
    except that `send` may by then have delivered some of its transactions: send them again.
    """

    async def pools(self, token_in: Token, token_out: Token, *, max_hops: int = 1) -> Snapshot:
        """Return every pool on some way of at most `max_hops` swaps from one token to the other.

        One hop is the pair itself. A venue that did not answer is named in `reads`.
        Raises MarketUnavailable when no venue answered.
        Tokens that no way joins are an empty snapshot.
        """
        ...

    async def venues(self) -> Sequence[Venue]:
        """Return all venues, by name."""
        ...

    async def listings(self) -> Sequence[Listing]:
        """Return every pool of every venue, by id."""
        ...

    def build(
        self,
        route: Route,
        *,
        min_amount_out: int | None = None,
        max_amount_in: int | None = None,
        reference: str,
        slot: int,
    ) -> Transaction:
        """Return the signed transaction of a route, without any I/O.

        A route of exact input is limited by `min_amount_out`, one of exact output by `max_amount_in`; both hold for all
        legs together, and the other one is not given. Raises ValueError else.
        `reference` ("<order id>:<attempt>") makes the signature unique;
        the same arguments always give the same bytes.
        It can land until `slot` plus the market's validity (150 slots, a minute).
        """
        ...

    async def build_delay(self, reference: str) -> None:
        """Take the time that building and signing takes on this market."""
        ...

    async def send(self, transactions: Sequence[Transaction]) -> Sequence[SendResult]:
        """Deliver transactions, all at once, and answer in the order given.

        Sending one again is harmless: a signature lands at most once.
        """
        ...

    async def outcomes(self, signatures: Sequence[str]) -> Sequence[Outcome]:
        """Return what is known of each signature, in the order given; a final answer stays."""
        ...
