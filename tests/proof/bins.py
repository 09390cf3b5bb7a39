"""Founding Meteora DLMM pools: straight bins on either side of the active one."""

from __future__ import annotations

from math import log
from typing import Any

from fillwire_dex.pools.dlmm_price import bin_price
from tests.proof.economy import NOW, Plot, spread

State = dict[str, Any]


def dlmm(plot: Plot) -> State:
    """A pool whose volatility refers to the active bin or, restless, to another one."""
    chance, step = plot.chance, plot.chance.choice((1, 5, 10, 25, 80))
    active = round(log(plot.price) / log(1 + step / 10_000))
    away = chance.choice((-1, 1)) * chance.randint(2, 25) if plot.restless else 0
    orders = chance.random() < 0.25
    return {
        "bin_step": step,
        "base_factor": chance.choice((8_000, 10_000, 20_000)),
        "base_fee_power_factor": 0,
        "variable_fee_control": chance.choice((0, 10_000, 40_000)),
        "max_volatility_accumulator": 350_000,
        "filter_period": 30,
        "decay_period": 600,
        "reduction_factor": 5_000,
        "protocol_share": 2_500,
        "collect_fee_mode": chance.choice(("input", "input", "only_y")),
        "function_type": "limit_order" if orders else "liquidity_mining",
        "active_id": active,
        "volatility_accumulator": chance.randrange(50_000),
        "volatility_reference": chance.randrange(20_000),
        "index_reference": active + away,
        "last_update_timestamp": NOW - 5,
        "bins": _bins(plot, active, step, orders=orders),
    }


def _bins(plot: Plot, active: int, step: int, *, orders: bool) -> list[State]:
    """Return bins around the active one, some of them missing; the active one always holds both tokens."""
    chance, reach = plot.chance, plot.chance.randint(4, 60)
    share = spread(chance, 0.2, 3) / reach
    bins = []
    for at in range(active - reach, active + reach + 1):
        if at != active and chance.random() < 0.1:
            continue
        below = round(plot.reserve_b * share * chance.uniform(0.1, 2)) + 1 if at <= active else 0
        above = round(plot.reserve_a * share * chance.uniform(0.1, 2)) + 1 if at >= active else 0
        entry = {"id": at, "price_x64": str(bin_price(at, step)), "amount_x": str(above), "amount_y": str(below)}
        if orders and at != active and chance.random() < 0.3:
            entry["limit_order"] = _order(plot, ask=at > active, amount=max(above, below))
        bins.append(entry)
    return bins


def _order(plot: Plot, *, ask: bool, amount: int) -> State:
    parts = (round(amount * plot.chance.uniform(0, 2)), round(amount * plot.chance.uniform(0, 2)))
    return {"ask_side": ask, "open": str(parts[0] + 1), "processed_remaining": str(parts[1])}
