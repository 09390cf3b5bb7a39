"""What one quote of each kind of pool costs, and its curve: in microseconds, the median over random pools."""

import json
from collections.abc import Callable
from functools import partial
from random import Random
from statistics import median
from time import perf_counter_ns

from fillwire_dex import Direction, Pool, PoolKind, pools
from tests.proof.economy import NOW, coins, plot
from tests.proof.markets import FOUNDERS

__all__ = ["measure"]

_DOLLARS = 1_000_000
"""What a pool holds of each token, about."""
_SIZES = {"small": 0.0001, "large": 0.2}
"""Orders, as a share of what the pool holds of the token that is bought."""


def measure(*, repeats: int) -> None:
    """Prints a line for each kind and direction, and one of JSON."""
    figures = {kind.value: _kind(kind, repeats) for kind in PoolKind}
    columns = list(next(iter(next(iter(figures.values())).values())))
    print("microseconds".ljust(17), "direction".ljust(9), *(column.rjust(19) for column in columns))
    for kind, directions in figures.items():
        for direction, times in directions.items():
            print(kind.ljust(17), direction.ljust(9), *(f"{times[column]:.1f}".rjust(19) for column in columns))
    print(json.dumps({"pools_us": figures}), flush=True)


def _kind(kind: PoolKind, repeats: int) -> dict[str, dict[str, float]]:
    """Returns, by direction and question, the median time."""
    times: dict[str, dict[str, list[float]]] = {direction.value: {} for direction in Direction}
    for number in range(repeats):
        chance = Random(f"bench|{kind}|{number}")
        a, b = coins(chance, 2)
        state = FOUNDERS[kind](plot(chance, a, b, dollars=_DOLLARS, restless=False))
        for direction in Direction:
            # A pool of its own for each direction, so that neither warms the other.
            for question, microseconds in _answers(pools.decode(kind, state), direction).items():
                times[direction.value].setdefault(question, []).append(microseconds)
    return {
        direction: {name: round(median(values), 2) for name, values in asked.items()}
        for direction, asked in times.items()
    }


def _answers(pool: Pool, direction: Direction) -> dict[str, float]:
    reserve_a, reserve_b = pool.reserves()
    bought = reserve_b if direction is Direction.A_TO_B else reserve_a
    curve = partial(pool.segments, direction, now=NOW)
    found = {"segments cold": _time(curve), "segments warm": _time(curve)}
    for size, share in _SIZES.items():
        wanted = max(1, int(bought * share))
        amount_in = pool.quote_exact_out(direction, wanted, now=NOW).amount_in
        found[f"exact in, {size}"] = _time(partial(pool.quote_exact_in, direction, amount_in, now=NOW))
        found[f"exact out, {size}"] = _time(partial(pool.quote_exact_out, direction, wanted, now=NOW))
    return found


def _time(act: Callable[[], object]) -> float:
    began = perf_counter_ns()
    act()
    return (perf_counter_ns() - began) / 1000
