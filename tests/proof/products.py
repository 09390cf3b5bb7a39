"""Founding constant-product pools: Raydium AMM v4, Raydium CPMM and Meteora DAMM v2."""

from __future__ import annotations

from math import isqrt
from typing import Any

from tests.proof.economy import NOW, Plot

State = dict[str, Any]


def amm_v4(plot: Plot) -> State:
    reserve_b = round(plot.reserve_a * plot.spot(0.0025))
    return {
        "reserve_a": plot.reserve_a,
        "reserve_b": max(1, reserve_b),
        "swap_fee_numerator": 25,
        "swap_fee_denominator": 10_000,
    }


def cpmm(plot: Plot) -> State:
    chance = plot.chance
    rate, creator = chance.choice((100, 2_500, 10_000, 20_000)), chance.choice((0, 0, 500))
    owed = {f"{owner}_fees_{side}": chance.randrange(50) for owner in ("protocol", "fund", "creator") for side in "ab"}
    reserve_b = max(1, round(plot.reserve_a * plot.spot(rate / 1e6)))
    return {
        "vault_a": plot.reserve_a + sum(owed[f"{owner}_fees_a"] for owner in ("protocol", "fund", "creator")),
        "vault_b": reserve_b + sum(owed[f"{owner}_fees_b"] for owner in ("protocol", "fund", "creator")),
        **owed,
        "trade_fee_rate": rate,
        "protocol_fee_rate": 120_000,
        "fund_fee_rate": 40_000,
        "creator_fee_rate": creator,
        "enable_creator_fee": creator > 0,
        "creator_fee_on": chance.choice(("both", "only_a", "only_b")),
    }


def damm_v2(plot: Plot) -> State:
    """One range around the price or, compounding, a product; its fee is that of the last swap's volatility."""
    chance, mode = plot.chance, plot.chance.choice(("both", "only_b", "compounding"))
    rate = chance.choice((1_000_000, 2_500_000, 10_000_000))
    spot, width = plot.spot(rate / 1e9), chance.choice((1.1, 2.0, 100.0))
    sqrt_price = int(spot**0.5 * 2**64)
    reserve_b = max(1, round(plot.reserve_a * spot))
    compounding = mode == "compounding"
    return {
        "sqrt_price_x64": sqrt_price,
        "sqrt_min_price_x64": int(sqrt_price / width),
        "sqrt_max_price_x64": int(sqrt_price * width),
        "liquidity": isqrt(plot.reserve_a * reserve_b) << 64,
        "reserve_a": plot.reserve_a if compounding else 0,
        "reserve_b": reserve_b if compounding else 0,
        "collect_fee_mode": mode,
        "fee_version": 1,
        "protocol_fee_percent": 20,
        "referral_fee_percent": 20,
        "compounding_fee_bps": chance.choice((0, 5_000)) if compounding else 0,
        "activation_point": 0,
        "base_fee": {
            "mode": "linear",
            "cliff_fee_numerator": rate,
            "number_of_period": 0,
            "period_frequency": 0,
            "reduction_factor": 0,
        },
        "dynamic_fee": _volatility(plot) if chance.random() < 0.4 else None,
    }


def _volatility(plot: Plot) -> State:
    return {
        "bin_step": 1,
        "bin_step_u128": 1_844_674_407_370_955,
        "variable_fee_control": 20_000,
        "max_volatility_accumulator": 14_460_000,
        "filter_period": 10,
        "decay_period": 120,
        "reduction_factor": 5_000,
        "volatility_accumulator": plot.chance.randrange(1_000_000),
        "volatility_reference": 0,
        "sqrt_price_reference": 1 << 64,
        "last_update_timestamp": NOW - 5,
    }
