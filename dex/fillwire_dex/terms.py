"""What a transaction asks for: its legs, and the limit that holds for all of them together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Instruction:
    """One leg to execute, and the amounts it was planned with (mints and raw units).

    What is executed of them depends on the transaction's terms.
    `amount_out` is 0 in a transaction of the first format, which did not say.
    """

    pool_id: str
    token_in: str
    token_out: str
    amount_in: int
    amount_out: int


@dataclass(frozen=True, slots=True)
class ExactIn:
    """Sell what was planned; refused when all legs together bring less than `min_amount_out`."""

    min_amount_out: int


@dataclass(frozen=True, slots=True)
class ExactOut:
    """Buy exactly `amount_out`; refused when that takes more than `max_amount_in`."""

    amount_out: int
    max_amount_in: int


Terms = ExactIn | ExactOut
