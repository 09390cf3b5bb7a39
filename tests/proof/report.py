"""The table of a proof: what was compared, and how far the worst cases were apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import Final, Self

from tests.proof.markets import Market, Part
from tests.proof.verdict import Verdict

ORACLES: Final = ("splits", "dual", "conic", "grids")

_COLUMNS: Final = (
    ("markets", 18),
    ("drawn", 6),
    ("orders", 7),
    ("refused", 8),
    ("gap: median", 12),
    ("worst", 10),
    ("less rounding", 14),
    *((oracle, 22) for oracle in ORACLES),
    ("truly best", 12),
    ("violations", 11),
)
LEGEND: Final = """\
gap: how far routes without a cost per leg lie from their bound, in bps; less rounding: without what venues keep
by rounding, at each bin or range of each leg, of the route or of the flows of L-BFGS-B. By oracle: how near it came to the bound, in bps (below 0: within it), times asked / times it failed.
truly best: of the routes whose every alternative was tried."""


class Standing(StrEnum):
    """What an order's route can be held to; the bound must be true for all."""

    CONCAVE = "concave"
    """Every pool is concave: the bound can be reached but for whole units."""
    BARRED = "barred"
    """Concave as well, but the best ways are longer than the order allows: the gap is only told."""
    RESTLESS = "restless"
    """A pool may not be concave: the bound is that of its hull, and the gap only told."""

    @classmethod
    def of(cls, market: Market, verdict: Verdict) -> Self:
        if not market.concave:
            return cls.RESTLESS
        return cls.BARRED if verdict.barred else cls.CONCAVE


@dataclass(slots=True)
class Row:
    """The tally of the orders of one part and standing; `markets` are the numbers of theirs."""

    name: str
    markets: set[int] = field(default_factory=set)
    orders: int = 0
    refused: int = 0
    gaps: list[float] = field(default_factory=list)
    rounded: list[float] = field(default_factory=list)
    excess: dict[str, float] = field(default_factory=dict)
    behind: list[int] = field(default_factory=list)
    beaten: float = 0.0
    looseness: list[float] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def add(self, market: Market, verdict: Verdict) -> None:
        """Count one order; gaps are those of orders without a cost per leg."""
        self.markets.add(market.number)
        self.orders += 1
        self.refused += verdict.gap_bps is None
        if verdict.gap_bps is not None and verdict.order.free:
            self.gaps.append(verdict.gap_bps)
            self.rounded.append(max(0.0, verdict.gap_bps - verdict.rounding_bps))
            self.beaten = max(self.beaten, verdict.beaten_bps)
        if verdict.behind_best is not None:
            self.behind.append(verdict.behind_best)
        if verdict.looseness_bps is not None:
            self.looseness.append(verdict.looseness_bps)
        for oracle, excess in verdict.excess_bps.items():
            self.asked[oracle] += 1
            self.excess[oracle] = max(excess, self.excess.get(oracle, excess))
        self.failed.update(verdict.failures)
        self.violations += [f"{_replay(market)}: {verdict.order}: {what}" for what in verdict.violations]


def row_of(part: Part, standing: Standing) -> Row:
    """Return an empty row."""
    return Row(f"{part}, {standing}")


def table(rows: Sequence[Row]) -> str:
    """Return the rows and what their columns mean."""
    lines = ["  ".join(name.rjust(width) for name, width in _COLUMNS)]
    lines += [
        "  ".join(cell.rjust(width) for cell, (_, width) in zip(_cells(row), _COLUMNS, strict=True)) for row in rows
    ]
    return "\n".join([*lines, LEGEND])


def figures(row: Row) -> dict[str, object]:
    """Return a row for machines."""
    return {
        "markets": row.name,
        "drawn": len(row.markets),
        "orders": row.orders,
        "refused": row.refused,
        "gap_bps": {"median": _middle(row.gaps), "worst": max(row.gaps, default=None)},
        "gap_bps_after_rounding": max(row.rounded, default=None),
        "closest_bps": row.excess,
        "asked": row.asked,
        "failed": row.failed,
        "beaten_bps": row.beaten,
        "behind_best_units": {
            "none": row.behind.count(0),
            "of": len(row.behind),
            "worst": max(row.behind, default=None),
        },
        "dual_looser_bps": {"median": _middle(row.looseness), "worst": max(row.looseness, default=None)},
        "violations": len(row.violations),
    }


def _cells(row: Row) -> list[str]:
    return [
        row.name,
        str(len(row.markets)),
        str(row.orders),
        str(row.refused),
        _bps(_middle(row.gaps)),
        _bps(max(row.gaps, default=None)),
        _bps(max(row.rounded, default=None)),
        *(f"{_bps(row.excess.get(oracle))}  {row.asked[oracle]}/{row.failed[oracle]}" for oracle in ORACLES),
        f"{row.behind.count(0)}/{len(row.behind)}",
        str(len(row.violations)),
    ]


def _middle(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def _bps(value: float | None) -> str:
    return "-" if value is None else f"{value + 0.0:.3g}"


def _replay(market: Market) -> str:
    return f"--part {market.part} --seed {market.seed} --only {market.number}"
