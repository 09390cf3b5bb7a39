"""Random markets without arbitrage: one pair, networks of tokens, and tiny ones that can be tried out in full.

A market is drawn from its seed, part and number alone, so each can be drawn again by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any, Final, assert_never

from fillwire_dex import Listing, PoolId, PoolKind, Snapshot, Token, pools
from tests.proof import bins, products, ranges
from tests.proof.economy import NOW, Coin, Plot, coins, pair, plot, spread
from tests.proof.orders import Order, orders, tiny_orders

SHAPES: Final = ((3, 5), (4, 8), (5, 12), (5, 20), (8, 30), (10, 60), (20, 150))
"""How many tokens and pools a network has, the small ones being drawn more often."""

RESTLESS_SHARE: Final = 0.15
"""How many of the markets have pools whose output is not concave."""

FOUNDERS: Final[Mapping[PoolKind, Callable[[Plot], dict[str, Any]]]] = {
    PoolKind.RAYDIUM_AMM_V4: products.amm_v4,
    PoolKind.RAYDIUM_CPMM: products.cpmm,
    PoolKind.METEORA_DAMM_V2: products.damm_v2,
    PoolKind.RAYDIUM_CLMM: ranges.clmm,
    PoolKind.ORCA_WHIRLPOOL: ranges.whirlpool,
    PoolKind.METEORA_DLMM: bins.dlmm,
}


class Part(StrEnum):
    """What kind of market it is."""

    DIRECT = "direct"
    """One pair and 1 to 64 pools of it."""
    NETWORKS = "networks"
    """Three to twenty tokens, and pools between any two of them."""
    GRIDS = "grids"
    """Two or three pools and, for some, a token between; so few units that every integer split can be tried."""


@dataclass(frozen=True, slots=True)
class Market:
    """`concave` says that every pool's output is; `values` are dollars for one raw unit of each token."""

    part: Part
    seed: int
    number: int
    snapshot: Snapshot
    concave: bool
    values: Mapping[Token, float]
    orders: tuple[Order, ...]


def draw(part: Part, *, seed: int, number: int) -> Market:
    """Return the market of this number."""
    chance = Random(f"{seed}|{part}|{number}")
    restless = chance.random() < RESTLESS_SHARE
    among, listings = _drawn(part, chance, restless=restless)
    snapshot = Snapshot(among[0].token, among[1].token, 1, NOW, tuple(listings))
    wanted = tiny_orders(chance, snapshot) if part is Part.GRIDS else orders(chance, snapshot, among[0], among[1])
    return Market(part, seed, number, snapshot, not restless, {coin.token: coin.value for coin in among}, wanted)


def _drawn(part: Part, chance: Random, *, restless: bool) -> tuple[list[Coin], list[Listing]]:
    match part:
        case Part.DIRECT:
            return direct(chance, round(spread(chance, 1, 64)), restless=restless)
        case Part.NETWORKS:
            shape = chance.choices(SHAPES, [len(SHAPES) - at for at in range(len(SHAPES))])[0]
            return network(chance, *shape, restless=restless)
        case Part.GRIDS:
            return tiny(chance, restless=restless)
        case _:
            assert_never(part)


def direct(chance: Random, count: int, *, restless: bool = False) -> tuple[list[Coin], list[Listing]]:
    """Return two coins and pools between them."""
    among = coins(chance, 2)
    return among, [_listing(chance, number, among[0], among[1], restless=restless) for number in range(count)]


def network(chance: Random, tokens: int, count: int, *, restless: bool = False) -> tuple[list[Coin], list[Listing]]:
    """Return coins and pools between them; every coin trades with a hub."""
    among = coins(chance, tokens)
    pairs = [(among[at], among[chance.randrange(min(at, 3))]) for at in range(1, tokens)]
    pairs += [pair(chance, among) for _ in range(count - len(pairs))]
    listings = [_listing(chance, number, *both, restless=restless) for number, both in enumerate(pairs)]
    chance.shuffle(among)
    return among, listings


def tiny(chance: Random, *, restless: bool = False) -> tuple[list[Coin], list[Listing]]:
    """Return two or three coins whose pools hold tens to thousands of units."""
    among = [Coin(coin.token, chance.uniform(0.2, 2)) for coin in coins(chance, chance.choice((2, 3)))]
    pairs = [(0, 1), (0, 1)] if len(among) == 2 else [(0, 2), (2, 1)]
    pairs += [chance.choice([*pairs, (0, 1)]) for _ in range(chance.choice((0, 1, 2)) if len(among) == 3 else 1)]
    return among, [
        _listing(chance, number, among[a], among[b], restless=restless, dollars=(20, 5_000))
        for number, (a, b) in enumerate(pairs)
    ]


def _listing(
    chance: Random, number: int, a: Coin, b: Coin, *, restless: bool, dollars: tuple[float, float] = (1e4, 3e7)
) -> Listing:
    if chance.random() < 0.5:
        a, b = b, a
    kind = chance.choice(_RESTLESS if restless and chance.random() < 0.6 else _KINDS)
    pool = pools.decode(kind, FOUNDERS[kind](plot(chance, a, b, dollars=spread(chance, *dollars), restless=restless)))
    return Listing(PoolId(f"pool{number}"), kind.value, a.token, b.token, 1, 1, pool)


_KINDS: Final[Sequence[PoolKind]] = tuple(FOUNDERS)
_RESTLESS: Final = (PoolKind.RAYDIUM_CLMM, PoolKind.METEORA_DLMM)
