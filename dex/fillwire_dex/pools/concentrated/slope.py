"""What liquidity takes and gives between two sqrt prices, by the way the price goes.

Source: raydium-io/raydium-clmm, programs/amm/src/libraries/{liquidity_math,sqrt_price_math}.rs;
Orca's whirlpools-core rounds alike. Sqrt prices are Q64.64. Every amount is one division,
up for what the trader pays and down for what he gets; every next price favours the pool.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from fillwire_dex.pools.pool import Direction
from fillwire_dex.pools.rounding import ceil_div

_ONE: Final = 1 << 64

Amount = Callable[[int, int, int], int]
"""Of (liquidity, sqrt price from, sqrt price to)."""

NextPrice = Callable[[int, int, int], int]
"""Of (liquidity, sqrt price from, amount)."""


@dataclass(frozen=True, slots=True)
class Slope:
    """The formulas of one direction; amounts are without fees."""

    taken: Amount
    given: Amount
    after_taking: NextPrice
    after_giving: NextPrice


def _a_taken(liquidity: int, high: int, low: int) -> int:
    return -(-(liquidity * (high - low) << 64) // (low * high))


def _a_given(liquidity: int, low: int, high: int) -> int:
    return (liquidity * (high - low) << 64) // (low * high)


def _b_taken(liquidity: int, low: int, high: int) -> int:
    return -(-liquidity * (high - low) >> 64)


def _b_given(liquidity: int, high: int, low: int) -> int:
    return liquidity * (high - low) >> 64


def _after_taking_a(liquidity: int, sqrt_price: int, amount: int) -> int:
    scaled = liquidity << 64
    return ceil_div(scaled * sqrt_price, scaled + amount * sqrt_price)


def _after_giving_a(liquidity: int, sqrt_price: int, amount: int) -> int:
    """The amount must be less than the liquidity holds above this price."""
    scaled = liquidity << 64
    return ceil_div(scaled * sqrt_price, scaled - amount * sqrt_price)


def _after_taking_b(liquidity: int, sqrt_price: int, amount: int) -> int:
    return sqrt_price + (amount << 64) // liquidity


def _after_giving_b(liquidity: int, sqrt_price: int, amount: int) -> int:
    return sqrt_price - ceil_div(amount << 64, liquidity)


SLOPES: Final[Mapping[Direction, Slope]] = {
    Direction.A_TO_B: Slope(_a_taken, _b_given, _after_taking_a, _after_giving_b),
    Direction.B_TO_A: Slope(_b_taken, _a_given, _after_taking_b, _after_giving_a),
}


def held(liquidity: int, low: int, high: int) -> tuple[int, int]:
    """Return how much of a and of b liquidity is worth at either end of a price range, rounded up."""
    return _a_taken(liquidity, high, low), _b_taken(liquidity, low, high)
