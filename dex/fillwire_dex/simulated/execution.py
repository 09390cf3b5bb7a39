"""What a transaction does to the pools when it lands: all of its legs or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from fillwire_dex.errors import AmountTooSmall, InsufficientLiquidity
from fillwire_dex.outcomes import Landed, LandedLeg, RefusalReason, Refused
from fillwire_dex.pools.pool import Direction, Pool, Swap
from fillwire_dex.transaction import Instruction, Transaction


@dataclass(frozen=True, slots=True)
class LivePool:
    """A pool in the course of a block.

    `halted` when its venue executes nothing; flows are what its vaults gained since it was loaded, `slot` is when it
    last swapped since then.
    """

    venue: str
    token_a: str
    token_b: str
    version: int
    pool: Pool
    halted: bool = False
    flow_a: int = 0
    flow_b: int = 0
    slot: int = 0

    def after(self, swap: Swap, slot: int) -> Self:
        """Return the pool once it executed `swap` in `slot`."""
        flow_a, flow_b = swap.amount_in, -swap.amount_out
        if swap.direction is Direction.B_TO_A:
            flow_a, flow_b = flow_b, flow_a
        return replace(
            self,
            version=self.version + 1,
            pool=self.pool.after(swap),
            flow_a=self.flow_a + flow_a,
            flow_b=self.flow_b + flow_b,
            slot=slot,
        )


LivePools = dict[str, LivePool]


class _Revert(Exception):
    """Execution stops and nothing of it stays."""

    def __init__(self, reason: RefusalReason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def execute(
    transaction: Transaction,
    live: Mapping[str, LivePool],
    *,
    slot: int,
    now: int,
) -> tuple[Landed | Refused, LivePools]:
    """Return what became of the transaction, and the pools it changed (none when refused)."""
    changed: LivePools = {}
    legs: list[LandedLeg] = []
    try:
        for instruction in transaction.instructions:
            before = changed.get(instruction.pool_id) or live.get(instruction.pool_id)
            after, swap = _swap(instruction, before, slot=slot, now=now)
            changed[instruction.pool_id] = after
            legs.append(_leg(instruction, after.venue, swap))
        amount_out = _total(legs, transaction.min_amount_out)
    except _Revert as revert:
        return Refused(slot, revert.reason, str(revert)), {}
    amount_in = sum(leg.amount_in for leg in legs)
    return Landed(slot, amount_in, amount_out, tuple(legs)), changed


def _total(legs: Sequence[LandedLeg], min_amount_out: int) -> int:
    """Return what all legs bring together; that, not any leg, is what must be enough."""
    total = sum(leg.amount_out for leg in legs)
    if total < min_amount_out:
        message = f"would bring {total}, at least {min_amount_out} was asked"
        raise _Revert(RefusalReason.SLIPPAGE_EXCEEDED, message)
    return total


def _swap(
    instruction: Instruction,
    live: LivePool | None,
    *,
    slot: int,
    now: int,
) -> tuple[LivePool, Swap]:
    pair = {instruction.token_in, instruction.token_out}
    if live is None or pair != {live.token_a, live.token_b}:
        raise _Revert(RefusalReason.UNKNOWN_POOL, f"no such pool as {instruction.pool_id}")
    if live.halted:
        raise _Revert(RefusalReason.VENUE_HALTED, f"{live.venue} is halted")
    a_to_b = instruction.token_in == live.token_a
    direction = Direction.A_TO_B if a_to_b else Direction.B_TO_A
    try:
        swap = live.pool.quote_exact_in(direction, instruction.amount_in, now=now)
    except InsufficientLiquidity as error:
        raise _Revert(RefusalReason.INSUFFICIENT_LIQUIDITY, str(error)) from error
    except AmountTooSmall as error:
        raise _Revert(RefusalReason.AMOUNT_TOO_SMALL, str(error)) from error
    if swap.amount_out == 0:
        raise _Revert(RefusalReason.AMOUNT_TOO_SMALL, f"{instruction.pool_id} would give nothing")
    return live.after(swap, slot), swap


def _leg(instruction: Instruction, venue: str, swap: Swap) -> LandedLeg:
    return LandedLeg(
        pool_id=instruction.pool_id,
        venue=venue,
        token_in=instruction.token_in,
        token_out=instruction.token_out,
        amount_in=swap.amount_in,
        amount_out=swap.amount_out,
        fee_in=swap.fee_in,
        fee_out=swap.fee_out,
    )
