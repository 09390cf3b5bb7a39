"""The fee of Meteora DLMM: a base fee plus one that grows with the distance from a reference bin.

Source: MeteoraAg/dlmm-sdk, commons/src/extensions/lb_pair.rs and ts-client/src/dlmm/helpers/fee.ts.
Rates are in 1e-9. Volatility counts 10,000 for every bin between the reference and the bin that fills.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from fillwire_dex.errors import UnsupportedPool
from fillwire_dex.pools.pool import Direction
from fillwire_dex.pools.rounding import ceil_div

RATE_UNIT: Final = 1_000_000_000
_MOST_RATE: Final = RATE_UNIT // 10
_BPS: Final = 10_000
_VARIABLE_FEE_SCALE: Final = 100_000_000_000
_PROTOCOL_SHARE_OF_ORDERS_BPS: Final = 5_000
"""What the protocol keeps of the fee that limit orders earned."""


class CollectFeeMode(StrEnum):
    """In which token fees are taken: whichever is sold, or always y."""

    INPUT = "input"
    ONLY_Y = "only_y"


@dataclass(frozen=True, slots=True)
class DlmmFees:
    """The fee settings of one pool, which swaps do not change; periods are in seconds."""

    bin_step: int
    base_factor: int
    base_fee_power_factor: int
    variable_fee_control: int
    max_volatility_accumulator: int
    filter_period: int
    decay_period: int
    reduction_factor: int
    protocol_share: int
    collect_fee_mode: CollectFeeMode

    def __post_init__(self) -> None:
        if min(getattr(self, name) for name in _NUMBERS) < 0:
            raise UnsupportedPool("a fee setting must not be negative")
        if max(self.protocol_share, self.reduction_factor) > _BPS:
            raise UnsupportedPool("a share cannot exceed the whole")

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the fees of a pool's state."""
        numbers = {name: int(state[name]) for name in _NUMBERS}
        return cls(**numbers, collect_fee_mode=CollectFeeMode(state["collect_fee_mode"]))

    def state(self) -> Mapping[str, object]:
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        return {**numbers, "collect_fee_mode": self.collect_fee_mode.value}

    def on_input(self, direction: Direction) -> bool:
        """Whether the fee of such a swap is taken from the token sold."""
        return self.collect_fee_mode is CollectFeeMode.INPUT or direction is Direction.B_TO_A

    def rates(self, volatilities: Iterable[int]) -> list[int]:
        """Return the whole fee rate at each volatility, at most a tenth."""
        base = self.base_factor * self.bin_step * 10 ** (1 + self.base_fee_power_factor)
        control = self.variable_fee_control * self.bin_step**2
        variables = (-(-control * each * each // _VARIABLE_FEE_SCALE) for each in volatilities)
        return [min(base + variable, _MOST_RATE) for variable in variables]

    def of_protocol(self, fee: int, maker_in: int, amount_in: int) -> int:
        """Return the protocol's part of one bin's fee, of whose input market makers took `maker_in`."""
        if maker_in == amount_in:
            return fee * self.protocol_share // _BPS
        of_makers = ceil_div(fee * maker_in, amount_in)
        of_orders = fee - of_makers
        kept_by_orders = of_orders * _PROTOCOL_SHARE_OF_ORDERS_BPS // _BPS
        return of_orders - kept_by_orders + of_makers * self.protocol_share // _BPS


_NUMBERS: Final = tuple(name for name in DlmmFees.__slots__ if name != "collect_fee_mode")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a swap measures its distance from: a bin, and the volatility there."""

    volatility: int
    bin_id: int

    def volatilities(self, bin_ids: Iterable[int], most: int) -> list[int]:
        """Return the accumulator at each bin, at most `most`."""
        volatility, origin = self.volatility, self.bin_id
        return [min(volatility + abs(origin - bin_id) * _BPS, most) for bin_id in bin_ids]


@dataclass(frozen=True, slots=True)
class Volatility:
    """How far recent swaps walked; `last_update_timestamp` is when one last left the active bin."""

    accumulator: int
    reference: Reference
    last_update_timestamp: int

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the volatility of a pool's state."""
        return cls(
            int(state["volatility_accumulator"]),
            Reference(int(state["volatility_reference"]), int(state["index_reference"])),
            int(state["last_update_timestamp"]),
        )

    def state(self) -> Mapping[str, object]:
        return {
            "volatility_accumulator": self.accumulator,
            "volatility_reference": self.reference.volatility,
            "index_reference": self.reference.bin_id,
            "last_update_timestamp": str(self.last_update_timestamp),
        }

    def reference_at(self, now: int, active_id: int, fees: DlmmFees) -> Reference:
        """Return what a swap at `now` refers to.

        Within the filter period the stored reference stands; after it the active bin is the reference,
        with a part of the volatility until the decay period is over.
        """
        elapsed = now - self.last_update_timestamp
        if elapsed < fees.filter_period:
            return self.reference
        if elapsed < fees.decay_period:
            return Reference(self.accumulator * fees.reduction_factor // _BPS, active_id)
        return Reference(0, active_id)


def fee_within(gross: int, rate: int) -> int:
    """Return the fee contained in a gross amount."""
    return ceil_div(gross * rate, RATE_UNIT)


def fee_on_top(net: int, rate: int) -> int:
    """Return the fee that a net amount needs on top of it."""
    return ceil_div(net * rate, RATE_UNIT - rate)
