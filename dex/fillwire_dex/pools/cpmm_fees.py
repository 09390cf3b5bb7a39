"""The four fees of Raydium CPMM and their roundings.

Source: raydium-io/raydium-cp-swap, programs/cp-swap/src/curve/{calculator,fees}.rs and states/pool.rs.
Rates are in 1e-6: trade and creator of the amount, protocol and fund of the trade fee.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from fillwire_dex.errors import UnsupportedPool
from fillwire_dex.pools.pool import Direction
from fillwire_dex.pools.rounding import ceil_div

UNIT: Final = 1_000_000


class CreatorFeeOn(StrEnum):
    """In which token the creator is paid: whichever is sold, or always the same one."""

    BOTH = "both"
    ONLY_A = "only_a"
    ONLY_B = "only_b"


@dataclass(frozen=True, slots=True)
class CpmmFees:
    """The fee settings of one pool, which swaps do not change.

    `creator_rate` is 0 where the creator's fee is switched off.
    """

    trade_rate: int
    creator_rate: int
    protocol_rate: int
    fund_rate: int
    creator_fee_on: CreatorFeeOn

    def __post_init__(self) -> None:
        if min(self.trade_rate, self.creator_rate, self.protocol_rate, self.fund_rate) < 0:
            raise UnsupportedPool("a fee rate must not be negative")
        if self.trade_rate + self.creator_rate >= UNIT:
            raise UnsupportedPool("trade and creator fee together must stay below 1")
        if self.protocol_rate + self.fund_rate > UNIT:
            raise UnsupportedPool("protocol and fund cannot share more than the trade fee")

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the fees of a pool's state."""
        return cls(
            trade_rate=int(state["trade_fee_rate"]),
            creator_rate=int(state["creator_fee_rate"]) if state["enable_creator_fee"] else 0,
            protocol_rate=int(state["protocol_fee_rate"]),
            fund_rate=int(state["fund_fee_rate"]),
            creator_fee_on=CreatorFeeOn(state["creator_fee_on"]),
        )

    def state(self) -> Mapping[str, object]:
        return {
            "trade_fee_rate": str(self.trade_rate),
            "protocol_fee_rate": str(self.protocol_rate),
            "fund_fee_rate": str(self.fund_rate),
            "creator_fee_rate": str(self.creator_rate),
            "enable_creator_fee": self.creator_rate > 0,
            "creator_fee_on": self.creator_fee_on.value,
        }

    def creator_on_input(self, direction: Direction) -> bool:
        """Whether the creator's part of such a swap is taken from the token sold."""
        if self.creator_fee_on is CreatorFeeOn.BOTH:
            return True
        return (self.creator_fee_on is CreatorFeeOn.ONLY_A) == (direction is Direction.A_TO_B)

    def kept(self, direction: Direction) -> tuple[float, float]:
        """Return what the fees leave of an input and of an output, 0 to 1."""
        on_input = self.creator_on_input(direction)
        kept_out = 1.0 if on_input else 1 - self.creator_rate / UNIT
        return 1 - self.input_rate(on_input) / UNIT, kept_out

    def input_rate(self, creator_on_input: bool) -> int:
        """Return what is taken from the token sold, in 1e-6."""
        return self.trade_rate + self.creator_rate if creator_on_input else self.trade_rate

    def of_input(self, amount_in: int, creator_on_input: bool) -> int:
        """Return all fees on a gross input, rounded up once."""
        return ceil_div(amount_in * self.input_rate(creator_on_input), UNIT)

    def split(self, total: int, creator_on_input: bool) -> tuple[int, int]:
        """Return the trade fee and the creator's fee that make up a fee on the input."""
        if not creator_on_input or self.creator_rate == 0:
            return total, 0
        creator = total * self.creator_rate // (self.trade_rate + self.creator_rate)
        return total - creator, creator

    def creator_of(self, gross_out: int) -> int:
        """Return the creator's fee on a gross output."""
        return ceil_div(gross_out * self.creator_rate, UNIT)

    def shares(self, trade_fee: int) -> tuple[int, int]:
        """Return the protocol's and the fund's part of a trade fee."""
        return trade_fee * self.protocol_rate // UNIT, trade_fee * self.fund_rate // UNIT


def before_fee(net: int, rate: int) -> int:
    """Return the least gross amount that leaves at least `net` after a fee of `rate`."""
    return ceil_div(net * UNIT, UNIT - rate) if rate else net
