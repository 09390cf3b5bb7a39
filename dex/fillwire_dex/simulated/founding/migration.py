"""Moving a pool's liquidity to another venue, as a launchpad's pools do once they have grown up.

The new pool is founded at the price of the old one with what that held. Where one side held more than the price gives
it a match for, as after a walk through ranges or bins, the rest goes back to who provided it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from fillwire_dex import tokens
from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.simulated.founding.damm import damm_v2_compounding
from fillwire_dex.simulated.founding.plan import Founded, Plan
from fillwire_dex.simulated.founding.products import amm_v4, cpmm
from fillwire_dex.simulated.live import LivePool

_FOUNDERS: Final[Mapping[PoolKind, Callable[[Plan], Founded]]] = MappingProxyType(
    {
        PoolKind.RAYDIUM_AMM_V4: amm_v4,
        PoolKind.RAYDIUM_CPMM: lambda plan: cpmm(plan, trade_fee_rate=2_500),
        PoolKind.METEORA_DAMM_V2: lambda plan: damm_v2_compounding(plan, fee_numerator=2_500_000),
    }
)

DESTINATIONS: Final = tuple(_FOUNDERS)
"""The kinds that take any two amounts as they are; all of a quarter of a percent."""


@dataclass(frozen=True, slots=True)
class Migration:
    """The liquidity of the pool `source` is to go to a new one, one of the `DESTINATIONS`."""

    source: str
    kind: PoolKind
    number: int

    @property
    def target(self) -> str:
        """The id of the new pool."""
        _, pair, _ = self.source.split(".")
        return f"{self.kind.value}.{pair}.{self.number}"


def migrated(migration: Migration, source: LivePool) -> Founded | None:
    """Return the pool that takes over from the source as it is; None where that holds less than one token b."""
    plan = _plan(migration.number, source)
    return _FOUNDERS[migration.kind](plan) if plan.depth else None


def _plan(number: int, source: LivePool) -> Plan:
    """Return the plan of the deepest pool that what the source holds suffices for, at its price."""
    token_a, token_b = tokens.find(source.token_a), tokens.find(source.token_b)
    price = Decimal(f"{source.pool.spot_price():.12g}").scaleb(token_a.decimals - token_b.decimals)
    plan = Plan(number, token_a, token_b, price, 0)
    held_a, held_b = source.pool.reserves()
    return replace(plan, depth=int(min(Fraction(held_b), held_a * plan.raw_price) / 10**token_b.decimals))
