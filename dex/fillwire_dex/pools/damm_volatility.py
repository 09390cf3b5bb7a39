"""The volatility fee of Meteora DAMM v2.

Source: MeteoraAg/damm-v2, programs/cp-amm/src/state/fee.rs. Rates are in 1e-9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from fillwire_dex.pools.rounding import ceil_div

_Q64: Final = 1 << 64
_BPS: Final = 10_000
_VARIABLE_FEE_SCALE: Final = 100_000_000_000


@dataclass(frozen=True, slots=True)
class DynamicFee:
    """A fee that grows with recent price movement and lags it by one swap."""

    bin_step: int
    bin_step_u128: int
    variable_fee_control: int
    max_volatility_accumulator: int
    filter_period: int
    decay_period: int
    reduction_factor: int
    volatility_accumulator: int
    volatility_reference: int
    sqrt_price_reference: int
    last_update_timestamp: int

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the dynamic fee of a state."""
        return cls(**{name: int(state[name]) for name in cls.__slots__})

    def state(self) -> Mapping[str, object]:
        return {name: str(getattr(self, name)) for name in self.__slots__}

    def rate(self) -> int:
        """Return the rate that the stored volatility asks for."""
        square = (self.volatility_accumulator * self.bin_step) ** 2
        return ceil_div(square * self.variable_fee_control, _VARIABLE_FEE_SCALE)

    def after(self, before: int, after: int, *, now: int) -> Self:
        """Return the state once a swap moved the sqrt price from `before` to `after`."""
        elapsed = now - self.last_update_timestamp
        reference, volatility = self.sqrt_price_reference, self.volatility_reference
        if elapsed >= self.filter_period:
            reference = before
            decayed = self.volatility_accumulator * self.reduction_factor // _BPS
            volatility = decayed if elapsed < self.decay_period else 0
        accumulator = volatility + self._bins_between(after, reference) * _BPS
        moved = self._bins_between(before, after) > 0
        return replace(
            self,
            sqrt_price_reference=reference,
            volatility_reference=volatility,
            volatility_accumulator=min(accumulator, self.max_volatility_accumulator),
            last_update_timestamp=now if moved else self.last_update_timestamp,
        )

    def _bins_between(self, one: int, other: int) -> int:
        low, high = sorted((one, other))
        return 2 * (((high << 64) // low - _Q64) // self.bin_step_u128)
