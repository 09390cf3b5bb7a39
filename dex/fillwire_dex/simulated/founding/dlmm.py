"""Founding Meteora DLMM pools: bins close together around the price, farther and farther apart away from it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from fillwire_dex import pools
from fillwire_dex.pools.dlmm_price import Q64, bin_price
from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.simulated.founding.plan import Founded, Plan

_RINGS: Final = ((1, 32, 50), (2, 20, 25), (8, 16, 15), (40, 8, 10))
"""From the price outwards, on either side: distance between bins, how many, and what share of all they hold, in %."""

_BETWEEN_ORDERS: Final = 4
_PRESETS: Final = MappingProxyType(
    {
        1: (20_000, 2_000_000),
        2: (15_000, 500_000),
        4: (20_000, 250_000),
        10: (10_000, 120_000),
        20: (10_000, 40_000),
        25: (10_000, 30_000),
        50: (8_000, 15_000),
        80: (7_500, 10_000),
    }
)
"""By bin step in bps, as the venue offers them: base factor and variable fee control."""


def dlmm(plan: Plan, *, bin_step: int, only_b: bool = False, limit_orders: bool = False) -> Founded:
    """Found a Meteora DLMM pool at the bin nearest to the plan's price, which is up to half a step off.

    The step is in bps and sets the fee: 2, 3, 8, 10, 20, 25, 40 and 60 bps for steps of 1, 2, 4, 10, 20, 25, 50
    and 80, and more while the price moves. With `limit_orders`, every fourth bin near the price has some.
    """
    base_factor, variable_fee_control = _PRESETS[bin_step]
    active_id = _bin_nearest(plan.raw_price, bin_step)
    state = {
        "bin_step": bin_step,
        "base_factor": base_factor,
        "base_fee_power_factor": 0,
        "variable_fee_control": variable_fee_control,
        "max_volatility_accumulator": 350_000,
        "filter_period": 30,
        "decay_period": 600,
        "reduction_factor": 5_000,
        "protocol_share": 500,
        "collect_fee_mode": "only_y" if only_b else "input",
        "function_type": "limit_order" if limit_orders else "liquidity_mining",
        "active_id": active_id,
        "volatility_accumulator": 0,
        "volatility_reference": 0,
        "index_reference": active_id,
        "last_update_timestamp": "0",
        "bins": list(_bins(plan.reserve_b, active_id, bin_step, limit_orders=limit_orders)),
    }
    pool = pools.decode(PoolKind.METEORA_DLMM, state)
    return plan.found(PoolKind.METEORA_DLMM, pool.state(), *pool.reserves())


def _bin_nearest(price: Fraction, bin_step: int) -> int:
    """Return the bin whose price is nearest by ratio, within half a bps of a step."""
    half_a_step_up = int(price * Q64 * (20_000 + bin_step) / 20_000)
    lowest, highest = -1, 1
    while bin_price(lowest, bin_step) > half_a_step_up:
        lowest = lowest * 5 // 4 - 1
    while bin_price(highest, bin_step) <= half_a_step_up:
        highest = highest * 5 // 4 + 1
    ids = range(lowest, highest)
    return ids[bisect_right(ids, half_a_step_up, key=lambda bin_id: bin_price(bin_id, bin_step)) - 1]


def _bins(reserve_b: int, active_id: int, bin_step: int, *, limit_orders: bool) -> Iterator[dict[str, Any]]:
    """Give the bins by id; each holds the token that is sold on its side of the price, the active one both."""
    shares = dict(_shares())
    for distance in sorted((*(-distance for distance in shares), 0, *shares)):
        share = shares.get(abs(distance), shares[1])
        held_b = int(reserve_b * share)
        held_a = (held_b << 64) // bin_price(active_id + distance, bin_step)
        yield {
            "id": active_id + distance,
            "amount_x": str(held_a if distance >= 0 else 0),
            "amount_y": str(held_b if distance <= 0 else 0),
        } | (_orders(distance, held_a, held_b) if limit_orders else {})


def _shares() -> Iterator[tuple[int, Fraction]]:
    """Give the distance of each bin on one side and its share of what that side holds."""
    distance = 0
    for spacing, count, percent in _RINGS:
        for _ in range(count):
            distance += spacing
            yield distance, Fraction(percent, 100 * count)


def _orders(distance: int, held_a: int, held_b: int) -> dict[str, Any]:
    """Return the limit orders of a bin: half as much again as the bin itself holds."""
    if not 0 < abs(distance) <= _RINGS[0][1] or distance % _BETWEEN_ORDERS:
        return {}
    held = held_a if distance > 0 else held_b
    return {"limit_order": {"ask_side": distance > 0, "open": str(held // 2), "processed_remaining": "0"}}
