"""Founding pools of concentrated liquidity: positions around the price, each wider than the one inside it.

Every position is put in with the same amount of b, so the narrow ones make the liquidity at the price and the wide
ones keep the pool from running dry when the price leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from fillwire_dex import pools
from fillwire_dex.pools.concentrated.orca_ticks import ORCA
from fillwire_dex.pools.concentrated.raydium_ticks import RAYDIUM
from fillwire_dex.pools.concentrated.scale import TickScale
from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.simulated.founding.plan import Founded, Plan

_WIDEST: Final = 25_000
"""In ticks: from a twelfth of the price to twelve times of it."""


def clmm(
    plan: Plan, *, tick_spacing: int, trade_fee_rate: int, narrowest: int, dynamic: bool = False, only_b: bool = False
) -> Founded:
    """Found a Raydium CLMM pool; the rate is in 1e-6, `narrowest` how many ticks its best position reaches.

    With `dynamic`, the fee grows with the distance from where the price rested.
    """
    state = _liquidity(plan, RAYDIUM, tick_spacing, narrowest)
    state |= {
        "trade_fee_rate": trade_fee_rate,
        "protocol_fee_rate": 120_000,
        "fund_fee_rate": 40_000,
        "fee_on": "only_b" if only_b else "input",
        "dynamic_fee": _dynamic_fee(state["tick_current"] // tick_spacing) if dynamic else None,
    }
    return _founded(plan, PoolKind.RAYDIUM_CLMM, state)


def whirlpool(plan: Plan, *, tick_spacing: int, fee_rate: int, narrowest: int) -> Founded:
    """Found an Orca Whirlpool; the rate is in 1e-6, `narrowest` how many ticks its best position reaches."""
    state = _liquidity(plan, ORCA, tick_spacing, narrowest) | {"fee_rate": fee_rate, "protocol_fee_rate": 1_300}
    return _founded(plan, PoolKind.ORCA_WHIRLPOOL, state)


def _founded(plan: Plan, kind: PoolKind, state: dict[str, Any]) -> Founded:
    pool = pools.decode(kind, state)
    return plan.found(kind, pool.state(), *pool.reserves())


def _liquidity(plan: Plan, scale: TickScale, spacing: int, narrowest: int) -> dict[str, Any]:
    """Return the part of the state that both programs have: the price, and the ticks where liquidity changes."""
    tick = scale.tick_at(plan.sqrt_price_x64)
    reaches = tuple(_reaches(narrowest))
    net: Counter[int] = Counter()
    gross: Counter[int] = Counter()
    active = 0
    for reach in reaches:
        lower, upper = (tick - reach) // spacing * spacing, -((-tick - reach) // spacing) * spacing
        liquidity = (plan.reserve_b // len(reaches) << 64) // (plan.sqrt_price_x64 - scale.sqrt_price_at(lower))
        active += liquidity
        net.update({lower: liquidity, upper: -liquidity})
        gross.update({lower: liquidity, upper: liquidity})
    return {
        "tick_spacing": spacing,
        "sqrt_price_x64": str(plan.sqrt_price_x64),
        "tick_current": tick,
        "liquidity": str(active),
        "ticks": [
            {"tick": edge, "liquidity_net": str(net[edge]), "liquidity_gross": str(gross[edge])} for edge in sorted(net)
        ],
    }


def _reaches(narrowest: int) -> Iterator[int]:
    """Give how far positions reach on either side, each by three fifths farther."""
    reach = narrowest
    while reach < _WIDEST:
        yield reach
        reach = reach * 8 // 5
    yield _WIDEST


def _dynamic_fee(index: int) -> dict[str, Any]:
    return {
        "filter_period": 30,
        "decay_period": 600,
        "reduction_factor": 5_000,
        "dynamic_fee_control": 20_000,
        "max_volatility_accumulator": 150_000,
        "tick_spacing_index_reference": index,
        "volatility_reference": 0,
        "volatility_accumulator": 0,
        "last_update_timestamp": "0",
    }
