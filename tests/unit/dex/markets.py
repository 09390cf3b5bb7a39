"""Pools and markets for tests: builders for the usual, strategies for the unusual."""

from collections.abc import Sequence
from decimal import Decimal
from math import isqrt, log, log1p
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from fillwire_dex import Direction, Listing, Pool, PoolId, Snapshot, Token, tokens
from fillwire_dex.pools import MeteoraDammV2, MeteoraDlmm, OrcaWhirlpool, RaydiumAmmV4, RaydiumClmm, RaydiumCpmm
from fillwire_dex.pools.clmm_volatility import DynamicFee
from fillwire_dex.pools.concentrated.orca_ticks import ORCA
from fillwire_dex.pools.concentrated.raydium_ticks import RAYDIUM
from fillwire_dex.pools.concentrated.scale import TickScale

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
DLMM_STATE: dict[str, Any] = {
    "bin_step": 10,
    "base_factor": 10000,
    "base_fee_power_factor": 0,
    "variable_fee_control": 30000,
    "max_volatility_accumulator": 350000,
    "filter_period": 30,
    "decay_period": 600,
    "reduction_factor": 5000,
    "protocol_share": 2000,
    "collect_fee_mode": "input",
    "function_type": "liquidity_mining",
    "active_id": -1833,
    "volatility_accumulator": 0,
    "volatility_reference": 0,
    "index_reference": -1833,
    "last_update_timestamp": str(NOW - 86_400),
    "bins": [
        {"id": each, "amount_x": str(10**12 * (each >= -1833)), "amount_y": str(160 * 10**9 * (each <= -1833))}
        for each in range(-1883, -1782)
    ],
}
CLMM_STATE: dict[str, Any] = {
    "tick_spacing": 10,
    "trade_fee_rate": 2500,
    "protocol_fee_rate": 120000,
    "fund_fee_rate": 40000,
    "fee_on": "input",
    "dynamic_fee": None,
}
CLMM_DYNAMIC_FEE: dict[str, Any] = {
    "filter_period": 30,
    "decay_period": 600,
    "reduction_factor": 5000,
    "dynamic_fee_control": 20000,
    "max_volatility_accumulator": 150000,
    "tick_spacing_index_reference": -1833,
    "volatility_reference": 0,
    "volatility_accumulator": 0,
    "last_update_timestamp": str(NOW),
}
WHIRLPOOL_STATE: dict[str, Any] = {"tick_spacing": 10, "fee_rate": 3000, "protocol_fee_rate": 1300}

TICK_OF_160 = -18327
"""Where SOL costs 160 USDC."""

Concentrated = RaydiumClmm | OrcaWhirlpool

Ranges = Sequence[tuple[int, int, int]]
"""Liquidity between ticks: (lower, upper, liquidity)."""

RANGES: Ranges = [
    (-443_630, 443_630, 4 * 10**12),
    (-20_000, -16_500, 2 * 10**13),
    (-18_500, -18_150, 5 * 10**13),
]


