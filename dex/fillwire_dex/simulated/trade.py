"""The swaps of one transaction, each on the pools as those before it left them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from fillwire_dex.errors import AmountTooSmall, InsufficientLiquidity
from fillwire_dex.outcomes import LandedLeg, RefusalReason
from fillwire_dex.pools.pool import Direction, Swap
from fillwire_dex.simulated.live import LivePool, LivePools
from fillwire_dex.terms import Instruction


class Revert(Exception):
    """Execution stops and nothing of it stays."""

    def __init__(self, reason: RefusalReason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(slots=True)
class Trade:
    """One transaction's swaps; `changed` are the pools as they leave them."""

    live: Mapping[str, LivePool]
    slot: int
    now: int
    changed: LivePools = field(default_factory=dict)

    def sell(self, leg: Instruction, amount_in: int) -> LandedLeg:
        before, direction = self._find(leg)
        with _reverting():
            swap = before.pool.quote_exact_in(direction, amount_in, now=self.now)
        return self._take(leg, before, swap)

    def buy(self, leg: Instruction, amount_out: int) -> LandedLeg:
        before, direction = self._find(leg)
        with _reverting():
            swap = before.pool.quote_exact_out(direction, amount_out, now=self.now)
        return self._take(leg, before, swap)

    def _find(self, leg: Instruction) -> tuple[LivePool, Direction]:
        pool = self.changed.get(leg.pool_id) or self.live.get(leg.pool_id)
        if pool is None or {leg.token_in, leg.token_out} != {pool.token_a, pool.token_b}:
            raise Revert(RefusalReason.UNKNOWN_POOL, f"no such pool as {leg.pool_id}")
        if pool.halted:
            raise Revert(RefusalReason.VENUE_HALTED, f"{pool.venue} is halted")
        return pool, Direction.A_TO_B if leg.token_in == pool.token_a else Direction.B_TO_A

    def _take(self, leg: Instruction, before: LivePool, swap: Swap) -> LandedLeg:
        if swap.amount_out == 0:
            raise Revert(RefusalReason.AMOUNT_TOO_SMALL, f"{leg.pool_id} would give nothing")
        self.changed[leg.pool_id] = before.after(swap, self.slot)
        return LandedLeg(
            pool_id=leg.pool_id,
            venue=before.venue,
            token_in=leg.token_in,
            token_out=leg.token_out,
            amount_in=swap.amount_in,
            amount_out=swap.amount_out,
            fee_in=swap.fee_in,
            fee_out=swap.fee_out,
        )


@contextmanager
def _reverting() -> Iterator[None]:
    """Revert where a pool cannot quote."""
    try:
        yield
    except InsufficientLiquidity as error:
        raise Revert(RefusalReason.INSUFFICIENT_LIQUIDITY, str(error)) from error
    except AmountTooSmall as error:
        raise Revert(RefusalReason.AMOUNT_TOO_SMALL, str(error)) from error
