"""What the vectors report of a swap, under the vectors' names, by kind of pool."""

from __future__ import annotations

from collections.abc import Mapping

from fillwire_dex import Direction, Pool, Swap
from fillwire_dex.pools import MeteoraDammV2, RaydiumAmmV4, RaydiumCpmm
from fillwire_dex.pools.meteora_damm_v2 import DammV2Swap
from fillwire_dex.pools.raydium_cpmm import CpmmSwap

Report = Mapping[str, object]


def report(pool: Pool, swap: Swap, amount_left: int) -> Report:
    """Return every value a vector may state about this swap on this pool.

    `amount_left` is what the swap left of an input it was asked to take.
    """
    amounts = {"status": "ok", "amount_in": swap.amount_in, "amount_out": swap.amount_out}
    match pool, swap:
        case RaydiumAmmV4(), _:
            return amounts | {"fee": swap.fee_in}
        case RaydiumCpmm(), CpmmSwap():
            return {**amounts, **_cpmm(pool, swap)}
        case MeteoraDammV2(), DammV2Swap():
            return {**amounts, **_damm_v2(pool, swap), "amount_left": amount_left}
        case _:
            raise TypeError(f"no report for {type(pool).__name__}")


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
