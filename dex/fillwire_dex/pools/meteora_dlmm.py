"""Meteora DLMM: bins of constant price, limit orders among them, and a fee that follows volatility.

Source: MeteoraAg/dlmm-sdk, commons/src/quote.rs; the state after a swap is what the program was seen to write.
The bins are in `dlmm_bins`, their prices in `dlmm_price`, the fee in `dlmm_fees`,
the way through the bins in `dlmm_ladder` and the curve of it in `dlmm_curve`.
Token a is the venue's x, token b its y.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from fillwire_dex.errors import AmountTooSmall, InsufficientLiquidity, UnsupportedPool
from fillwire_dex.pools.dlmm_bins import Bin
from fillwire_dex.pools.dlmm_curve import concave_curve
from fillwire_dex.pools.dlmm_fees import RATE_UNIT, DlmmFees, Reference, Volatility
from fillwire_dex.pools.dlmm_ladder import Ladder
from fillwire_dex.pools.dlmm_price import Q64, bin_price
from fillwire_dex.pools.dlmm_walk import Walk, bins_after, buy, sell
from fillwire_dex.pools.pool import Direction, PoolKind, Segment, Swap


class FunctionType(StrEnum):
    """What a pair's bins can do besides trading; only one that pays rewards cannot hold limit orders."""

    UNDETERMINED = "undetermined"
    LIQUIDITY_MINING = "liquidity_mining"
    LIMIT_ORDER = "limit_order"


@dataclass(frozen=True, slots=True)
class DlmmSwap(Swap):
    """`walk` is the way through the bins, `now` when it was quoted.

    `lp_fee` and `protocol_fee` make up the fee, except in an exact-out quote: there the program adds
    what rounding drew from a bin beyond the wanted amount, when more than one unit, to the protocol's
    part, although that is in units of the token bought.
    """

    lp_fee: int
    protocol_fee: int
    walk: Walk
    now: int


