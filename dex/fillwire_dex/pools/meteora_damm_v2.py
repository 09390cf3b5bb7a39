"""Meteora DAMM v2 ("cp-amm"): one price range, or a compounding constant product.

Source: MeteoraAg/damm-v2, programs/cp-amm/src/state/pool.rs; the curves are in `damm_curve`,
how the fee is taken and divided in `damm_fees`, its rate in `damm_schedule`, `damm_limiter` and `damm_volatility`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from fillwire_dex.errors import AmountTooSmall, UnsupportedPool
from fillwire_dex.pools.damm_curve import Curve, Move, ProductCurve, RangeCurve, taxed
from fillwire_dex.pools.damm_fees import FeeSplit, FeeTerms
from fillwire_dex.pools.damm_rates import RATE_UNIT, fee_on_top, fee_within
from fillwire_dex.pools.damm_schedule import Moment
from fillwire_dex.pools.damm_volatility import DynamicFee
from fillwire_dex.pools.pool import Direction, PoolKind, Segment, Swap


@dataclass(frozen=True, slots=True)
class DammV2Swap(Swap):
    """`move` is what the curve did, `split` who gets the fee, `now` when it was quoted."""

    move: Move
    split: FeeSplit
    now: int


@dataclass(frozen=True, slots=True)
class MeteoraDammV2:
    """The state of one pool; reserves are kept by compounding pools only and 0 otherwise."""

    sqrt_price: int
    sqrt_min_price: int
    sqrt_max_price: int
    liquidity: int
    reserve_a: int
    reserve_b: int
    fees: FeeTerms
    dynamic_fee: DynamicFee | None

    def __post_init__(self) -> None:
        if self.fees.compounding and min(self.reserve_a, self.reserve_b) <= 0:
            raise UnsupportedPool("a compounding pool must hold both tokens")
        if not self.fees.compounding and self.liquidity <= 0:
            raise UnsupportedPool("a pool must have liquidity")

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the pool of a state as `state` gives it."""
        dynamic_fee = state["dynamic_fee"]
        return cls(
            sqrt_price=int(state["sqrt_price_x64"]),
            sqrt_min_price=int(state["sqrt_min_price_x64"]),
            sqrt_max_price=int(state["sqrt_max_price_x64"]),
            liquidity=int(state["liquidity"]),
            reserve_a=int(state.get("reserve_a", 0)),
            reserve_b=int(state.get("reserve_b", 0)),
            fees=FeeTerms.from_state(state),
            dynamic_fee=None if dynamic_fee is None else DynamicFee.from_state(dynamic_fee),
        )

    def state(self) -> Mapping[str, object]:
        return {
            "sqrt_price_x64": str(self.sqrt_price),
            "sqrt_min_price_x64": str(self.sqrt_min_price),
            "sqrt_max_price_x64": str(self.sqrt_max_price),
            "liquidity": str(self.liquidity),
            "reserve_a": str(self.reserve_a),
            "reserve_b": str(self.reserve_b),
            "dynamic_fee": None if self.dynamic_fee is None else self.dynamic_fee.state(),
            **self.fees.state(),
        }

    @property
    def kind(self) -> PoolKind:
        return PoolKind.METEORA_DAMM_V2

    @property
    def curve(self) -> Curve:
        if self.fees.compounding:
            return ProductCurve(self.reserve_a, self.reserve_b)
        return RangeCurve(self.liquidity, self.sqrt_price, self.sqrt_min_price, self.sqrt_max_price)

    def quote_exact_in(self, direction: Direction, amount_in: int, *, now: int, referral: bool = False) -> DammV2Swap:
        fee = self._fee_of_input(direction, amount_in, now)
        move = self.curve.sell(direction, amount_in - fee)
        return self._swap(direction, move, fee, now, referral)

    def quote_partial_in(self, direction: Direction, amount_in: int, *, now: int, referral: bool = False) -> DammV2Swap:
        """Return the swap of as much of `amount_in` as the price range can take."""
        fee = self._fee_of_input(direction, amount_in, now)
        move = self.curve.sell_up_to(direction, amount_in - fee)
        if fee and move.amount_in < amount_in - fee:
            fee = fee_on_top(move.amount_in, self._rate_on_top(direction, move.amount_in, now))
        return self._swap(direction, move, fee, now, referral)

    def quote_exact_out(self, direction: Direction, amount_out: int, *, now: int, referral: bool = False) -> DammV2Swap:
        _require_positive(amount_out)
        if self.fees.on_input(direction):
            move = self.curve.buy(direction, amount_out)
            rate = self._rate_on_top(direction, move.amount_in, now)
            return self._swap(direction, move, fee_on_top(move.amount_in, rate), now, referral)
        fee_out = fee_on_top(amount_out, self._rate_on_top(direction, amount_out, now))
        move = self.curve.buy(direction, amount_out + fee_out)
        return self._swap(direction, move, 0, now, referral, fee_out=fee_out)

    def after(self, swap: Swap) -> Self:
        if not isinstance(swap, DammV2Swap):
            raise TypeError("the swap was quoted by another kind of pool")
        reserve_a, reserve_b = self._reserves_after(swap)
        sqrt_price = swap.move.next_sqrt_price
        if sqrt_price is None:
            sqrt_price = ProductCurve(reserve_a, reserve_b).sqrt_price
        dynamic_fee = self.dynamic_fee
        if dynamic_fee is not None:
            dynamic_fee = dynamic_fee.after(self.sqrt_price, sqrt_price, now=swap.now)
        return replace(
            self,
            sqrt_price=sqrt_price,
            reserve_a=reserve_a,
            reserve_b=reserve_b,
            dynamic_fee=dynamic_fee,
        )

    def segments(self, direction: Direction, *, now: int) -> tuple[Segment, ...]:
        curve = self.curve.segment(direction)
        if not self.fees.on_input(direction):
            kept = 1 - self.fee_rate(direction, now=now)
            return (Segment(curve.price * kept, curve.depth, curve.capacity),)
        brackets = self.fees.brackets(self._variable_rate(), self._moment(direction, now))
        return taxed(curve, [(1 - rate / RATE_UNIT, width) for rate, width in brackets])

    def fee_rate(self, direction: Direction, *, now: int) -> float:
        return self._rate_within(direction, 1, now) / RATE_UNIT

    def spot_price(self) -> float:
        if self.fees.compounding:
            return self.reserve_b / self.reserve_a
        return (self.sqrt_price / (1 << 64)) ** 2

    def reserves(self) -> tuple[int, int]:
        return self.curve.reserves()

    def _variable_rate(self) -> int:
        return 0 if self.dynamic_fee is None else self.dynamic_fee.rate()

    def _moment(self, direction: Direction, now: int) -> Moment:
        return Moment(direction, now, self.fees.activation_point, self.sqrt_price)

    def _rate_within(self, direction: Direction, gross: int, now: int) -> int:
        return self.fees.rate_within(gross, self._variable_rate(), self._moment(direction, now))

    def _rate_on_top(self, direction: Direction, net: int, now: int) -> int:
        return self.fees.rate_on_top(net, self._variable_rate(), self._moment(direction, now))

    def _fee_of_input(self, direction: Direction, amount_in: int, now: int) -> int:
        """Return the fee taken from a gross input, 0 where it is taken from the output."""
        _require_positive(amount_in)
        if not self.fees.on_input(direction):
            return 0
        return fee_within(amount_in, self._rate_within(direction, amount_in, now))

    def _reserves_after(self, swap: DammV2Swap) -> tuple[int, int]:
        if not self.fees.compounding:
            return 0, 0
        move, compounded = swap.move, swap.split.compounding
        if swap.direction is Direction.A_TO_B:
            return self.reserve_a + move.amount_in, self.reserve_b - move.amount_out + compounded
        return self.reserve_a - move.amount_out, self.reserve_b + move.amount_in + compounded

    def _swap(
        self,
        direction: Direction,
        move: Move,
        fee_in: int,
        now: int,
        referral: bool,
        *,
        fee_out: int | None = None,
    ) -> DammV2Swap:
        """Return the swap of a move; the output's fee is derived from it unless given."""
        if fee_out is None:
            on_input = self.fees.on_input(direction)
            fee_out = 0 if on_input else fee_within(move.amount_out, self._rate_within(direction, move.amount_in, now))
        return DammV2Swap(
            direction,
            move.amount_in + fee_in,
            move.amount_out - fee_out,
            fee_in,
            fee_out,
            move=move,
            split=self.fees.split(fee_in + fee_out, referral=referral),
            now=now,
        )


def _require_positive(amount: int) -> None:
    if amount <= 0:
        raise AmountTooSmall("the amount must be positive")
