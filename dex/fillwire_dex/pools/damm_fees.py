"""How Meteora DAMM v2 takes and divides its fee.

Source: MeteoraAg/damm-v2, programs/cp-amm/src/state/fee.rs and math/fee_math.rs.
The base fee is in `damm_schedule` and `damm_limiter`, the variable one in `damm_volatility`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Any, Final, Self

from fillwire_dex.errors import UnsupportedPool
from fillwire_dex.pools.damm_limiter import RateLimiter
from fillwire_dex.pools.damm_rates import RATE_UNIT
from fillwire_dex.pools.damm_schedule import MARKET_CAP, Fall, MarketCapSchedule, Moment, TimeSchedule
from fillwire_dex.pools.pool import Direction

_MOST_RATE: Final = {0: RATE_UNIT // 2, 1: RATE_UNIT * 99 // 100}
"""The cap of the whole fee rate, by the pool's fee version."""


BaseFee = TimeSchedule | MarketCapSchedule | RateLimiter


class CollectFeeMode(StrEnum):
    """In which token fees are taken."""

    BOTH = "both"
    """Always in the token bought."""
    ONLY_B = "only_b"
    COMPOUNDING = "compounding"
    """As only_b, and a part of the fee goes back into the reserves."""


@dataclass(frozen=True, slots=True)
class FeeSplit:
    """Who gets a fee; the four parts sum to it."""

    claiming: int
    compounding: int
    protocol: int
    referral: int


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """The fee settings of one pool, which swaps do not change."""

    mode: CollectFeeMode
    version: int
    protocol_percent: int
    referral_percent: int
    compounding_bps: int
    activation_point: int
    base: BaseFee

    def __post_init__(self) -> None:
        if self.version not in _MOST_RATE:
            raise UnsupportedPool(f"DAMM v2 fee version {self.version} is not carried")
        if isinstance(self.base, RateLimiter) and self.mode is not CollectFeeMode.ONLY_B:
            raise UnsupportedPool("a rate limiter needs the fee in b alone")

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the terms of a pool's state; raises UnsupportedPool."""
        return cls(
            mode=CollectFeeMode(state["collect_fee_mode"]),
            version=int(state["fee_version"]),
            protocol_percent=int(state["protocol_fee_percent"]),
            referral_percent=int(state["referral_fee_percent"]),
            compounding_bps=int(state["compounding_fee_bps"]),
            activation_point=int(state["activation_point"]),
            base=_base_fee(state["base_fee"]),
        )

    def state(self) -> Mapping[str, object]:
        return {
            "collect_fee_mode": self.mode.value,
            "fee_version": self.version,
            "protocol_fee_percent": self.protocol_percent,
            "referral_fee_percent": self.referral_percent,
            "compounding_fee_bps": self.compounding_bps,
            "activation_point": str(self.activation_point),
            "base_fee": self.base.state(),
        }

    @property
    def compounding(self) -> bool:
        return self.mode is CollectFeeMode.COMPOUNDING

    def on_input(self, direction: Direction) -> bool:
        """Whether the fee of such a swap is taken from the token sold."""
        return self.mode is not CollectFeeMode.BOTH and direction is Direction.B_TO_A

    def rate_within(self, gross: int, variable_rate: int, moment: Moment) -> int:
        """Return the whole fee rate of a gross input in 1e-9, capped as the pool's fee version says."""
        base = self.base
        rate = base.rate_within(gross, moment) if isinstance(base, RateLimiter) else base.rate(moment)
        return self._capped(rate + variable_rate)

    def rate_on_top(self, net: int, variable_rate: int, moment: Moment) -> int:
        """Return the whole fee rate of an input of which `net` is left."""
        base = self.base
        rate = base.rate_on_top(net, moment) if isinstance(base, RateLimiter) else base.rate(moment)
        return self._capped(rate + variable_rate)

    def brackets(self, variable_rate: int, moment: Moment) -> list[tuple[int, float]]:
        """Return the whole fee's marginal rates, and the gross input that pays each; no swap pays less."""
        base = self.base
        brackets = base.brackets(moment) if isinstance(base, RateLimiter) else ((base.rate(moment), inf),)
        return [(self._capped(rate + variable_rate), width) for rate, width in brackets]

    def split(self, fee: int, *, referral: bool) -> FeeSplit:
        """Divide a fee: the protocol's percentage first, the referrer's out of that."""
        protocol = fee * self.protocol_percent // 100
        trading = fee - protocol
        compounded = trading * self.compounding_bps // 10_000 if self.compounding else 0
        referred = protocol * self.referral_percent // 100 if referral else 0
        return FeeSplit(trading - compounded, compounded, protocol - referred, referred)

    def _capped(self, rate: int) -> int:
        return min(rate, _MOST_RATE[self.version])


def _base_fee(state: Mapping[str, Any]) -> BaseFee:
    """Return the base fee of a state; raises UnsupportedPool for a mode that is not known."""
    mode = state["mode"]
    if mode == "rate_limiter":
        return RateLimiter.from_state(state)
    if mode.removeprefix(MARKET_CAP) not in tuple(Fall):
        raise UnsupportedPool(f"DAMM v2 base fee mode {mode!r} is not carried")
    return MarketCapSchedule.from_state(state) if mode.startswith(MARKET_CAP) else TimeSchedule.from_state(state)
