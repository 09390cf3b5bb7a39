"""The pool kinds, and how one is made of its stored state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from fillwire_dex.errors import UnsupportedPool
from fillwire_dex.pools.meteora_damm_v2 import MeteoraDammV2
from fillwire_dex.pools.meteora_dlmm import MeteoraDlmm
from fillwire_dex.pools.orca_whirlpool import OrcaWhirlpool
from fillwire_dex.pools.pool import Direction, Pool, PoolKind, Segment, Swap
from fillwire_dex.pools.raydium_amm_v4 import RaydiumAmmV4
from fillwire_dex.pools.raydium_clmm import RaydiumClmm
from fillwire_dex.pools.raydium_cpmm import RaydiumCpmm

__all__ = [
    "Direction",
    "MeteoraDammV2",
    "MeteoraDlmm",
    "OrcaWhirlpool",
    "Pool",
    "PoolKind",
    "RaydiumAmmV4",
    "RaydiumClmm",
    "RaydiumCpmm",
    "Segment",
    "Swap",
    "decode",
]

_DECODERS: Final[Mapping[PoolKind, Callable[[Mapping[str, Any]], Pool]]] = {
    PoolKind.RAYDIUM_AMM_V4: RaydiumAmmV4.from_state,
    PoolKind.RAYDIUM_CPMM: RaydiumCpmm.from_state,
    PoolKind.METEORA_DAMM_V2: MeteoraDammV2.from_state,
    PoolKind.METEORA_DLMM: MeteoraDlmm.from_state,
    PoolKind.RAYDIUM_CLMM: RaydiumClmm.from_state,
    PoolKind.ORCA_WHIRLPOOL: OrcaWhirlpool.from_state,
}


def decode(kind: str, state: Mapping[str, Any]) -> Pool:
    """Return the pool of this kind and state (as `Pool.state` gives it).

    Raises UnsupportedPool for a kind or a state that cannot be carried exactly.
    """
    if kind not in tuple(PoolKind):
        raise UnsupportedPool(f"no pool kind {kind!r}")
    try:
        return _DECODERS[PoolKind(kind)](state)
    except (KeyError, ValueError) as error:
        raise UnsupportedPool(f"not a {kind} state: {error!r}") from error
