"""Founding a pool: its first state and vaults from a price and a depth in whole tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Any, Final

from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.pools.rounding import ceil_div
from fillwire_dex.tokens import Token

_Q128: Final = 1 << 128


@dataclass(frozen=True, slots=True)
class Founded:
    """A pool as it is stored first; the vaults hold all that the curve can owe."""

    id: str
    kind: PoolKind
    token_a: Token
    token_b: Token
    vault_a: int
    vault_b: int
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a pool is to be: `price` of a and `depth` of its b side, both in whole tokens of b.

    `number` tells pools of one kind and pair apart.
    """

    number: int
    token_a: Token
    token_b: Token
    price: Decimal
    depth: int

    @property
    def reserve_b(self) -> int:
        return self.depth * int(10**self.token_b.decimals)

    @property
    def reserve_a(self) -> int:
        return int(self.reserve_b / self.raw_price)

    @property
    def raw_price(self) -> Fraction:
        """Raw units of b for one raw unit of a."""
        return Fraction(self.price) * Fraction(10) ** (self.token_b.decimals - self.token_a.decimals)

    def found(self, kind: PoolKind, state: Mapping[str, Any], vault_a: int, vault_b: int) -> Founded:
        """Return the pool with this state."""
        pair = f"{self.token_a.symbol}-{self.token_b.symbol}"
        name = f"{kind.value}.{pair}.{self.number}"
        return Founded(name, kind, self.token_a, self.token_b, vault_a, vault_b, state)


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


def damm_v2(plan: Plan, *, fee_numerator: int, width: int, dynamic: bool = False) -> Founded:
    """Found a Meteora DAMM v2 pool with a range from price / width to price * width.

    `fee_numerator` is in 1e-9. With a `dynamic` fee all fees are taken in token b.
    """
    sqrt_price = _sqrt_x64(plan.raw_price)
    low, high = _sqrt_x64(plan.raw_price / width), _sqrt_x64(plan.raw_price * width)
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
        "sqrt_price_x64": str(_sqrt_x64(plan.raw_price)),
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


def _sqrt_x64(price: Fraction) -> int:
    return isqrt((price.numerator << 128) // price.denominator)
