"""What one route costs, and how good it is: beside cvxpy with Clarabel and scipy's L-BFGS-B on the same markets.

All in this process, on one core, one after the other; the general solvers answer in real numbers, without legs.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from itertools import count
from random import Random
from statistics import median
from time import perf_counter_ns

from fillwire_dex import InsufficientLiquidity, Listing, Mode, Snapshot, pools, router
from tests.proof import conic, dual
from tests.proof.economy import NOW, spread
from tests.proof.graph import graph
from tests.proof.markets import Market, Part, direct, network
from tests.proof.orders import Order, held
from tests.proof.trial import routed

__all__ = ["measure"]

_SOLVED = 3
"""How many markets of each size the general solvers are asked about: they take longest."""
_WARM = 3
"""How often a route is repeated on the same pools; the least time counts, as others share the machine."""
_HOPS = 3
_HEADS = ("mode", "legs", "gap bps", "worst", "cold ms", "warm ms", "worst", "aim ms", "L-BFGS-B", "Clarabel")


@dataclass(frozen=True, slots=True)
class Size:
    """Tokens and pools of a market, and the time aimed at for a warm route in milliseconds, None for no aim."""

    tokens: int
    pools: int
    aim_ms: float | None = None


_SIZES = (Size(2, 2), Size(2, 8, 1), Size(2, 32), Size(2, 64, 4), Size(5, 12, 5), Size(10, 60, 10), Size(20, 150, 25))


@dataclass(frozen=True, slots=True)
class Sample:
    """One order on one market; times in milliseconds, those of the general solvers None where they were not asked.

    Cold is on pools nobody has asked before; warm is the best of a few repetitions.
    """

    legs: int
    gap_bps: float
    cold_ms: float
    warm_ms: float
    dual_ms: float | None
    conic_ms: float | None


def measure(*, orders: int) -> None:
    """Prints a line for each size of market and each mode, and one of JSON."""
    print("tokens/pools", *(head.rjust(9) for head in _HEADS), " (solvers: times as long as warm)")
    figures = [_line(size, mode, _samples(size, mode, orders)) for size in _SIZES for mode in Mode]
    print(json.dumps({"routes": figures}), flush=True)


def _samples(size: Size, mode: Mode, orders: int) -> list[Sample]:
    """Returns so many samples; the first route of all loads what is loaded late, and does not count."""
    found: list[Sample] = []
    for number in count():
        if len(found) > orders:
            return found[1:]
        # What a network holds of a token does not always reach the one that is sold.
        with suppress(InsufficientLiquidity):
            found.append(_sample(_market(size, mode, number), asked=len(found) <= _SOLVED))
    raise AssertionError


def _market(size: Size, mode: Mode, number: int) -> Market:
    """Return a market without arbitrage and one order, of up to a tenth of what its pools hold of the token bought."""
    chance = Random(f"bench|{size}|{mode}|{number}")
    among, listings = direct(chance, size.pools) if size.tokens == 2 else network(chance, size.tokens, size.pools)
    snapshot = Snapshot(among[0].token, among[1].token, 1, NOW, tuple(listings))
    fixed = among[0] if mode is Mode.EXACT_IN else among[1]
    dollars = held(snapshot, among[1]) * spread(chance, 0.001, 0.1)
    order = Order(mode, fixed.units(dollars), len(listings), _HOPS)
    return Market(Part.NETWORKS, 0, number, snapshot, True, {coin.token: coin.value for coin in among}, (order,))


def _sample(market: Market, *, asked: bool) -> Sample:
    order = market.orders[0]
    fresh = replace(market, snapshot=_fresh(market.snapshot))
    cold_ms = _time(lambda: routed(fresh, order, router.best))
    warm_ms = min(_time(lambda: routed(fresh, order, router.best)) for _ in range(_WARM))
    route, whole = routed(fresh, order, router.best), graph(fresh, order)
    dual_ms = _time(lambda: dual.solve(whole)) if asked else None
    conic_ms = _time(lambda: conic.optimum(whole)) if asked else None
    return Sample(len(route.legs), route.gap_bps, cold_ms, warm_ms, dual_ms, conic_ms)


def _fresh(snapshot: Snapshot) -> Snapshot:
    """Return the same market with pools that remember nothing."""
    return replace(snapshot, listings=tuple(_decoded(listing) for listing in snapshot.listings))


def _decoded(listing: Listing) -> Listing:
    return replace(listing, pool=pools.decode(listing.kind, listing.pool.state()))


def _time(act: Callable[[], object]) -> float:
    began = perf_counter_ns()
    act()
    return (perf_counter_ns() - began) / 1_000_000


def _line(size: Size, mode: Mode, samples: list[Sample]) -> dict[str, object]:
    """Print the medians of one size and mode, and return them."""
    figures = {
        "legs": median(sample.legs for sample in samples),
        "gap_bps": median(sample.gap_bps for sample in samples),
        "gap_bps_worst": max(sample.gap_bps for sample in samples),
        "cold_ms": median(sample.cold_ms for sample in samples),
        "warm_ms": median(sample.warm_ms for sample in samples),
        "warm_ms_worst": max(sample.warm_ms for sample in samples),
    }
    slower = {
        "dual_times": median(sample.dual_ms / sample.warm_ms for sample in samples if sample.dual_ms is not None),
        "conic_times": median(sample.conic_ms / sample.warm_ms for sample in samples if sample.conic_ms is not None),
    }
    cells = [
        f"{figures['legs']:.0f}",
        f"{figures['gap_bps']:.2g}",
        f"{figures['gap_bps_worst']:.2g}",
        *(f"{figures[name]:.2f}" for name in ("cold_ms", "warm_ms", "warm_ms_worst")),
        "-" if size.aim_ms is None else f"< {size.aim_ms:g}",
        *(f"{times:.0f}x" for times in slower.values()),
    ]
    print(f"{size.tokens:>5}/{size.pools:<6}", *(cell.rjust(9) for cell in (mode.value, *cells)), flush=True)
    rounded = {name: float(f"{value:.4g}") for name, value in (figures | slower).items()}
    return {**asdict(size), "mode": mode.value, **rounded}
