"""Raydium CLMM: liquidity in ranges of ticks, with a constant or a dynamic fee.

Source: raydium-io/raydium-clmm, programs/amm/src/instructions/swap.rs; the mathematics is in
`concentrated`, the fees are in `clmm_fees`, `clmm_volatility` and `clmm_walk`.
Not carried are limit orders at ticks, which the state does not name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from fillwire_dex.errors import AmountTooSmall, UnsupportedPool
from fillwire_dex.pools.clmm_fees import ClmmFees
from fillwire_dex.pools.clmm_volatility import DynamicFee
from fillwire_dex.pools.clmm_walk import DynamicWalk
from fillwire_dex.pools.concentrated.course import PURCHASE, SALE, Fill, Order, course
from fillwire_dex.pools.concentrated.curve import curve
from fillwire_dex.pools.concentrated.ladder import decoded
from fillwire_dex.pools.concentrated.place import Place
from fillwire_dex.pools.concentrated.raydium_ticks import RAYDIUM
from fillwire_dex.pools.concentrated.steps import RATE_UNIT
from fillwire_dex.pools.pool import Direction, PoolKind, Segment, Swap

_U32: Final = (1 << 32) - 1

_Curves = dict[tuple[Direction, int | None, int | None], tuple[Segment, ...]]
"""By direction and the reference of the dynamic fee."""


@dataclass(frozen=True, slots=True)
class ClmmSwap(Swap):
    """`place` is where the pool then stands, `crossed` how many initialized ticks the price went through.

    `protocol_fee` and `fund_fee` are parts of the fee; `dynamic_fee` is the pool's after the swap.
    """

    place: Place
    crossed: int
    protocol_fee: int
    fund_fee: int
    dynamic_fee: DynamicFee | None


@dataclass(frozen=True, slots=True)
class RaydiumClmm:
    """The state of one pool; fees that were taken are not part of it."""

    tick_spacing: int
    place: Place
    fees: ClmmFees
    dynamic_fee: DynamicFee | None
    _curves: _Curves = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.dynamic_fee is not None and self.dynamic_fee.max_accumulator * self.tick_spacing > _U32:
            raise UnsupportedPool("the program cannot square so great a volatility")

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the pool of a state as `state` gives it."""
        spacing, dynamic_fee = int(state["tick_spacing"]), state["dynamic_fee"]
        ladder = decoded(state["ticks"], RAYDIUM, spacing=spacing)
        return cls(
            tick_spacing=spacing,
            place=Place.stated(ladder, state),
            fees=ClmmFees.from_state(state),
            dynamic_fee=None if dynamic_fee is None else DynamicFee.from_state(dynamic_fee),
        )

    def state(self) -> Mapping[str, object]:
        return {
            "tick_spacing": self.tick_spacing,
            **self.place.state(),
            **self.fees.state(),
            "dynamic_fee": None if self.dynamic_fee is None else self.dynamic_fee.state(),
        }

    @property
    def kind(self) -> PoolKind:
        return PoolKind.RAYDIUM_CLMM

    def quote_exact_in(self, direction: Direction, amount_in: int, *, now: int) -> ClmmSwap:
        return self._quote(SALE, direction, amount_in, now)

    def quote_exact_out(self, direction: Direction, amount_out: int, *, now: int) -> ClmmSwap:
        return self._quote(PURCHASE, direction, amount_out, now)

    def after(self, swap: Swap) -> Self:
        if not isinstance(swap, ClmmSwap):
            raise TypeError("the swap was quoted by another kind of pool")
        return replace(self, place=swap.place, dynamic_fee=swap.dynamic_fee)

    def segments(self, direction: Direction, *, now: int) -> tuple[Segment, ...]:
        """Return the output curve; its concave hull where a dynamic fee falls before it rises."""
        fee = self._fee(now)
        key = (direction, fee.reference_index, fee.reference) if fee else (direction, None, None)
        if key not in self._curves:
            self._curves[key] = self._curve(direction, fee)
        return self._curves[key]

    def fee_rate(self, direction: Direction, *, now: int) -> float:
        fee = self._fee(now)
        if fee is None:
            return self.fees.trade_rate / RATE_UNIT
        volatility = fee.accumulated(self.place.tick // self.tick_spacing)
        return fee.rate(volatility, base_rate=self.fees.trade_rate, spacing=self.tick_spacing) / RATE_UNIT

    def spot_price(self) -> float:
        return self.place.price

    def reserves(self) -> tuple[int, int]:
        return self.place.reserves()

    def _quote(self, order: Order, direction: Direction, amount: int, now: int) -> ClmmSwap:
        if amount <= 0:
            raise AmountTooSmall("the amount must be positive")
        fill, dynamic_fee = self._fill(order, direction, amount, self._fee(now))
        amount_in, amount_out, fee, protocol_fee, fund_fee = fill.tally
        on_input = self.fees.on_input(direction)
        return ClmmSwap(
            direction,
            amount_in,
            amount_out,
            fee_in=fee if on_input else 0,
            fee_out=0 if on_input else fee,
            place=self.place.moved(direction, fill.end),
            crossed=fill.end.rung - self.place.point(direction).rung,
            protocol_fee=protocol_fee,
            fund_fee=fund_fee,
            dynamic_fee=dynamic_fee,
        )

    def _fill(
        self, order: Order, direction: Direction, amount: int, fee: DynamicFee | None
    ) -> tuple[Fill, DynamicFee | None]:
        start = self.place.point(direction)
        if fee is None:
            way, levy = self.place.ladder.way(direction), self.fees.levy(direction)
            return course(way, levy).run(order, start, amount), None
        fill, accumulator = self._walk(direction, fee).run(order, start, self.place.tick, amount)
        return fill, replace(fee, accumulator=accumulator)

    def _curve(self, direction: Direction, fee: DynamicFee | None) -> tuple[Segment, ...]:
        start = self.place.point(direction)
        if fee is None:
            return curve(self.place.ladder.way(direction), self.fees.levy(direction), start)
        return self._walk(direction, fee).curve(start, self.place.tick)

    def _walk(self, direction: Direction, fee: DynamicFee) -> DynamicWalk:
        return DynamicWalk(self.place.ladder.way(direction), self.fees.levy(direction), fee, self.tick_spacing)

    def _fee(self, now: int) -> DynamicFee | None:
        """Return the dynamic fee as a swap finds it now."""
        fee = self.dynamic_fee
        return None if fee is None else fee.refreshed(self.place.tick // self.tick_spacing, now=now)
