"""A route: how an amount is best executed, how good that provably is, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.snapshot import PoolId
from fillwire_dex.tokens import Token


class Mode(StrEnum):
    """Which of a route's two amounts was asked for."""

    EXACT_IN = "exact_in"
    """All of `amount_in` is sold for as much as it brings."""
    EXACT_OUT = "exact_out"
    """`amount_out` is bought for as little as it takes."""


class Verdict(StrEnum):
    """What became of a pool that could have taken part."""

    USED = "used"
    OUTPRICED = "outpriced"
    """Its first unit would bring less than the last unit of the chosen legs."""
    DUST = "dust"
    """All legs left out for this would together have improved the result by less than `pruning.DUST_BPS`."""
    MAX_LEGS = "max_legs"
    """It would have helped, but the legs that help more already fill the limit."""
    LEG_COST = "leg_cost"
    """It would have helped by less than one leg costs."""
    INSUFFICIENT_LIQUIDITY = "insufficient_liquidity"
    """It cannot take even its share."""
    EXCLUDED = "excluded"
    """The caller excluded its venue."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One swap of the route, quoted exactly on the snapshot's state.

    `fee_in` and `fee_out` are raw units of either token, already inside the amounts.
    `fee_bps` is their sum relative to the leg.
    `share_bps` is the leg's part of all that the route sells of the leg's `token_in`.
    `pool_version` is the version of the pool the quote was made on.
    """

    pool_id: PoolId
    venue: str
    kind: PoolKind
    pool_version: int
    token_in: Token
    token_out: Token
    amount_in: int
    amount_out: int
    fee_in: int
    fee_out: int
    fee_bps: float
    share_bps: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pool that was considered to sell `token_in` for `token_out`, with its own answer to the whole order.

    `amount_in` and `amount_out` are that answer: what it would take and what it would bring.
    Both are None when it cannot fill the order alone: too little is left in it, it trades another pair, it is excluded.
    `lost_by_bps` says how much worse than the route that is, None as the amounts; 0 or more.
    `haircut_bps` is by how much its quotes were distrusted; the amounts are the true ones.
    """

    pool_id: PoolId
    venue: str
    kind: PoolKind
    token_in: Token
    token_out: Token
    verdict: Verdict
    amount_in: int | None
    amount_out: int | None
    lost_by_bps: float | None
    haircut_bps: float = 0.0


@dataclass(frozen=True, slots=True)
class Route:
    """The best execution found of an order to sell exactly `amount_in`, or to buy exactly `amount_out`.

    `mode` says which; the other amount is what the legs, quoted exactly, bring or take; raw units, fees included.
    `legs` are in the order of execution: a leg comes after all that bring what it sells, the largest share first.
    All that arrives of a token on the way is sold on.

    `bound` is proven: over the candidates that are not excluded, in at most `max_legs` legs, no execution that trades
    each pair of tokens in one direction only brings more (exact in) or takes less (exact out), net of `leg_cost` a leg.
    `gap_bps` is how far the route, net of that cost, is from it: 0 or more.

    `price_impact_bps` measures the average price, fees included, against `mid_price`,
    the pre-trade mid in whole units of token_out for one whole token_in.
    `best_single` is the best pool for the whole order, None when no pool can fill it alone.
    `elapsed_us` is the time the router took; it does not take part in comparisons.
    """

    token_in: Token
    token_out: Token
    mode: Mode
    amount_in: int
    amount_out: int
    legs: tuple[Leg, ...]
    bound: int
    gap_bps: float
    mid_price: Decimal
    price_impact_bps: float
    best_single: Candidate | None
    candidates: tuple[Candidate, ...]
    leg_cost: int
    slot: int
    elapsed_us: float = field(compare=False)

    @property
    def price(self) -> Decimal:
        """The average price, fees included: whole units of token_out for one whole token_in."""
        scale = self.token_in.decimals - self.token_out.decimals
        return (Decimal(self.amount_out) / Decimal(self.amount_in)).scaleb(scale)

    @property
    def hops(self) -> int:
        """How many swaps the longest way from token_in to token_out takes."""
        swaps = {self.token_in.mint: 0}
        for leg in self.legs:
            swaps[leg.token_out.mint] = max(swaps.get(leg.token_out.mint, 0), swaps[leg.token_in.mint] + 1)
        return swaps[self.token_out.mint]

    @property
    def improvement_bps(self) -> float | None:
        """How much more it brings, or less it takes, than the best single pool; None when none could fill it."""
        single = self.best_single
        if single is None or not single.amount_out or not single.amount_in:
            return None
        return (self.amount_out / self.amount_in * (single.amount_in / single.amount_out) - 1) * 10_000

    def floor(self, slippage_bps: int) -> int:
        """Return the least output that `slippage_bps` still accepts, rounded up."""
        return -(-self.amount_out * (10_000 - slippage_bps) // 10_000)

    def ceiling(self, slippage_bps: int) -> int:
        """Return the greatest input that `slippage_bps` still accepts, rounded down."""
        return self.amount_in * (10_000 + slippage_bps) // 10_000
