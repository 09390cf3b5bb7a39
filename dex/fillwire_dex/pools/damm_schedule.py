"""The fee rate of Meteora DAMM v2: a base fee on a schedule plus a volatility fee.

Source: MeteoraAg/damm-v2, programs/cp-amm/src/base_fee/* and state/fee.rs. Rates are in 1e-9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

from fillwire_dex.errors import UnsupportedPool
from fillwire_dex.pools.rounding import ceil_div

RATE_UNIT: Final = 1_000_000_000
_Q64: Final = 1 << 64
_BPS: Final = 10_000
_VARIABLE_FEE_SCALE: Final = 100_000_000_000


class Schedule(StrEnum):
    """How the base fee falls from its cliff; a static fee is a schedule of no periods.

    The rate limiter (its fee grows with the amount) and the market-cap schedulers are not carried:
    their output curves are not concave, and a later version must name its guarantee for them.
    """

    LINEAR = "linear"
    EXPONENTIAL = "exponential"


@dataclass(frozen=True, slots=True)
class BaseFee:
    """A fee that falls by `reduction_factor` (1e-9 if linear, bps if exponential) each period."""

    schedule: Schedule
    cliff_fee_numerator: int
    number_of_period: int
    period_frequency: int
    reduction_factor: int

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the base fee of a state; raises UnsupportedPool for other modes."""
        mode = state["mode"]
        if mode not in tuple(Schedule):
            raise UnsupportedPool(f"DAMM v2 base fee mode {mode!r} is not carried")
        return cls(
            Schedule(mode),
            int(state["cliff_fee_numerator"]),
            int(state["number_of_period"]),
            int(state["period_frequency"]),
            int(state["reduction_factor"]),
        )

    def state(self) -> Mapping[str, object]:
        return {
            "mode": self.schedule.value,
            "cliff_fee_numerator": str(self.cliff_fee_numerator),
            "number_of_period": self.number_of_period,
            "period_frequency": str(self.period_frequency),
            "reduction_factor": str(self.reduction_factor),
        }

    def rate(self, *, now: int, activation_point: int) -> int:
        """Return the rate at `now`; before activation it is the lowest one, as in the program."""
        if self.period_frequency == 0:
            return self.cliff_fee_numerator
        period = self.number_of_period
        if now >= activation_point:
            period = min((now - activation_point) // self.period_frequency, period)
        if self.schedule is Schedule.LINEAR:
            return self.cliff_fee_numerator - period * self.reduction_factor
        factor = _power(_Q64 - (self.reduction_factor << 64) // _BPS, period)
        return self.cliff_fee_numerator * factor >> 64


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


def _power(base: int, exponent: int) -> int:
    """Return base**exponent in Q64.64, cut after every product as the program does."""
    result = _Q64
    while exponent:
        if exponent & 1:
            result = result * base >> 64
        base = base * base >> 64
        exponent >>= 1
    return result
