"""What each token is worth in each slot, whatever its pools say: a pure function of a seed.

Every price is in USDC, so prices of pairs derive from one measure and hold no arbitrage among themselves.
It is the token's price at the founding times e to the power of a path (see `path`); a token that follows another
one moves with it and has a path of its own on top.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from fillwire_dex import tokens
from fillwire_dex.simulated.motion.growth import growth
from fillwire_dex.simulated.motion.path import Path
from fillwire_dex.simulated.streams import Streams
from fillwire_dex.tokens import BONK, JUP, MSOL, RAY, SOL, USDC, USDT, WIF, Token

DAY_SLOTS: Final = 216_000


@dataclass(frozen=True, slots=True)
class Course:
    """How one token's price runs: `price` in USDC at slot 0, and the path of its logarithm.

    `follows` is the token whose path is added to its own.
    """

    price: float
    spread: float
    memory_slots: int
    follows: Token | None = None


COURSES: Final[Mapping[Token, Course]] = MappingProxyType(
    {
        SOL: Course(160.0, spread=0.10, memory_slots=4 * DAY_SLOTS),
        USDT: Course(1.0, spread=0.0005, memory_slots=DAY_SLOTS // 4),
        JUP: Course(0.5, spread=0.10, memory_slots=2 * DAY_SLOTS, follows=SOL),
        BONK: Course(0.000018, spread=0.25, memory_slots=3 * DAY_SLOTS, follows=SOL),
        RAY: Course(2.4, spread=0.10, memory_slots=3 * DAY_SLOTS, follows=SOL),
        MSOL: Course(208.16, spread=0.0008, memory_slots=DAY_SLOTS // 4, follows=SOL),
        WIF: Course(0.8, spread=0.25, memory_slots=2 * DAY_SLOTS, follows=SOL),
    }
)
"""The default market. In a day SOL moves by about 7 %, BONK by 20 % more, USDT by 5 bps."""


class Prices:
    """The fair prices of one seed; USDC, the measure, is always worth 1."""

    __slots__ = ("_courses", "_paths")

    def __init__(self, seed: str, courses: Mapping[Token, Course] = COURSES) -> None:
        streams = Streams(seed)
        self._courses = courses
        self._paths = {
            token: Path(streams, f"price|{token.symbol}", spread=course.spread, memory_slots=course.memory_slots)
            for token, course in courses.items()
        }

    def fair(self, symbol_or_mint: str, slot: int) -> float:
        """Return the price of one whole token in USDC; raises UnknownToken."""
        token = tokens.find(symbol_or_mint)
        if token == USDC:
            return 1.0
        return self._courses[token].price * growth(self._exponent(token, slot))

    def unit_values(self, slot: int) -> dict[str, float]:
        """Return by mint what one raw unit of each token is worth, in USDC."""
        measured = (USDC, *self._courses)
        return {token.mint: self.fair(token.mint, slot) / 10**token.decimals for token in measured}

    def _exponent(self, token: Token, slot: int) -> float:
        own = self._paths[token].at(slot)
        leader = self._courses[token].follows
        return own if leader is None else own + self._exponent(leader, slot)
