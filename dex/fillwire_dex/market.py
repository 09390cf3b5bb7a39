"""The market as the engine sees it: the interface a simulated or a real chain implements."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from fillwire_dex.outcomes import Outcome, SendResult
from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.route import Route
from fillwire_dex.snapshot import Listing, Snapshot
from fillwire_dex.tokens import Token
from fillwire_dex.transaction import Transaction

PACE_SECONDS: Final = 0.2
"""How often who follows a market has it brought to the present, unless he asks for another pace."""


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


@dataclass(frozen=True, slots=True)
class Change:
    """The market after something in it changed, and what that was since the change before.

    `listings` are all pools by id, as of `slot`; `halted` the venues that do not trade.
    `changed` are the pools that are not as they were: swapped, born or gone. `born` are those that were not there.
    """

    slot: int
    listings: Mapping[str, Listing]
    halted: frozenset[str]
    changed: frozenset[str]
    born: tuple[Listing, ...]


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

    def changes(self, *, pace: float = PACE_SECONDS) -> AsyncGenerator[Change]:
        """Follow the market: give it as it is, and then whenever it has changed, for ever.

        The first change names every pool as changed and none as born. What changes while the caller is busy comes to
        him as one change. A market that moves by itself is brought to the present every `pace` seconds at least.
        While the market is away nothing is given, and nothing raised; the change after that tells all of it.
        Whoever stops following closes it (`contextlib.aclosing`).
        """
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
