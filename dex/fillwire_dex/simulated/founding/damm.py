"""Founding Meteora DAMM v2 pools: of one price range, or of a product that compounds its fees."""

from __future__ import annotations

from math import isqrt
from typing import Any, Final

from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.pools.rounding import ceil_div
from fillwire_dex.simulated.founding.plan import Founded, Plan, sqrt_x64

_Q128: Final = 1 << 128


def damm_v2(plan: Plan, *, fee_numerator: int, width: int, dynamic: bool = False) -> Founded:
    """Found a Meteora DAMM v2 pool with a range from price / width to price * width.

    `fee_numerator` is in 1e-9. With a `dynamic` fee all fees are taken in token b.
    """
    sqrt_price = plan.sqrt_price_x64
    low, high = sqrt_x64(plan.raw_price / width), sqrt_x64(plan.raw_price * width)
    liquidity = plan.reserve_b * _Q128 // (sqrt_price - low)
    state = _damm_fees(fee_numerator) | {
        "sqrt_price_x64": str(sqrt_price),
        "sqrt_min_price_x64": str(low),
        "sqrt_max_price_x64": str(high),
        "liquidity": str(liquidity),
        "collect_fee_mode": "only_b" if dynamic else "both",
        "compounding_fee_bps": 0,
        "dynamic_fee": _dynamic_fee(sqrt_price) if dynamic else None,
    }
    vault_a = ceil_div(liquidity * (high - sqrt_price), sqrt_price * high)
    vault_b = ceil_div(liquidity * (sqrt_price - low), _Q128)
    return plan.found(PoolKind.METEORA_DAMM_V2, state, vault_a, vault_b)


def damm_v2_compounding(plan: Plan, *, fee_numerator: int) -> Founded:
    """Found a Meteora DAMM v2 pool that puts half of its fee back into its reserves."""
    state = _damm_fees(fee_numerator) | {
        "sqrt_price_x64": str(plan.sqrt_price_x64),
        "sqrt_min_price_x64": "0",
        "sqrt_max_price_x64": str(_Q128 - 1),
        "liquidity": str(isqrt(plan.reserve_a * plan.reserve_b) << 64),
        "reserve_a": str(plan.reserve_a),
        "reserve_b": str(plan.reserve_b),
        "collect_fee_mode": "compounding",
        "compounding_fee_bps": 5_000,
        "dynamic_fee": None,
    }
    return plan.found(PoolKind.METEORA_DAMM_V2, state, plan.reserve_a, plan.reserve_b)


def _damm_fees(fee_numerator: int) -> dict[str, Any]:
    return {
        "fee_version": 1,
        "protocol_fee_percent": 20,
        "referral_fee_percent": 20,
        "activation_point": "0",
        "base_fee": {
            "mode": "linear",
            "cliff_fee_numerator": str(fee_numerator),
            "number_of_period": 0,
            "period_frequency": "0",
            "reduction_factor": "0",
        },
    }


def _dynamic_fee(sqrt_price: int) -> dict[str, str]:
    """The program's default: bins of 1 bps, decaying from 10 s to 2 min after the last move."""
    return {
        "bin_step": "1",
        "bin_step_u128": "1844674407370955",
        "variable_fee_control": "20000",
        "max_volatility_accumulator": "14460000",
        "filter_period": "10",
        "decay_period": "120",
        "reduction_factor": "5000",
        "volatility_accumulator": "0",
        "volatility_reference": "0",
        "sqrt_price_reference": str(sqrt_price),
        "last_update_timestamp": "0",
    }