def ranged(scale: TickScale, ranges: Ranges = RANGES, *, tick: int = TICK_OF_160) -> dict[str, Any]:
    """The part of a state that tells the liquidity and the price, in the middle of `tick`."""
    ends = [(at, sign * each) for lower, upper, each in ranges for at, sign in ((lower, 1), (upper, -1))]
    return {
        "sqrt_price_x64": str((scale.sqrt_price_at(tick) + scale.sqrt_price_at(tick + 1)) // 2),
        "tick_current": tick,
        "liquidity": str(sum(net for at, net in ends if at <= tick)),
        "ticks": [
            {
                "tick": at,
                "liquidity_net": str(sum(net for other, net in ends if other == at)),
                "liquidity_gross": str(sum(abs(net) for other, net in ends if other == at)),
            }
            for at in sorted({at for at, _ in ends})
        ],
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


def dlmm(**changes: Any) -> MeteoraDlmm:
    """About 50,000 SOL and 8,000,000 USDC within five percent of 160 at 10 bps, but for `changes`."""
    return MeteoraDlmm.from_state({**DLMM_STATE, **changes})


def clmm(**changes: Any) -> RaydiumClmm:
    """About 15,000 SOL and 2,400,000 USDC, most within twenty percent of 160, at 25 bps, but for `changes`."""
    return RaydiumClmm.from_state({**CLMM_STATE, **ranged(RAYDIUM), **changes})


def whirlpool(**changes: Any) -> OrcaWhirlpool:
    """The same liquidity at 30 bps, but for `changes`."""
    return OrcaWhirlpool.from_state({**WHIRLPOOL_STATE, **ranged(ORCA), **changes})


def restless_clmm(index: int, volatility: int = 0, *, rested_seconds: int = 0) -> RaydiumClmm:
    """A CLMM pool whose price last rested `index` tick spacings away."""
    state = {
        **CLMM_DYNAMIC_FEE,
        "tick_spacing_index_reference": TICK_OF_160 // 10 + index,
        "volatility_reference": volatility // 2,
        "volatility_accumulator": volatility,
        "last_update_timestamp": str(NOW - rested_seconds),
    }
    return clmm(dynamic_fee=state)


def rests(pool: Pool) -> bool:
    """Whether a pool's fee refers to the price it has now, or to none: its output curve is then concave."""
    match pool:
        case MeteoraDlmm():
            return not pool.fees.variable_fee_control or pool.volatility.reference.bin_id == pool.active_id
        case RaydiumClmm(dynamic_fee=DynamicFee() as fee):
            return fee.reference_index == pool.place.tick // pool.tick_spacing
        case _:
            return True


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


@st.composite
def dlmms(draw: st.DrawFn, size: st.SearchStrategy[int] = RESERVES) -> MeteoraDlmm:
    """Bins with gaps between them, calm or shaken, the reference on either side, with or without orders."""
    reserve_a, reserve_b = draw(size), draw(size)
    bin_step = draw(st.sampled_from([1, 10, 100, 400]))
    active_id = round(log(reserve_b / reserve_a) / log1p(bin_step / 10_000))
    offsets = draw(st.sets(st.integers(-25, 25), min_size=1, max_size=8)) | {0}
    orders = draw(st.booleans())
    volatility = draw(st.sampled_from([0, 20_000, 350_000]))
    return dlmm(
        bin_step=bin_step,
        base_factor=draw(st.sampled_from([0, 10_000])),
        variable_fee_control=draw(st.sampled_from([0, 30_000, 4_000_000])),
        collect_fee_mode=draw(st.sampled_from(["input", "only_y"])),
        function_type="limit_order" if orders else "liquidity_mining",
        active_id=active_id,
        volatility_accumulator=volatility,
        volatility_reference=volatility // 2,
        index_reference=active_id + draw(st.integers(-25, 25)),
        last_update_timestamp=NOW - draw(st.sampled_from([0, 30, 600])),
        bins=[
            {
                "id": active_id + offset,
                "amount_x": reserve_a // len(offsets) * (offset >= 0),
                "amount_y": reserve_b // len(offsets) * (offset <= 0),
                **({"limit_order": draw(limit_orders(offset, reserve_a, reserve_b))} if orders else {}),
            }
            for offset in sorted(offsets)
        ],
    )


@st.composite
def limit_orders(draw: st.DrawFn, offset: int, reserve_a: int, reserve_b: int) -> dict[str, Any]:
    """Orders of a bin so far from the active one, on the side where they can rest."""
    ask_side = offset > 0 or (offset == 0 and draw(st.booleans()))
    most = (reserve_a if ask_side else reserve_b) // 10
    return {"ask_side": ask_side, "open": draw(st.integers(0, most)), "processed_remaining": draw(st.integers(0, most))}


@st.composite
def stated_ranges(draw: st.DrawFn, scale: TickScale, spacing: int, size: st.SearchStrategy[int]) -> dict[str, Any]:
    """Ranges around a price, with gaps and ticks that change nothing, the price anywhere within its tick."""
    reserve_a, reserve_b = draw(size), draw(size)
    middle = round(log(reserve_b / reserve_a) / log(1.0001) / spacing)
    ends = st.tuples(st.integers(-40, 40), st.integers(1, 60))
    ranges = [
        ((middle + start) * spacing, (middle + start + width) * spacing, isqrt(reserve_a * reserve_b) // share + 1)
        for start, width in draw(st.lists(ends, min_size=1, max_size=6))
        for share in [draw(st.sampled_from([1, 1, 10, 1000]))]
    ]
    tick = middle * spacing + draw(st.integers(-3, 3)) * draw(st.sampled_from([1, spacing]))
    low, high = scale.sqrt_price_at(tick), scale.sqrt_price_at(tick + 1)
    return {
        **ranged(scale, ranges, tick=tick),
        "sqrt_price_x64": str(draw(st.sampled_from([low, (low + high) // 2, high]))),
    }


@st.composite
def clmms(draw: st.DrawFn, size: st.SearchStrategy[int] = RESERVES) -> RaydiumClmm:
    """Calm or shaken, the reference on either side, the fee on any token."""
    spacing = draw(st.sampled_from([1, 10, 60]))
    state = draw(stated_ranges(RAYDIUM, spacing, size))
    volatility = draw(st.sampled_from([0, 20_000, 150_000]))
    dynamic_fee = {
        **CLMM_DYNAMIC_FEE,
        "dynamic_fee_control": draw(st.sampled_from([100, 20_000, 99_999])),
        "tick_spacing_index_reference": state["tick_current"] // spacing + draw(st.integers(-20, 20)),
        "volatility_accumulator": volatility,
        "volatility_reference": volatility // 2,
        "last_update_timestamp": str(NOW - draw(st.sampled_from([0, 30, 600]))),
    }
    return clmm(
        **state,
        tick_spacing=spacing,
        trade_fee_rate=draw(st.sampled_from([0, 100, 2_500, 40_000])),
        fee_on=draw(st.sampled_from(["input", "only_a", "only_b"])),
        dynamic_fee=draw(st.sampled_from([None, dynamic_fee])),
    )


@st.composite
def whirlpools(draw: st.DrawFn, size: st.SearchStrategy[int] = RESERVES) -> OrcaWhirlpool:
    spacing = draw(st.sampled_from([1, 8, 128]))
    state = draw(stated_ranges(ORCA, spacing, size))
    return whirlpool(**state, tick_spacing=spacing, fee_rate=draw(st.sampled_from([0, 100, 10_000])))


def concentrated() -> st.SearchStrategy[Concentrated]:
    return st.one_of(clmms(), whirlpools())


SHARES = st.floats(0, 12).map(lambda digits: 0.999 / 10**digits)
"""A part of what a pool can take, small ones as likely as large ones."""


def part(pool: Pool, direction: Direction, share: float) -> int:
    """That share of what a pool can take, at least a unit; a pool that takes nothing is no example."""
    capacity = sum(segment.capacity for segment in pool.segments(direction, now=NOW))
    assume(capacity > 1_000)
    return max(1, int(capacity * share))


def pools(size: st.SearchStrategy[int] = RESERVES) -> st.SearchStrategy[Pool]:
    """A pool of any kind."""
    return st.one_of(amms(size), cpmms(size), damms(size), dlmms(size), clmms(size), whirlpools(size))


def at_price(price: str, depth: int, *, fee_rate: int = 2_500) -> RaydiumCpmm:
    """A CPMM pool of SOL at `price` USDC holding `depth` whole USDC."""
    vault_b = depth * 10**6
    return cpmm(vault_a=int(vault_b / Decimal(price) * 1_000), vault_b=vault_b, trade_fee_rate=fee_rate)
