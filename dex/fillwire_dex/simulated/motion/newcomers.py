"""Small pools that come and go, by a timetable drawn from the seed.

Each stretch of 1,500 slots brings one, at a slot of its own and about at the fair price; half of them trade a token
that no other pool has. It stays for two to ten stretches, so at most eleven are there at once, and its number never
comes back. The liquidity of two in five moves to another venue meanwhile, under the same number.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.simulated import founding
from fillwire_dex.simulated.founding import DESTINATIONS, KINDS, Founded, Migration, Plan
from fillwire_dex.simulated.motion.growth import growth
from fillwire_dex.simulated.motion.prices import Prices
from fillwire_dex.simulated.streams import Streams
from fillwire_dex.tokens import BONK, JUP, RAY, SOL, USDC, USDT, WIF

STRETCH_SLOTS: Final = 1_500
_STRETCHES: Final = (2, 10)
_FIRST_NUMBER: Final = 1_001
"""Pools that are there from the beginning have numbers below it."""

FIRST_FREE_NUMBER: Final = 1_000_001
"""The first number that no timetable gives, for pools that are founded by hand."""

_PAIRS: Final = (
    (WIF, SOL), (WIF, SOL), (WIF, USDC), (WIF, USDC),
    (BONK, USDC), (JUP, USDT), (RAY, USDT), (BONK, USDT),
)  # fmt: skip
_MEDIAN_DEPTH: Final = 20_000.0
"""In USDC, one side; two thirds of all pools are between a third and three times of it."""

_MISPRICING: Final = (0.97, 1.03)
"""Who founds a pool does not quite know what the token is worth; who comes first can gain from it."""

_GROWN_UP: Final = (0.2, 0.8)
"""When liquidity that moves does so, as a share of its stay."""

_MOVE_CHANCE: Final = 0.4


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A pool that came in slot `since`, as it was founded, and where its liquidity has gone by now, if it has."""

    since: int
    founded: Founded
    migration: Migration | None

    @property
    def id(self) -> str:
        """The id of the pool that has its liquidity now."""
        return self.migration.target if self.migration else self.founded.id


class Newcomers:
    """The timetable of one seed."""

    __slots__ = ("_moves", "_prices", "_stays", "_streams")

    def __init__(self, seed: str, prices: Prices) -> None:
        self._streams = Streams(seed)
        self._prices = prices
        self._stays: dict[int, range] = {}
        self._moves: dict[int, int | None] = {}

    def births(self, slot: int) -> tuple[Founded, ...]:
        """Return the pool that is founded in this slot, if any."""
        turn = _turn(slot)
        return (self._found(turn),) if turn >= 0 and self._stay(turn).start == slot else ()

    def deaths(self, slot: int) -> tuple[str, ...]:
        """Return the ids of the pools that are withdrawn in this slot, under whichever of two they are there."""
        return tuple(id_ for turn in _near(slot) if self._stay(turn).stop == slot for id_ in self._ids(turn))

    def migrations(self, slot: int) -> tuple[Migration, ...]:
        """Return whose liquidity moves in this slot."""
        return tuple(migration for turn in _near(slot) if (migration := self._moved_in(turn, range(slot, slot + 1))))

    def alive(self, slot: int) -> tuple[Newcomer, ...]:
        """Return the pools there are in this slot, the oldest first."""
        return tuple(self._newcomer(turn, slot) for turn in _near(slot) if slot in self._stay(turn))

    def _newcomer(self, turn: int, slot: int) -> Newcomer:
        since = self._stay(turn).start
        return Newcomer(since, self._found(turn), self._moved_in(turn, range(since, slot + 1)))

    def _moved_in(self, turn: int, slots: range) -> Migration | None:
        """Return where the liquidity of a turn's pool moves in these slots."""
        if self._move_slot(turn) not in slots:
            return None
        kinds = [kind for kind in DESTINATIONS if kind is not self._kind(turn)]
        kind = kinds[int(len(kinds) * self._draw("move kind", turn))]
        return Migration(self._plan(turn).id(self._kind(turn)), kind, _FIRST_NUMBER + turn)

    def _move_slot(self, turn: int) -> int | None:
        if turn not in self._moves:
            stay, share = self._stay(turn), self._streams.between(_GROWN_UP, "newcomer move", str(turn))
            moves = self._streams.strikes(_MOVE_CHANCE, "newcomer moves", str(turn))
            self._moves[turn] = stay.start + int(len(stay) * share) if moves else None
        return self._moves[turn]

    def _ids(self, turn: int) -> tuple[str, ...]:
        """Return the id of a turn's pool, and that of the one its liquidity moves to."""
        migration = self._moved_in(turn, self._stay(turn))
        return (migration.source, migration.target) if migration else (self._plan(turn).id(self._kind(turn)),)

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
        return founding.usual(self._kind(turn), self._plan(turn))

    def _kind(self, turn: int) -> PoolKind:
        return KINDS[int(len(KINDS) * self._draw("kind", turn))]

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
    return number.isdecimal() and _FIRST_NUMBER <= int(number) < FIRST_FREE_NUMBER


def _turn(slot: int) -> int:
    """Return whose turn it is to be founded in a slot; the first stretch begins with slot 1."""
    return (slot - 1) // STRETCH_SLOTS


def _near(slot: int) -> range:
    """Return the turns whose pools may be there in a slot, or may leave in it."""
    return range(max(0, _turn(slot) - _STRETCHES[1] - 1), _turn(slot) + 1)


def _written(price: float) -> Decimal:
    """Return a price as somebody would write it down, with six digits."""
    return Decimal(f"{price:.6g}")
