"""Raydium CPMM ("CP-Swap"): a constant product with trade, protocol, fund and creator fees.

Source: raydium-io/raydium-cp-swap, programs/cp-swap/src/curve/constant_product.rs,
states/pool.rs and instructions/swap_base_{input,output}.rs; the fees are in `cpmm_fees`.
Accrued fees stay in the vaults but are not part of the reserves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from fillwire_dex.errors import AmountTooSmall, InsufficientLiquidity, UnsupportedPool
from fillwire_dex.pools.cpmm_fees import CpmmFees, before_fee
from fillwire_dex.pools.pool import Direction, PoolKind, Segment, Swap
from fillwire_dex.pools.rounding import ceil_div

_BALANCES: Final = ("vault", "protocol_fees", "fund_fees", "creator_fees")


@dataclass(frozen=True, slots=True)
class Side:
    """One token's vault and the unclaimed fees in it, in raw units."""

    vault: int
    protocol_fees: int = 0
    fund_fees: int = 0
    creator_fees: int = 0

    @property
    def reserve(self) -> int:
        """What the curve trades on."""
        return self.vault - self.protocol_fees - self.fund_fees - self.creator_fees


@dataclass(frozen=True, slots=True)
class CpmmSwap(Swap):
    """`net_input` and `gross_output` are what moved the curve.

    `protocol_fee` and `fund_fee` are parts of `trade_fee`, all in the token sold;
    `creator_fee` is in the token sold or bought.
    """

    net_input: int
    gross_output: int
    trade_fee: int
    protocol_fee: int
    fund_fee: int
    creator_fee: int
    creator_fee_on_input: bool


@dataclass(frozen=True, slots=True)
class RaydiumCpmm:
    """The state of one pool."""

    a: Side
    b: Side
    fees: CpmmFees

    def __post_init__(self) -> None:
        if self.a.reserve <= 0 or self.b.reserve <= 0:
            raise UnsupportedPool("a pool must hold both tokens")

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the pool of a state as `state` gives it."""
        a, b = (Side(*(int(state[f"{balance}_{side}"]) for balance in _BALANCES)) for side in "ab")
        return cls(a, b, CpmmFees.from_state(state))

    def state(self) -> Mapping[str, object]:
        balances = {
            f"{balance}_{name}": str(getattr(side, balance))
            for name, side in (("a", self.a), ("b", self.b))
            for balance in _BALANCES
        }
        return {**balances, **self.fees.state()}

    @property
    def kind(self) -> PoolKind:
        return PoolKind.RAYDIUM_CPMM

    def quote_exact_in(self, direction: Direction, amount_in: int, *, now: int) -> CpmmSwap:
        if amount_in <= 0:
            raise AmountTooSmall("the input must be positive")
        sold, bought = self._sides(direction)
        on_input = self.fees.creator_on_input(direction)
        net = amount_in - self.fees.of_input(amount_in, on_input)
        reserve_in = sold.reserve
        gross = net * bought.reserve // (reserve_in + net)
        creator_out = 0 if on_input else self.fees.creator_of(gross)
        return self._swap(direction, amount_in, net, gross, creator_out)

    def quote_exact_out(self, direction: Direction, amount_out: int, *, now: int) -> CpmmSwap:
        if amount_out <= 0:
            raise AmountTooSmall("the output must be positive")
        sold, bought = self._sides(direction)
        on_input = self.fees.creator_on_input(direction)
        gross = amount_out if on_input else before_fee(amount_out, self.fees.creator_rate)
        left = bought.reserve - gross
        if left <= 0:
            raise InsufficientLiquidity(f"the pool holds {bought.reserve} of the bought token")
        net = ceil_div(sold.reserve * gross, left)
        amount_in = before_fee(net, self.fees.input_rate(on_input))
        return self._swap(direction, amount_in, net, gross, gross - amount_out)

    def after(self, swap: Swap) -> Self:
        if not isinstance(swap, CpmmSwap):
            raise TypeError("the swap was quoted by another kind of pool")
        sold, bought = self._sides(swap.direction)
        creator_in = swap.creator_fee if swap.creator_fee_on_input else 0
        sold = Side(
            sold.vault + swap.amount_in,
            sold.protocol_fees + swap.protocol_fee,
            sold.fund_fees + swap.fund_fee,
            sold.creator_fees + creator_in,
        )
        bought = replace(
            bought,
            vault=bought.vault - swap.amount_out,
            creator_fees=bought.creator_fees + swap.creator_fee - creator_in,
        )
        a, b = (sold, bought) if swap.direction is Direction.A_TO_B else (bought, sold)
        return replace(self, a=a, b=b)

    def segments(self, direction: Direction, *, now: int) -> tuple[Segment, ...]:
        sold, bought = self._sides(direction)
        kept_in, kept_out = self.fees.kept(direction)
        reserve_in = sold.reserve
        price = kept_in * kept_out * bought.reserve / reserve_in
        return (Segment(price, depth=reserve_in / kept_in),)

    def fee_rate(self, direction: Direction, *, now: int) -> float:
        kept_in, kept_out = self.fees.kept(direction)
        return 1 - kept_in * kept_out

    def spot_price(self) -> float:
        return self.b.reserve / self.a.reserve

    def reserves(self) -> tuple[int, int]:
        return self.a.reserve, self.b.reserve

    def _sides(self, direction: Direction) -> tuple[Side, Side]:
        return (self.a, self.b) if direction is Direction.A_TO_B else (self.b, self.a)

    def _swap(self, direction: Direction, amount_in: int, net: int, gross: int, creator_out: int) -> CpmmSwap:
        on_input = self.fees.creator_on_input(direction)
        trade, creator_in = self.fees.split(amount_in - net, on_input)
        protocol, fund = self.fees.shares(trade)
        return CpmmSwap(
            direction,
            amount_in,
            gross - creator_out,
            fee_in=amount_in - net,
            fee_out=creator_out,
            net_input=net,
            gross_output=gross,
            trade_fee=trade,
            protocol_fee=protocol,
            fund_fee=fund,
            creator_fee=creator_in + creator_out,
            creator_fee_on_input=on_input,
        )
