"""Tokens with fair values, and plots: the place in a market where a pool is founded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from random import Random

from fillwire_dex import Token

NOW = 1_750_000_000
"""The chain's time in every market, in unix seconds."""

_BAND = 0.9
"""How far into its fee a pool's price may stray from the fair one; below 1 leaves no arbitrage."""


@dataclass(frozen=True, slots=True)
class Coin:
    """A token and what one raw unit of it is worth, in dollars."""

    token: Token
    value: float

    def units(self, dollars: float) -> int:
        """Return how many raw units these dollars buy, at least one."""
        return max(1, int(dollars / self.value))


@dataclass(frozen=True, slots=True)
class Plot:
    """Where a pool is founded: the fair price (raw b for one raw a), raw depth of either side, and chance.

    A pool is restless when its volatility refers to another price than the present one,
    so that its fee falls while a swap walks there: its output curve is then not concave.
    """

    chance: Random
    price: float
    reserve_a: int
    reserve_b: int
    restless: bool

    def spot(self, fee: float) -> float:
        """Return a price inside the band that a fee (0 to 1) keeps free of arbitrage."""
        return self.price * exp(log(1 - fee) * self.chance.uniform(-_BAND, _BAND))


def coins(chance: Random, count: int) -> list[Coin]:
    """Return new tokens, of 1e-5 to 1,000 dollars each and with the usual decimals."""
    return [_coin(chance, number) for number in range(count)]


def _coin(chance: Random, number: int) -> Coin:
    decimals = chance.choice((5, 6, 6, 8, 9))
    dollars = exp(chance.uniform(log(1e-5), log(1e3)))
    return Coin(Token(f"T{number}", f"mint{number}", decimals, f"Token {number}"), dollars / 10**decimals)


def plot(chance: Random, a: Coin, b: Coin, *, dollars: float, restless: bool) -> Plot:
    """Return the plot of a pair with this depth on each side."""
    return Plot(chance, a.value / b.value, a.units(dollars), b.units(dollars), restless)


def spread(chance: Random, low: float, high: float) -> float:
    """Return a number between the two, every order of magnitude being as likely."""
    return exp(chance.uniform(log(low), log(high)))


def pair(chance: Random, among: Sequence[Coin]) -> tuple[Coin, Coin]:
    """Return two different coins; the first three, the hubs, come up most."""
    weights = [4 if number < 3 else 1 for number in range(len(among))]
    first = chance.choices(range(len(among)), weights)[0]
    weights[first] = 0
    return among[first], among[chance.choices(range(len(among)), weights)[0]]
