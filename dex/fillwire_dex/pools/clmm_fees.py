"""How Raydium CLMM takes and divides its fee.

Source: raydium-io/raydium-clmm, programs/amm/src/states/{config,pool_fee}.rs. Rates are millionths.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self, assert_never

from fillwire_dex.errors import UnsupportedPool
from fillwire_dex.pools.concentrated.steps import RATE_UNIT, Levy
from fillwire_dex.pools.pool import Direction


class FeeOn(StrEnum):
    """From which token the fee is taken."""

    INPUT = "input"
    ONLY_A = "only_a"
    ONLY_B = "only_b"


@dataclass(frozen=True, slots=True)
class ClmmFees:
    """The fee settings of one pool; the rates of protocol and fund are shares of the fee."""

    trade_rate: int
    protocol_rate: int
    fund_rate: int
    fee_on: FeeOn

    def __post_init__(self) -> None:
        if not 0 <= self.trade_rate < RATE_UNIT:
            raise UnsupportedPool("a fee rate must be at least 0 and below 1")
        if min(self.protocol_rate, self.fund_rate) < 0 or self.protocol_rate + self.fund_rate > RATE_UNIT:
            raise UnsupportedPool("the shares of a fee must be at least 0 and at most the fee")

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the settings of a pool's state."""
        return cls(
            trade_rate=int(state["trade_fee_rate"]),
            protocol_rate=int(state["protocol_fee_rate"]),
            fund_rate=int(state["fund_fee_rate"]),
            fee_on=FeeOn(state["fee_on"]),
        )

    def state(self) -> Mapping[str, object]:
        return {
            "trade_fee_rate": self.trade_rate,
            "protocol_fee_rate": self.protocol_rate,
            "fund_fee_rate": self.fund_rate,
            "fee_on": self.fee_on.value,
        }

    def on_input(self, direction: Direction) -> bool:
        match self.fee_on:
            case FeeOn.INPUT:
                return True
            case FeeOn.ONLY_A:
                return direction is Direction.A_TO_B
            case FeeOn.ONLY_B:
                return direction is Direction.B_TO_A
            case other:
                assert_never(other)

    def levy(self, direction: Direction) -> Levy:
        """Return what a swap pays without any dynamic fee."""
        return Levy(self.trade_rate, self.on_input(direction), self.protocol_rate, self.fund_rate)
