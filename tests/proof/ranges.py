"""Founding concentrated pools: positions over ticks for Raydium CLMM and Orca Whirlpool."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import floor, isqrt, log
from typing import Any

from tests.proof.economy import NOW, Plot

State = dict[str, Any]

_MOST_TICK = 440_000
_CLMM_TIERS = ((100, 1), (500, 10), (2_500, 60), (10_000, 120))
_WHIRLPOOL_TIERS = ((100, 1), (400, 4), (3_000, 64), (10_000, 128))


@dataclass(frozen=True, slots=True)
class Position:
    """Liquidity from one tick up to, but without, another."""

    low: int
    high: int
    liquidity: int


def clmm(plot: Plot) -> State:
    """A pool with a plain fee or, restless or half of the time, one that grows with volatility."""
    rate, spacing = plot.chance.choice(_CLMM_TIERS)
    state = _ticks(plot, rate, spacing)
    dynamic = plot.restless or plot.chance.random() < 0.5
    return {
        **state,
        "trade_fee_rate": rate,
        "protocol_fee_rate": 120_000,
        "fund_fee_rate": 40_000,
        "fee_on": plot.chance.choice(("input", "input", "only_a", "only_b")),
        "dynamic_fee": _volatility(plot, floor(state["tick_current"] / spacing)) if dynamic else None,
    }


def whirlpool(plot: Plot) -> State:
    rate, spacing = plot.chance.choice(_WHIRLPOOL_TIERS)
    return {**_ticks(plot, rate, spacing), "fee_rate": rate, "protocol_fee_rate": 1_300}


def _ticks(plot: Plot, rate: int, spacing: int) -> State:
    """Return the price, the positions around it and what they come to at each tick."""
    tick = floor(log(plot.spot(rate / 1e6), 1.0001))
    # Off the ticks themselves, so that the venues' tables, which differ in the last digits, agree on the tick.
    sqrt_price = int(1.0001 ** ((tick + plot.chance.uniform(0.2, 0.8)) / 2) * 2**64)
    positions = [_position(plot, tick, spacing, wide=number == 0) for number in range(plot.chance.randint(1, 10))]
    net: Counter[int] = Counter()
    gross: Counter[int] = Counter()
    for position in positions:
        net[position.low] += position.liquidity
        net[position.high] -= position.liquidity
        gross[position.low] += position.liquidity
        gross[position.high] += position.liquidity
    return {
        "tick_spacing": spacing,
        "sqrt_price_x64": sqrt_price,
        "tick_current": tick,
        "liquidity": sum(position.liquidity for position in positions if position.low <= tick < position.high),
        "ticks": [{"tick": at, "liquidity_net": net[at], "liquidity_gross": gross[at]} for at in sorted(gross)],
    }


def _position(plot: Plot, tick: int, spacing: int, *, wide: bool) -> Position:
    chance, center = plot.chance, tick // spacing
    reach = chance.randint(8_000, 60_000) if wide else chance.randint(spacing, 40 * spacing)
    shift = 0 if wide else chance.randint(-20, 20)
    steps = reach // spacing + 1
    most = _MOST_TICK // spacing
    low, high = max(center + shift - steps, -most), min(center + shift + 1 + steps, most)
    depth = isqrt(plot.reserve_a * plot.reserve_b)
    return Position(low * spacing, high * spacing, max(1, round(depth * (1 if wide else chance.uniform(0.2, 5)))))


def _volatility(plot: Plot, index: int) -> State:
    """Return a dynamic fee that refers to the present price or, restless, to another one."""
    chance = plot.chance
    away = chance.choice((-1, 1)) * chance.randint(2, 12) if plot.restless else 0
    return {
        "filter_period": 30,
        "decay_period": 600,
        "reduction_factor": 5_000,
        "dynamic_fee_control": chance.choice((1_000, 20_000, 100_000)),
        "max_volatility_accumulator": chance.choice((50_000, 150_000, 350_000)),
        "tick_spacing_index_reference": index + away,
        "volatility_reference": chance.randrange(20_000),
        "volatility_accumulator": chance.randrange(50_000),
        "last_update_timestamp": NOW - 5,
    }
