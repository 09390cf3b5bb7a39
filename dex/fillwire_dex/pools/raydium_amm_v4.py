"""Raydium AMM v4: a constant product whose whole fee stays in the pool.

Source: raydium-io/raydium-amm, program/src/processor.rs (process_swap_base_in, _base_out)
and program/src/math.rs. The fee is 25/10000 on every pool met so far; it is read from the state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from fillwire_dex.errors import AmountTooSmall, InsufficientLiquidity, UnsupportedPool
from fillwire_dex.pools.pool import Direction, PoolKind, Segment, Swap
from fillwire_dex.pools.rounding import ceil_div


@dataclass(frozen=True, slots=True)
class RaydiumAmmV4:
    """Reserves are vault balances less what is owed to the pool's owner (need_take_pnl)."""

    reserve_a: int
    reserve_b: int
    swap_fee_numerator: int
    swap_fee_denominator: int

    def __post_init__(self) -> None:
        if not 0 <= self.swap_fee_numerator < self.swap_fee_denominator:
            raise UnsupportedPool("a swap fee must be at least 0 and below 1")
        if self.reserve_a <= 0 or self.reserve_b <= 0:
            raise UnsupportedPool("a pool must hold both tokens")

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the pool of a state as `state` gives it."""
        return cls(
            reserve_a=int(state["reserve_a"]),
            reserve_b=int(state["reserve_b"]),
            swap_fee_numerator=int(state["swap_fee_numerator"]),
            swap_fee_denominator=int(state["swap_fee_denominator"]),
        )

    def state(self) -> Mapping[str, object]:
        return {
            "reserve_a": str(self.reserve_a),
            "reserve_b": str(self.reserve_b),
            "swap_fee_numerator": str(self.swap_fee_numerator),
            "swap_fee_denominator": str(self.swap_fee_denominator),
        }

    @property
    def kind(self) -> PoolKind:
        return PoolKind.RAYDIUM_AMM_V4

    def quote_exact_in(self, direction: Direction, amount_in: int, *, now: int) -> Swap:
        if amount_in <= 0:
            raise AmountTooSmall("the input must be positive")
        reserve_in, reserve_out = self._reserves(direction)
        fee = ceil_div(amount_in * self.swap_fee_numerator, self.swap_fee_denominator)
        net = amount_in - fee
        amount_out = reserve_out * net // (reserve_in + net)
        return Swap(direction, amount_in, amount_out, fee_in=fee, fee_out=0)

    def quote_exact_out(self, direction: Direction, amount_out: int, *, now: int) -> Swap:
        if amount_out <= 0:
            raise AmountTooSmall("the output must be positive")
        reserve_in, reserve_out = self._reserves(direction)
        if amount_out >= reserve_out:
            raise InsufficientLiquidity(f"the pool holds {reserve_out} of the bought token")
        net = ceil_div(reserve_in * amount_out, reserve_out - amount_out)
        kept = self.swap_fee_denominator - self.swap_fee_numerator
        amount_in = ceil_div(net * self.swap_fee_denominator, kept)
        return Swap(direction, amount_in, amount_out, fee_in=amount_in - net, fee_out=0)

    def after(self, swap: Swap) -> Self:
        if swap.direction is Direction.A_TO_B:
            paid_in, paid_out = swap.amount_in, -swap.amount_out
        else:
            paid_in, paid_out = -swap.amount_out, swap.amount_in
        return replace(self, reserve_a=self.reserve_a + paid_in, reserve_b=self.reserve_b + paid_out)

    def segments(self, direction: Direction, *, now: int) -> tuple[Segment, ...]:
        reserve_in, reserve_out = self._reserves(direction)
        kept = 1 - self.fee_rate(direction, now=now)
        return (Segment(price=kept * reserve_out / reserve_in, depth=reserve_in / kept),)

    def fee_rate(self, direction: Direction, *, now: int) -> float:
        return self.swap_fee_numerator / self.swap_fee_denominator

    def spot_price(self) -> float:
        return self.reserve_b / self.reserve_a

    def reserves(self) -> tuple[int, int]:
        return self.reserve_a, self.reserve_b

    def _reserves(self, direction: Direction) -> tuple[int, int]:
        if direction is Direction.A_TO_B:
            return self.reserve_a, self.reserve_b
        return self.reserve_b, self.reserve_a
