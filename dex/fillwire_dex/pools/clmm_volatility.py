"""Raydium CLMM's dynamic fee: the rate grows with the distance of the price from where it last rested.

Source: raydium-io/raydium-clmm, programs/amm/src/states/pool_fee.rs and instructions/swap.rs.
Distances are counted in whole tick spacings ("indexes"), volatility in 1/10000 of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from fillwire_dex.errors import UnsupportedPool
from fillwire_dex.pools.rounding import ceil_div

_MOST_RATE: Final = 100_000
_INDEX_SCALE: Final = 10_000
_CONTROL_UNIT: Final = 100_000 * _INDEX_SCALE**2
_U32: Final = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class DynamicFee:
    """The settings, and the memory of past swaps; periods in seconds."""

    filter_period: int
    decay_period: int
    reduction_factor: int
    control: int
    max_accumulator: int
    reference_index: int
    reference: int
    accumulator: int
    last_update_timestamp: int

    def __post_init__(self) -> None:
        if min(self.filter_period, self.decay_period, self.reduction_factor, self.control, self.max_accumulator) < 0:
            raise UnsupportedPool("a dynamic fee has no negative settings")
        if min(self.reference, self.accumulator) < 0 or self.max_accumulator > _U32:
            raise UnsupportedPool("a volatility must be at least 0 and fit 32 bits")

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the dynamic fee of a state as `state` gives it."""
        return cls(
            filter_period=int(state["filter_period"]),
            decay_period=int(state["decay_period"]),
            reduction_factor=int(state["reduction_factor"]),
            control=int(state["dynamic_fee_control"]),
            max_accumulator=int(state["max_volatility_accumulator"]),
            reference_index=int(state["tick_spacing_index_reference"]),
            reference=int(state["volatility_reference"]),
            accumulator=int(state["volatility_accumulator"]),
            last_update_timestamp=int(state["last_update_timestamp"]),
        )

    def state(self) -> Mapping[str, object]:
        return {
            "filter_period": self.filter_period,
            "decay_period": self.decay_period,
            "reduction_factor": self.reduction_factor,
            "dynamic_fee_control": self.control,
            "max_volatility_accumulator": self.max_accumulator,
            **self.memory(),
        }

    def memory(self) -> Mapping[str, object]:
        """Return the part of the state that swaps change."""
        return {
            "tick_spacing_index_reference": self.reference_index,
            "volatility_reference": self.reference,
            "volatility_accumulator": self.accumulator,
            "last_update_timestamp": str(self.last_update_timestamp),
        }

    def refreshed(self, index: int, *, now: int) -> Self:
        """Return the fee as a swap at this index finds it: after a rest the reference moves to it."""
        elapsed = max(0, now - self.last_update_timestamp)
        if elapsed < self.filter_period:
            return self
        decayed = self.accumulator * self.reduction_factor // 10_000 if elapsed < self.decay_period else 0
        return replace(self, reference_index=index, reference=decayed, last_update_timestamp=now)

    def accumulated(self, index: int) -> int:
        """Return the volatility while the price is within this index."""
        return min(self.reference + abs(self.reference_index - index) * _INDEX_SCALE, self.max_accumulator)

    def rate(self, accumulator: int, *, base_rate: int, spacing: int) -> int:
        """Return the whole fee rate in millionths, at most a tenth."""
        variable = ceil_div(self.control * (accumulator * spacing) ** 2, _CONTROL_UNIT)
        return min(base_rate + variable, _MOST_RATE)
