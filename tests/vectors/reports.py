"""What the vectors report of a swap, under the vectors' names, by kind of pool."""

from __future__ import annotations

from collections.abc import Mapping

from fillwire_dex import Direction, Pool, Swap
from fillwire_dex.pools import MeteoraDammV2, MeteoraDlmm, OrcaWhirlpool, RaydiumAmmV4, RaydiumClmm, RaydiumCpmm
from fillwire_dex.pools.concentrated.course import TicksExhausted
from fillwire_dex.pools.meteora_damm_v2 import DammV2Swap
from fillwire_dex.pools.meteora_dlmm import DlmmSwap
from fillwire_dex.pools.raydium_cpmm import CpmmSwap

Report = Mapping[str, object]


def report(pool: Pool, swap: Swap, amount_left: int) -> Report:
    """Return every value a vector may state about this swap on this pool.

    `amount_left` is what the swap left of an input it was asked to take.
    """
    amounts = {"status": "ok", "amount_in": swap.amount_in, "amount_out": swap.amount_out}
    match pool, swap:
        case ((RaydiumAmmV4() | RaydiumClmm() | OrcaWhirlpool()), _):
            return amounts | {"fee": swap.fee_in + swap.fee_out}
        case RaydiumCpmm(), CpmmSwap():
            return {**amounts, **_cpmm(pool, swap)}
        case MeteoraDammV2(), DammV2Swap():
            return {**amounts, **_damm_v2(pool, swap), "amount_left": amount_left}
        case MeteoraDlmm(), DlmmSwap():
            return {**amounts, **_dlmm(pool, swap), "status": "insufficient_liquidity" if amount_left else "ok"}
        case _:
            raise TypeError(f"no report for {type(pool).__name__}")


def filled(error: TicksExhausted) -> Report:
    """Return what a vector states about a swap that ran out of ticks."""
    amount_in, amount_out, fee, *_ = error.filled
    return {"status": "insufficient_liquidity", "amount_in": amount_in, "amount_out": amount_out, "fee": fee}


def posted(before: Pool, after: Pool) -> Report:
    """Return every value a vector may state about the pool once the swap was executed."""
    match before, after:
        case MeteoraDlmm(), MeteoraDlmm():
            changed = [new for old, new in zip(before.bins, after.bins, strict=True) if old != new]
            return {**after.state(), "bins_changed": [each.state() for each in changed]}
        case _, RaydiumClmm(dynamic_fee=fee):
            return {**after.state(), "dynamic_fee": None if fee is None else fee.memory()}
        case _:
            return after.state()


def _cpmm(pool: RaydiumCpmm, swap: CpmmSwap) -> Report:
    sold, bought = (pool.a, pool.b) if swap.direction is Direction.A_TO_B else (pool.b, pool.a)
    return {
        "trade_fee": swap.trade_fee,
        "protocol_fee": swap.protocol_fee,
        "fund_fee": swap.fund_fee,
        "creator_fee": swap.creator_fee,
        "creator_fee_on_input": swap.creator_fee_on_input,
        "reserve_in_plus_net_input": sold.reserve + swap.net_input,
        "reserve_out_after": bought.reserve - swap.gross_output,
    }


def _damm_v2(pool: MeteoraDammV2, swap: DammV2Swap) -> Report:
    fees_on_input = pool.fees.on_input(swap.direction)
    return {
        "net_input": swap.move.amount_in,
        "claiming_fee": swap.split.claiming,
        "compounding_fee": swap.split.compounding,
        "protocol_fee": swap.split.protocol,
        "referral_fee": swap.split.referral,
        "fees_on_input": fees_on_input,
        "fees_on_token_a": not fees_on_input and swap.direction is Direction.B_TO_A,
    }


def _dlmm(pool: MeteoraDlmm, swap: DlmmSwap) -> Report:
    return {
        "fee": swap.fee_in + swap.fee_out,
        "lp_fee": swap.lp_fee,
        "protocol_fee": swap.protocol_fee,
        "protocol_fee_with_rounding_surplus": swap.protocol_fee,
        "fee_on_input": pool.fees.on_input(swap.direction),
    }
