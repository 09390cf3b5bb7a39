"""How far a venue's quotes are to be trusted, from what became of earlier ones.

A record is a handful of sums in which the past counts half as much every `HALF_LIFE_SECONDS`: adding and fading are
all that ever happens to it, so that the same observations at the same times give the same score, in whatever portions
they were added. A score is a pure function of a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from math import sqrt
from typing import Final, Self

HALF_LIFE_SECONDS: Final = 900.0

MAX_HAIRCUT_BPS: Final = 50.0
"""However badly a venue did: beyond it the price decides, or venues would never be tried again."""

REJECT_COST_BPS: Final = 20.0
"""What a refused attempt costs the trader: the market moves while the order waits for the next one."""

DELAY_COST_BPS: Final = 0.5
"""What each second of landing beyond `FREE_SECONDS` costs, for the same reason."""

FREE_SECONDS: Final = 1.0

PRIOR: Final = 10.0
"""A venue begins with so many fills without fault, so that one bad fill does not condemn it."""

ERRORS_OF_CHANCE: Final = 2.0
"""How many standard errors of the mean a shortfall must exceed: prices that merely move shall not count."""


@dataclass(frozen=True, slots=True)
class Record:
    """Faded sums over one venue's legs: fills, their errors, refusals, and how long landing took.

    The error of a fill is (filled / quoted - 1) in bps, negative when it gave less.
    A refusal of a route of n legs counts 1/n at each of its venues: nobody knows whose it was.
    """

    fills: float = 0.0
    error_bps: float = 0.0
    error_bps_squared: float = 0.0
    refusals: float = 0.0
    landing_seconds: float = 0.0

    @classmethod
    def of_fill(cls, *, quoted: int, filled: int, landing_seconds: float) -> Self:
        """Return the record of one leg that landed; `quoted` and `filled` are raw units out for the same amount in."""
        error_bps = (filled / quoted - 1) * 10_000
        return cls(1.0, error_bps, error_bps * error_bps, 0.0, landing_seconds)

    @classmethod
    def of_refusal(cls, *, legs: int) -> Self:
        """Return a venue's part in the refusal of a route of so many legs."""
        return cls(refusals=1 / legs)

    def faded(self, seconds: float) -> Self:
        """Return what is left of the record after so much time; less than none is none."""
        left = 0.5 ** (max(seconds, 0.0) / HALF_LIFE_SECONDS)
        return type(self)(*(value * left for value in astuple(self)))

    def plus(self, other: Record) -> Self:
        """Return the record of both."""
        return type(self)(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class Score:
    """What a record says: means, the weight they rest on, and by how many bps quotes are to be distrusted.

    `reject_rate` is 0 to 1 and counts the prior, `fill_error_bps` and `landing_seconds` are plain means,
    0 where nothing was filled.
    """

    haircut_bps: float
    fill_error_bps: float
    reject_rate: float
    landing_seconds: float
    samples: float


def score(record: Record) -> Score:
    """Return the score of a record; the haircut is between 0 and `MAX_HAIRCUT_BPS`, in steps of 0.01."""
    fills = record.fills
    error_bps = record.error_bps / fills if fills > 0 else 0.0
    landing_seconds = record.landing_seconds / fills if fills > 0 else 0.0
    reject_rate = record.refusals / (fills + record.refusals + PRIOR)
    delay = max(0.0, landing_seconds - FREE_SECONDS) * fills / (fills + PRIOR)
    haircut_bps = _shortfall_bps(record) + REJECT_COST_BPS * reject_rate + DELAY_COST_BPS * delay
    return Score(
        haircut_bps=round(min(haircut_bps, MAX_HAIRCUT_BPS), 2),
        fill_error_bps=error_bps,
        reject_rate=reject_rate,
        landing_seconds=landing_seconds,
        samples=fills + record.refusals,
    )


def haircuts(records: Mapping[str, Record]) -> dict[str, float]:
    """Return by how many bps each venue is distrusted, for `router.best`; those at 0 are left out."""
    scores = {venue: score(record).haircut_bps for venue, record in sorted(records.items())}
    return {venue: bps for venue, bps in scores.items() if bps > 0}


def _shortfall_bps(record: Record) -> float:
    """Return by how much fills fell short of their quotes, as far as chance does not explain it.

    The prior's fills are without error, so they shrink the mean and the deviation alike.
    """
    count = record.fills + PRIOR
    mean = record.error_bps / count
    variance = max(0.0, record.error_bps_squared / count - mean * mean)
    return max(0.0, -mean - ERRORS_OF_CHANCE * sqrt(variance / count))
