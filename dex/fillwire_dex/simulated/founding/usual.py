"""Founding a pool of any kind as most are founded: small ones, for a fee of about one percent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.simulated.founding.concentrated import clmm, whirlpool
from fillwire_dex.simulated.founding.damm import damm_v2_compounding
from fillwire_dex.simulated.founding.dlmm import dlmm
from fillwire_dex.simulated.founding.plan import Founded, Plan
from fillwire_dex.simulated.founding.products import amm_v4, cpmm

_FOUNDERS: Final[Mapping[PoolKind, Callable[[Plan], Founded]]] = MappingProxyType(
    {
        PoolKind.RAYDIUM_AMM_V4: amm_v4,
        PoolKind.RAYDIUM_CPMM: lambda plan: cpmm(plan, trade_fee_rate=10_000),
        PoolKind.METEORA_DAMM_V2: lambda plan: damm_v2_compounding(plan, fee_numerator=10_000_000),
        PoolKind.RAYDIUM_CLMM: lambda plan: clmm(plan, tick_spacing=120, trade_fee_rate=10_000, narrowest=1_200),
        PoolKind.ORCA_WHIRLPOOL: lambda plan: whirlpool(plan, tick_spacing=128, fee_rate=10_000, narrowest=1_280),
        PoolKind.METEORA_DLMM: lambda plan: dlmm(plan, bin_step=80),
    }
)

KINDS: Final = tuple(_FOUNDERS)


def usual(kind: PoolKind, plan: Plan) -> Founded:
    """Found a pool of this kind; a Raydium AMM v4 takes its 25 bps."""
    return _FOUNDERS[kind](plan)
