"""A route: how an amount is best executed, how good that provably is, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.snapshot import PoolId
from fillwire_dex.tokens import Token


class Verdict(StrEnum):
    """What became of a pool that could have traded the pair."""

    USED = "used"
    OUTPRICED = "outpriced"
    """Its first unit would bring less than the last unit of the chosen legs."""
    DUST = "dust"
    """It would have improved the result by less than `split.DUST_BPS`."""
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
    `fee_bps` is their sum relative to the leg, `share_bps` the leg's part of the route's input.
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
    """A pool that was considered, with its own answer for the whole amount.

    `amount_out` is None when it could not take the whole amount alone (or was excluded).
    `lost_by_bps` says how far that lies below the route, None as `amount_out`; 0 or more.
    """

    pool_id: PoolId
    venue: str
    kind: PoolKind
    verdict: Verdict
    amount_out: int | None
    lost_by_bps: float | None


@dataclass(frozen=True, slots=True)
class Route:
    """The best execution found for selling exactly `amount_in`.

    `amount_out` is the sum of the legs' exact quotes, in raw units, fees already taken.
    No execution over the considered pools within `max_legs` can bring more than `upper_bound`
    (raw units, net of `leg_cost` per leg); `gap_bps` is how far the route lies below it.
    `price_impact_bps` measures the average price, fees included, against `mid_price`,
    the pre-trade mid in whole units of token_out for one whole token_in.
    `best_single` is the best pool for the whole amount, None when no pool can fill it alone.
    `elapsed_us` is the time the router took; it does not take part in comparisons.
    """

    token_in: Token
    token_out: Token
    amount_in: int
    amount_out: int
    legs: tuple[Leg, ...]
    upper_bound: int
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
    def improvement_bps(self) -> float | None:
        """How much more than the best single pool it brings; None when none could fill it."""
        if self.best_single is None or not self.best_single.amount_out:
            return None
        return (self.amount_out / self.best_single.amount_out - 1) * 10_000

    def floor(self, slippage_bps: int) -> int:
        """Return the least output that `slippage_bps` still accepts, rounded up."""
        return -(-self.amount_out * (10_000 - slippage_bps) // 10_000)
