"""Founding pools of a constant product."""

from __future__ import annotations

from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.simulated.founding.plan import Founded, Plan


def amm_v4(plan: Plan) -> Founded:
    """Found a Raydium AMM v4 pool with its fee of 25 bps."""
    state = {
        "reserve_a": str(plan.reserve_a),
        "reserve_b": str(plan.reserve_b),
        "swap_fee_numerator": "25",
        "swap_fee_denominator": "10000",
    }
    return plan.found(PoolKind.RAYDIUM_AMM_V4, state, plan.reserve_a, plan.reserve_b)


def cpmm(plan: Plan, *, trade_fee_rate: int) -> Founded:
    """Found a Raydium CPMM pool; the rate is in 1e-6."""
    accrued = {f"{owner}_fees_{side}": "0" for owner in ("protocol", "fund", "creator") for side in "ab"}
    state = accrued | {
        "vault_a": str(plan.reserve_a),
        "vault_b": str(plan.reserve_b),
        "trade_fee_rate": str(trade_fee_rate),
        "protocol_fee_rate": "120000",
        "fund_fee_rate": "40000",
        "creator_fee_rate": "0",
        "enable_creator_fee": False,
        "creator_fee_on": "both",
    }
    return plan.found(PoolKind.RAYDIUM_CPMM, state, plan.reserve_a, plan.reserve_b)
