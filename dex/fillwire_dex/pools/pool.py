"""The shape every pool kind has: exact quotes, the state after a swap, and its curve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Protocol, Self


class PoolKind(StrEnum):
    """A venue program whose integer mathematics this package carries."""

    RAYDIUM_AMM_V4 = "raydium_amm_v4"
    RAYDIUM_CPMM = "raydium_cpmm"
    METEORA_DAMM_V2 = "meteora_damm_v2"
    RAYDIUM_CLMM = "raydium_clmm"
    METEORA_DLMM = "meteora_dlmm"
    ORCA_WHIRLPOOL = "orca_whirlpool"


class Direction(StrEnum):
    """Which of the pool's two tokens is sold."""

    A_TO_B = "a_to_b"
    B_TO_A = "b_to_a"


@dataclass(frozen=True, slots=True)
class Swap:
    """One exact swap on one state; each kind adds what its `after` needs.

    `amount_in` is gross (what the trader pays), `amount_out` net (what he gets).
    `fee_in` and `fee_out` are the fees taken from either, in units of that token;
    both are already inside the amounts.
    An `amount_out` of 0 can be quoted, but no venue executes it.
    """

    direction: Direction
    amount_in: int
    amount_out: int
    fee_in: int
    fee_out: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A concave piece of a pool's output curve, net of fees, in raw units.

    The output of selling x (gross) into it is price * x / (1 + x / depth), for 0 <= x <= capacity:
    the constant-product curve in input terms, and a straight line where depth is infinite.
    It must never lie below the venue's integer arithmetic: the router's bound rests on that.
    """

    price: float
    depth: float
    capacity: float = inf


class Pool(Protocol):
    """The complete, immutable state of one pool.

    `now` is the chain's time in unix seconds; kinds without a clock ignore it.
    Every quote raises AmountTooSmall for an amount below one unit
    and InsufficientLiquidity for more than the pool can fill.
    """

    @property
    def kind(self) -> PoolKind: ...

    def quote_exact_in(self, direction: Direction, amount_in: int, *, now: int) -> Swap:
        """Return what selling `amount_in` (gross) brings."""
        ...

    def quote_exact_out(self, direction: Direction, amount_out: int, *, now: int) -> Swap:
        """Return the cheapest input that the venue accepts for `amount_out` (net)."""
        ...

    def after(self, swap: Swap) -> Self:
        """Return the state once `swap`, quoted on this very state, was executed."""
        ...

    def segments(self, direction: Direction, *, now: int) -> tuple[Segment, ...]:
        """Return the output curve, best price first; empty when nothing can be sold."""
        ...

    def fee_rate(self, direction: Direction, *, now: int) -> float:
        """Return the share of a small swap that goes to fees, 0 to 1."""
        ...

    def spot_price(self) -> float:
        """Return the price before fees, in raw units of b for one raw unit of a."""
        ...

    def reserves(self) -> tuple[int, int]:
        """Return how many raw units of a and of b the curve holds, rounded up.

        Nobody can get more out of it; fees that are owed to others are not part of it.
        """
        ...

    def state(self) -> Mapping[str, object]:
        """Return the state as plain JSON values, the inverse of `pools.decode`."""
        ...