@dataclass(frozen=True, slots=True)
class MeteoraDlmm:
    """The state of one pool; `bins` are in the order of their ids, those not listed are empty.

    `protocol_fee_a` and `_b` are what the protocol has earned and not yet taken.
    """

    active_id: int
    bins: tuple[Bin, ...]
    fees: DlmmFees
    volatility: Volatility
    function_type: FunctionType
    protocol_fee_a: int = 0
    protocol_fee_b: int = 0
    _ladders: dict[tuple[Direction, Reference], Ladder] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _curves: dict[tuple[Direction, Reference], tuple[Segment, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        bin_price(self.active_id, self.fees.bin_step)
        ids = [each.id for each in self.bins]
        if ids != sorted(set(ids)):
            raise UnsupportedPool("bins must be in the order of their ids")
        if self.function_type is FunctionType.LIQUIDITY_MINING and any(each.orders for each in self.bins):
            raise UnsupportedPool("a pair that pays rewards holds no limit orders")

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the pool of a state as `state` gives it; bins may state their price too, to be checked."""
        fees = DlmmFees.from_state(state)
        return cls(
            active_id=int(state["active_id"]),
            bins=tuple(Bin.from_state(each, fees.bin_step) for each in state["bins"]),
            fees=fees,
            volatility=Volatility.from_state(state),
            function_type=FunctionType(state["function_type"]),
            protocol_fee_a=int(state.get("protocol_fee_x", 0)),
            protocol_fee_b=int(state.get("protocol_fee_y", 0)),
        )

    def state(self) -> Mapping[str, object]:
        return {
            "active_id": self.active_id,
            "bins": [each.state() for each in self.bins],
            **self.fees.state(),
            **self.volatility.state(),
            "function_type": self.function_type.value,
            "protocol_fee_x": str(self.protocol_fee_a),
            "protocol_fee_y": str(self.protocol_fee_b),
        }

    @property
    def kind(self) -> PoolKind:
        return PoolKind.METEORA_DLMM

    def quote_exact_in(self, direction: Direction, amount_in: int, *, now: int) -> DlmmSwap:
        swap = self.quote_partial_in(direction, amount_in, now=now)
        if swap.amount_in < amount_in:
            raise InsufficientLiquidity(f"the bins take {swap.amount_in} of {amount_in}")
        return swap

    def quote_partial_in(self, direction: Direction, amount_in: int, *, now: int) -> DlmmSwap:
        """Return the swap of as much of `amount_in` as the bins can take.

        Raises InsufficientLiquidity when they hold nothing.
        """
        _require_positive(amount_in)
        walk = sell(self._ladder(direction, now), amount_in)
        if walk is None:
            raise InsufficientLiquidity("the bins hold nothing of the bought token")
        return self._swap(direction, walk, now)

    def quote_exact_out(self, direction: Direction, amount_out: int, *, now: int) -> DlmmSwap:
        _require_positive(amount_out)
        walk = buy(self._ladder(direction, now), amount_out)
        if walk is None:
            raise InsufficientLiquidity("the bins hold less than this amount")
        return self._swap(direction, walk, now)

    def after(self, swap: Swap) -> Self:
        """Return the state once `swap` was executed.

        What an exact-out quote leaves is the state of selling its input;
        no execution of the program's exact-out instruction was at hand to compare with.
        """
        if not isinstance(swap, DlmmSwap):
            raise TypeError("the swap was quoted by another kind of pool")
        walk = swap.walk
        changed = bins_after(self._ladder(swap.direction, swap.now), walk)
        fee_in_a = (swap.direction is Direction.A_TO_B) is self.fees.on_input(swap.direction)
        return replace(
            self,
            active_id=walk.last.id,
            bins=tuple(changed.get(each.id, each) for each in self.bins),
            volatility=self._volatility_after(walk, swap.now),
            protocol_fee_a=self.protocol_fee_a + fee_in_a * swap.protocol_fee,
            protocol_fee_b=self.protocol_fee_b + (not fee_in_a) * swap.protocol_fee,
        )

    def segments(self, direction: Direction, *, now: int) -> tuple[Segment, ...]:
        """Return a straight piece for every bin, and for bins together whose fee falls faster than their price.

        Towards the reference the fee falls from bin to bin, so that the exact curve may bend upwards;
        the least concave curve above it is given.
        """
        key = direction, self._reference(now)
        if key not in self._curves:
            self._curves[key] = concave_curve(self._ladder(direction, now))
        return self._curves[key]

    def fee_rate(self, direction: Direction, *, now: int) -> float:
        rates = self._ladder(direction, now).to_output(1).rates
        return rates[0] / RATE_UNIT if rates else 0.0

    def spot_price(self) -> float:
        return bin_price(self.active_id, self.fees.bin_step) / Q64

    def reserves(self) -> tuple[int, int]:
        amounts = [each.amounts() for each in self.bins]
        return sum(a for a, _ in amounts), sum(b for _, b in amounts)

    def _reference(self, now: int) -> Reference:
        return self.volatility.reference_at(now, self.active_id, self.fees)

    def _ladder(self, direction: Direction, now: int) -> Ladder:
        """Return the ladder a swap at `now` climbs; it depends on the clock through the reference alone."""
        key = direction, self._reference(now)
        ladder = self._ladders.get(key)
        if ladder is None:
            ladder = self._ladders[key] = Ladder(self.bins, self.active_id, direction, self.fees, key[1])
        return ladder

    def _volatility_after(self, walk: Walk, now: int) -> Volatility:
        """Return the volatility a swap leaves; its time is kept while the active bin stays."""
        moved = walk.last.id != self.active_id
        last_update = now if moved else self.volatility.last_update_timestamp
        return Volatility(walk.rungs.volatilities[walk.passed], self._reference(now), last_update)

    def _swap(self, direction: Direction, walk: Walk, now: int) -> DlmmSwap:
        on_input = self.fees.on_input(direction)
        return DlmmSwap(
            direction,
            walk.amount_in,
            walk.amount_out,
            fee_in=walk.fee if on_input else 0,
            fee_out=0 if on_input else walk.fee,
            lp_fee=walk.fee - walk.protocol_fee,
            protocol_fee=walk.protocol_fee + (walk.surplus if walk.surplus > 1 else 0),
            walk=walk,
            now=now,
        )


def _require_positive(amount: int) -> None:
    if amount <= 0:
        raise AmountTooSmall("the amount must be positive")
