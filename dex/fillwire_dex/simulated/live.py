"""Pools in the course of a block."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from fillwire_dex.pools.pool import Direction, Pool, Swap
from fillwire_dex.snapshot import ALWAYS, Birth


@dataclass(frozen=True, slots=True)
class LivePool:
    """A pool in the course of a block.

    `halted` when its venue executes nothing; flows are what its vaults gained since it was loaded, `slot` is when it
    last swapped.
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
    birth: Birth = ALWAYS

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
