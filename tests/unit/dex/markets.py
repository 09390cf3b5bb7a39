"""Pools and markets for tests: builders for the usual, strategies for the unusual."""

from collections.abc import Sequence
from decimal import Decimal
from math import isqrt
from typing import Any

from hypothesis import strategies as st

from fillwire_dex import Direction, Listing, Pool, PoolId, Snapshot, Token, tokens
from fillwire_dex.pools import MeteoraDammV2, RaydiumAmmV4, RaydiumCpmm

NOW = 1_750_000_000

AMM_STATE: dict[str, Any] = {
    "reserve_a": "50000000000000",
    "reserve_b": "8000000000000",
    "swap_fee_numerator": "25",
    "swap_fee_denominator": "10000",
}
CPMM_STATE: dict[str, Any] = {
    "vault_a": "30000000000000",
    "vault_b": "4800000000000",
    "protocol_fees_a": "0",
    "protocol_fees_b": "0",
    "fund_fees_a": "0",
    "fund_fees_b": "0",
    "creator_fees_a": "0",
    "creator_fees_b": "0",
    "trade_fee_rate": "2500",
    "protocol_fee_rate": "120000",
    "fund_fee_rate": "40000",
    "creator_fee_rate": "0",
    "enable_creator_fee": False,
    "creator_fee_on": "both",
}
DYNAMIC_FEE: dict[str, Any] = {
    "bin_step": 1,
    "bin_step_u128": "1844674407370955",
    "variable_fee_control": 20000,
    "max_volatility_accumulator": 14460000,
    "filter_period": 10,
    "decay_period": 120,
    "reduction_factor": 5000,
    "volatility_accumulator": "0",
    "volatility_reference": "0",
    "sqrt_price_reference": str(1 << 64),
    "last_update_timestamp": "0",
}
BASE_FEE: dict[str, Any] = {
    "mode": "linear",
    "cliff_fee_numerator": "2500000",
    "number_of_period": 0,
    "period_frequency": "0",
    "reduction_factor": "0",
}
DAMM_STATE: dict[str, Any] = {
    "sqrt_price_x64": str(isqrt((16 << 128) // 100)),
    "sqrt_min_price_x64": str(isqrt((8 << 128) // 100)),
    "sqrt_max_price_x64": str(isqrt((32 << 128) // 100)),
    "liquidity": str(20_000_000_000_000 << 64),
    "reserve_a": "0",
    "reserve_b": "0",
    "collect_fee_mode": "both",
    "fee_version": 1,
    "protocol_fee_percent": 20,
    "referral_fee_percent": 20,
    "compounding_fee_bps": 0,
    "activation_point": "0",
    "base_fee": BASE_FEE,
    "dynamic_fee": None,
}


def amm(**changes: Any) -> RaydiumAmmV4:
    """50,000 SOL and 8,000,000 USDC, but for `changes`."""
    return RaydiumAmmV4.from_state({**AMM_STATE, **changes})


def cpmm(**changes: Any) -> RaydiumCpmm:
    """30,000 SOL and 4,800,000 USDC at 25 bps, but for `changes`."""
    return RaydiumCpmm.from_state({**CPMM_STATE, **changes})


def damm(**changes: Any) -> MeteoraDammV2:
    """About 50,000 SOL of virtual depth at 0.16 between 0.08 and 0.32, but for `changes`."""
    return MeteoraDammV2.from_state({**DAMM_STATE, **changes})


def listing(pool: Pool, number: int = 0) -> Listing:
    """A listing of SOL for USDC on a venue named after the pool's kind."""
    return Listing(PoolId(f"pool{number}"), pool.kind.value, tokens.SOL, tokens.USDC, 1, 1, pool)


def market(pools: Sequence[Pool], *, sell: Token = tokens.SOL) -> Snapshot:
    """A snapshot of these pools for someone who sells SOL (or USDC)."""
    buy = tokens.USDC if sell == tokens.SOL else tokens.SOL
    return Snapshot(sell, buy, 1, NOW, tuple(listing(pool, number) for number, pool in enumerate(pools)))


def directions() -> st.SearchStrategy[Direction]:
    return st.sampled_from(Direction)


def reserves(most: int = 10**17) -> st.SearchStrategy[int]:
    """Any size of vault, small ones as likely as large ones."""
    return st.integers(3, len(str(most)) - 1).flatmap(lambda digits: st.integers(10**digits, 10 ** (digits + 1)))


RESERVES = reserves()


@st.composite
def amms(draw: st.DrawFn, size: st.SearchStrategy[int] = RESERVES) -> RaydiumAmmV4:
    return amm(reserve_a=draw(size), reserve_b=draw(size), swap_fee_numerator=draw(st.sampled_from([0, 25, 300])))


@st.composite
def cpmms(draw: st.DrawFn, size: st.SearchStrategy[int] = RESERVES) -> RaydiumCpmm:
    accrued = {
        f"{owner}_fees_{side}": draw(st.integers(0, 1_000))
        for owner in ("protocol", "fund", "creator")
        for side in "ab"
    }
    return cpmm(
        vault_a=draw(size) + 3_000,
        vault_b=draw(size) + 3_000,
        trade_fee_rate=draw(st.sampled_from([0, 100, 2_500, 40_000])),
        creator_fee_rate=draw(st.sampled_from([0, 500, 10_000])),
        enable_creator_fee=draw(st.booleans()),
        creator_fee_on=draw(st.sampled_from(["both", "only_a", "only_b"])),
        **accrued,
    )


@st.composite
def damms(draw: st.DrawFn, size: st.SearchStrategy[int] = RESERVES) -> MeteoraDammV2:
    reserve_a, reserve_b = draw(size), draw(size)
    mode = draw(st.sampled_from(["both", "only_b", "compounding"]))
    sqrt_price = isqrt((reserve_b << 128) // reserve_a)
    width = draw(st.sampled_from([2, 4, 100]))
    dynamic = draw(st.booleans())
    return damm(
        sqrt_price_x64=sqrt_price,
        sqrt_min_price_x64=max(sqrt_price // width, 1),
        sqrt_max_price_x64=sqrt_price * width,
        liquidity=isqrt(reserve_a * reserve_b) << 64,
        reserve_a=reserve_a if mode == "compounding" else 0,
        reserve_b=reserve_b if mode == "compounding" else 0,
        collect_fee_mode=mode,
        compounding_fee_bps=draw(st.sampled_from([0, 5_000, 10_000])) if mode == "compounding" else 0,
        base_fee={**BASE_FEE, "cliff_fee_numerator": draw(st.sampled_from([1, 2_500_000, 500_000_000]))},
        dynamic_fee={**DYNAMIC_FEE, "volatility_accumulator": draw(st.integers(0, 2_000_000))} if dynamic else None,
    )


def pools(size: st.SearchStrategy[int] = RESERVES) -> st.SearchStrategy[Pool]:
    """A pool of any kind."""
    return st.one_of(amms(size), cpmms(size), damms(size))


def at_price(price: str, depth: int, *, fee_rate: int = 2_500) -> RaydiumCpmm:
    """A CPMM pool of SOL at `price` USDC holding `depth` whole USDC."""
    vault_b = depth * 10**6
    return cpmm(vault_a=int(vault_b / Decimal(price) * 1_000), vault_b=vault_b, trade_fee_rate=fee_rate)
