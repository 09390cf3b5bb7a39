"""Base fees of Meteora DAMM v2 that fall from a cliff, as time passes or as the price rises.

Source: MeteoraAg/damm-v2, programs/cp-amm/src/base_fee/fee_time_scheduler.rs and fee_market_cap_scheduler.rs.
Rates are in 1e-9; `reduction_factor` is in 1e-9 of a linear fall and in bps of an exponential one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from fillwire_dex.errors import UnsupportedPool
from fillwire_dex.pools.pool import Direction

_Q64: Final = 1 << 64
_BPS: Final = 10_000
MARKET_CAP: Final = "market_cap_"
"""What the mode of a market-cap schedule begins with."""


class Fall(StrEnum):
    """How much of the fee a period takes away: always the same, or a part of what is left."""

    LINEAR = "linear"
    EXPONENTIAL = "exponential"


@dataclass(frozen=True, slots=True)
class Moment:
    """What a base fee may depend on besides the amount; `now` and `activation_point` are in unix seconds."""

    direction: Direction
    now: int
    activation_point: int
    sqrt_price: int


@dataclass(frozen=True, slots=True)
class Cliff:
    """A fee that falls in so many periods."""

    fall: Fall
    cliff_fee_numerator: int
    number_of_period: int
    reduction_factor: int

    @classmethod
    def from_state(cls, fall: str, state: Mapping[str, Any]) -> Self:
        """Return the cliff of a base fee's state."""
        numbers = (int(state[name]) for name in ("cliff_fee_numerator", "number_of_period", "reduction_factor"))
        return cls(Fall(fall), *numbers)

    def state(self) -> Mapping[str, object]:
        return {
            "cliff_fee_numerator": str(self.cliff_fee_numerator),
            "number_of_period": self.number_of_period,
            "reduction_factor": str(self.reduction_factor),
        }

    def rate(self, periods: int) -> int:
        """Return what is left after so many periods, at most all of them."""
        periods = min(periods, self.number_of_period)
        if self.fall is Fall.LINEAR:
            return self.cliff_fee_numerator - periods * self.reduction_factor
        factor = _power(_Q64 - (self.reduction_factor << 64) // _BPS, periods)
        return self.cliff_fee_numerator * factor >> 64


@dataclass(frozen=True, slots=True)
class TimeSchedule:
    """A fee that falls every `period_frequency` seconds; a static fee is a schedule of no periods."""

    cliff: Cliff
    period_frequency: int

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the schedule of a state whose mode is the name of a fall."""
        return cls(Cliff.from_state(state["mode"], state), int(state["period_frequency"]))

    def state(self) -> Mapping[str, object]:
        return {
            "mode": self.cliff.fall.value,
            "period_frequency": str(self.period_frequency),
            **self.cliff.state(),
        }

    def rate(self, moment: Moment) -> int:
        """Return the rate at a moment; before activation it is the lowest one, as in the program."""
        if self.period_frequency == 0:
            return self.cliff.cliff_fee_numerator
        if moment.now < moment.activation_point:
            return self.cliff.rate(self.cliff.number_of_period)
        return self.cliff.rate((moment.now - moment.activation_point) // self.period_frequency)


@dataclass(frozen=True, slots=True)
class MarketCapSchedule:
    """A fee that falls with every `price_step_bps` by which the sqrt price exceeds the initial one.

    After `scheduler_expiration_duration` seconds, and before activation, it is the lowest one.
    """

    cliff: Cliff
    price_step_bps: int
    scheduler_expiration_duration: int
    init_sqrt_price: int

    def __post_init__(self) -> None:
        if self.price_step_bps <= 0 or self.init_sqrt_price <= 0:
            raise UnsupportedPool("a market-cap schedule needs a price to start from and steps")

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the schedule of a state whose mode is market_cap_ and the name of a fall."""
        return cls(
            Cliff.from_state(state["mode"].removeprefix(MARKET_CAP), state),
            int(state["price_step_bps"]),
            int(state["scheduler_expiration_duration"]),
            int(state["init_sqrt_price_x64"]),
        )

    def state(self) -> Mapping[str, object]:
        return {
            "mode": f"{MARKET_CAP}{self.cliff.fall.value}",
            "price_step_bps": self.price_step_bps,
            "scheduler_expiration_duration": self.scheduler_expiration_duration,
            "init_sqrt_price_x64": str(self.init_sqrt_price),
            **self.cliff.state(),
        }

    def rate(self, moment: Moment) -> int:
        since = moment.now - moment.activation_point
        if not 0 <= since <= self.scheduler_expiration_duration:
            return self.cliff.rate(self.cliff.number_of_period)
        risen = max(moment.sqrt_price - self.init_sqrt_price, 0)
        return self.cliff.rate(risen * _BPS // self.init_sqrt_price // self.price_step_bps)


def _power(base: int, exponent: int) -> int:
    """Return base**exponent in Q64.64, cut after every product as the program does."""
    result = _Q64
    while exponent:
        if exponent & 1:
            result = result * base >> 64
        base = base * base >> 64
        exponent >>= 1
    return result
