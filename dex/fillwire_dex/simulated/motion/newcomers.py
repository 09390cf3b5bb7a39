"""Small pools that come and go, by a timetable drawn from the seed.

Each stretch of 1,500 slots brings one, at a slot of its own and about at the fair price; half of them trade a token
that no other pool has. It stays for two to ten stretches, so at most eleven are there at once, and its number never
comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.simulated import founding
from fillwire_dex.simulated.founding import Founded, Plan
from fillwire_dex.simulated.motion.growth import growth
from fillwire_dex.simulated.motion.prices import Prices
from fillwire_dex.simulated.streams import Streams
from fillwire_dex.tokens import BONK, JUP, RAY, SOL, USDC, USDT, WIF

STRETCH_SLOTS: Final = 1_500
_STRETCHES: Final = (2, 10)
_FIRST_NUMBER: Final = 1_001
"""Pools that are there from the beginning have numbers below it."""

_PAIRS: Final = (
    (WIF, SOL), (WIF, SOL), (WIF, USDC), (WIF, USDC),
    (BONK, USDC), (JUP, USDT), (RAY, USDT), (BONK, USDT),
)  # fmt: skip
_MEDIAN_DEPTH: Final = 20_000.0
"""In USDC, one side; two thirds of all pools are between a third and three times of it."""

_MISPRICING: Final = (0.97, 1.03)
"""Who founds a pool does not quite know what the token is worth; who comes first can gain from it."""

_FOUNDERS: Final[Mapping[PoolKind, Callable[[Plan], Founded]]] = MappingProxyType(
    {
        PoolKind.RAYDIUM_AMM_V4: founding.amm_v4,
        PoolKind.RAYDIUM_CPMM: lambda plan: founding.cpmm(plan, trade_fee_rate=10_000),
        PoolKind.METEORA_DAMM_V2: lambda plan: founding.damm_v2_compounding(plan, fee_numerator=10_000_000),
        PoolKind.RAYDIUM_CLMM: lambda plan: founding.clmm(
            plan, tick_spacing=120, trade_fee_rate=10_000, narrowest=1_200
        ),
        PoolKind.ORCA_WHIRLPOOL: lambda plan: founding.whirlpool(
            plan, tick_spacing=128, fee_rate=10_000, narrowest=1_280
        ),
        PoolKind.METEORA_DLMM: lambda plan: founding.dlmm(plan, bin_step=80),
    }
)


class Newcomers:
    """The timetable of one seed."""

    __slots__ = ("_prices", "_stays", "_streams")

    def __init__(self, seed: str, prices: Prices) -> None:
        self._streams = Streams(seed)
        self._prices = prices
        self._stays: dict[int, range] = {}

    def births(self, slot: int) -> tuple[Founded, ...]:
        """Return the pool that is founded in this slot, if any."""
        turn = _turn(slot)
        return (self._found(turn),) if turn >= 0 and self._stay(turn).start == slot else ()

    def deaths(self, slot: int) -> tuple[str, ...]:
        """Return the ids of the pools that are withdrawn in this slot."""
        return tuple(self._plan(turn).id(self._kind(turn)) for turn in _near(slot) if self._stay(turn).stop == slot)

    def alive(self, slot: int) -> tuple[Founded, ...]:
        """Return the pools there are in this slot, as they were founded, the oldest first."""
        return tuple(self._found(turn) for turn in _near(slot) if slot in self._stay(turn))

    def _stay(self, turn: int) -> range:
        """Return the slots in which the pool of a turn is there."""
        stay = self._stays.get(turn)
        if stay is None:
            start = turn * STRETCH_SLOTS + 1 + int(STRETCH_SLOTS * self._draw("slot", turn))
            shortest, longest = _STRETCHES
            stretches = shortest + int((longest - shortest + 1) * self._draw("stay", turn))
            stay = self._stays[turn] = range(start, start + stretches * STRETCH_SLOTS)
        return stay

    def _found(self, turn: int) -> Founded:
        return _FOUNDERS[self._kind(turn)](self._plan(turn))

    def _kind(self, turn: int) -> PoolKind:
        kinds = tuple(_FOUNDERS)
        return kinds[int(len(kinds) * self._draw("kind", turn))]

    def _plan(self, turn: int) -> Plan:
        token_a, token_b = _PAIRS[int(len(_PAIRS) * self._draw("pair", turn))]
        slot = self._stay(turn).start
        value_b = self._prices.fair(token_b.mint, slot)
        guess = self._prices.fair(token_a.mint, slot) * self._streams.between(_MISPRICING, "newcomer price", str(turn))
        depth = _MEDIAN_DEPTH * growth(self._streams.bell("newcomer depth", str(turn)))
        return Plan(_FIRST_NUMBER + turn, token_a, token_b, _written(guess / value_b), int(depth / value_b) + 1)

    def _draw(self, what: str, turn: int) -> float:
        return self._streams.unit(f"newcomer {what}", str(turn))


def is_newcomer(pool_id: str) -> bool:
    """Whether a pool of this id came by a timetable rather than with the market's first pools."""
    number = pool_id.rpartition(".")[2]
    return number.isdecimal() and int(number) >= _FIRST_NUMBER


def _turn(slot: int) -> int:
    """Return whose turn it is to be founded in a slot; the first stretch begins with slot 1."""
    return (slot - 1) // STRETCH_SLOTS


def _near(slot: int) -> range:
    """Return the turns whose pools may be there in a slot, or may leave in it."""
    return range(max(0, _turn(slot) - _STRETCHES[1] - 1), _turn(slot) + 1)


def _written(price: float) -> Decimal:
    """Return a price as somebody would write it down, with six digits."""
    return Decimal(f"{price:.6g}")
