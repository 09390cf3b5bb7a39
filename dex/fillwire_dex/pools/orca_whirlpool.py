"""Orca Whirlpool: liquidity in ranges of ticks, a constant fee on the input.

Source of the facts: orca-so/whirlpools-core 1.0.2 (Apache-2.0); the mathematics is in `concentrated`.
Not carried are adaptive fees, which came after that version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from fillwire_dex.errors import AmountTooSmall, UnsupportedPool
from fillwire_dex.pools.concentrated.course import PURCHASE, SALE, Order, course
from fillwire_dex.pools.concentrated.curve import curve
from fillwire_dex.pools.concentrated.ladder import decoded
from fillwire_dex.pools.concentrated.orca_ticks import ORCA
from fillwire_dex.pools.concentrated.place import Place
from fillwire_dex.pools.concentrated.steps import RATE_UNIT, Levy
from fillwire_dex.pools.pool import Direction, PoolKind, Segment, Swap

_PROTOCOL_UNIT: Final = 10_000
"""The protocol's share of the fee is stated in bps."""


@dataclass(frozen=True, slots=True)
class WhirlpoolSwap(Swap):
    """`place` is where the pool then stands, `crossed` how many initialized ticks the price went through.

    `protocol_fee` is part of the fee.
    """

    place: Place
    crossed: int
    protocol_fee: int


@dataclass(frozen=True, slots=True)
class OrcaWhirlpool:
    """The state of one pool; `fee_rate_millionths` is the fee, `protocol_fee_bps` the protocol's share of it."""

    tick_spacing: int
    place: Place
    fee_rate_millionths: int
    protocol_fee_bps: int
    _curves: dict[Direction, tuple[Segment, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.fee_rate_millionths < RATE_UNIT:
            raise UnsupportedPool("a fee rate must be at least 0 and below 1")
        if not 0 <= self.protocol_fee_bps <= _PROTOCOL_UNIT:
            raise UnsupportedPool("the protocol's share must be at least 0 and at most the fee")

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the pool of a state as `state` gives it."""
        spacing = int(state["tick_spacing"])
        return cls(
            tick_spacing=spacing,
            place=Place.stated(decoded(state["ticks"], ORCA, spacing=spacing), state),
            fee_rate_millionths=int(state["fee_rate"]),
            protocol_fee_bps=int(state["protocol_fee_rate"]),
        )

    def state(self) -> Mapping[str, object]:
        return {
            "tick_spacing": self.tick_spacing,
            **self.place.state(),
            "fee_rate": self.fee_rate_millionths,
            "protocol_fee_rate": self.protocol_fee_bps,
        }

    @property
    def kind(self) -> PoolKind:
        return PoolKind.ORCA_WHIRLPOOL

    def quote_exact_in(self, direction: Direction, amount_in: int, *, now: int) -> WhirlpoolSwap:
        return self._quote(SALE, direction, amount_in)

    def quote_exact_out(self, direction: Direction, amount_out: int, *, now: int) -> WhirlpoolSwap:
        return self._quote(PURCHASE, direction, amount_out)

    def after(self, swap: Swap) -> Self:
        if not isinstance(swap, WhirlpoolSwap):
            raise TypeError("the swap was quoted by another kind of pool")
        return replace(self, place=swap.place)

    def segments(self, direction: Direction, *, now: int) -> tuple[Segment, ...]:
        if direction not in self._curves:
            way, start = self.place.ladder.way(direction), self.place.point(direction)
            self._curves[direction] = curve(way, self._levy(), start)
        return self._curves[direction]

    def fee_rate(self, direction: Direction, *, now: int) -> float:
        return self.fee_rate_millionths / RATE_UNIT

    def spot_price(self) -> float:
        return self.place.price

    def reserves(self) -> tuple[int, int]:
        return self.place.reserves()

    def _quote(self, order: Order, direction: Direction, amount: int) -> WhirlpoolSwap:
        if amount <= 0:
            raise AmountTooSmall("the amount must be positive")
        start = self.place.point(direction)
        tally, end = course(self.place.ladder.way(direction), self._levy()).run(order, start, amount)
        return WhirlpoolSwap(
            direction,
            tally.amount_in,
            tally.amount_out,
            fee_in=tally.fee,
            fee_out=0,
            place=self.place.moved(direction, end),
            crossed=end.rung - start.rung,
            protocol_fee=tally.protocol_fee,
        )

    def _levy(self) -> Levy:
        protocol_rate = self.protocol_fee_bps * (RATE_UNIT // _PROTOCOL_UNIT)
        return Levy(self.fee_rate_millionths, on_input=True, protocol_rate=protocol_rate, fund_rate=0)
