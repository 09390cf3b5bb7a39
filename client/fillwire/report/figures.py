"""The figures of a report: the rows of a day and venue, brought together by pair."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from fillwire.amount import Amount
from fillwire.execution import Execution, ExecutionReport
from fillwire.receipt import Cost

__all__ = ["PARTS", "Pair", "Sums", "days", "mean", "pairs", "venues"]

K = TypeVar("K")

PARTS = ("drift", "fee", "impact", "slippage")
"""What a cost is made of, in the order in which it comes about."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Several rows together: of a pair, or of a venue. `None`: not known of any of them."""

    orders: int
    amount_in: Amount
    amount_out: Amount
    cost: Mapping[str, float] | None
    """By part, `total` and `saved`; means weighted by what was given."""
    mean_time: timedelta | None


@dataclass(frozen=True, slots=True)
class Pair:
    """All that was traded of a pair. `whole` is `None` where it was only a part of longer routes."""

    token_in: str
    token_out: str
    whole: Sums | None
    by_day: Mapping[date, Execution]
    """Whole orders."""
    venues: Mapping[str, Sums]
    """The largest first."""
    by_venue: Mapping[date, Mapping[str, Execution]]


def pairs(report: ExecutionReport) -> Sequence[Pair]:
    """The pairs of a report, those with most orders first, then those that were only parts of routes."""
    totals = _grouped(report.totals, lambda row: (row.token_in, row.token_out))
    rows = _grouped(report.rows, lambda row: (row.token_in, row.token_out))
    found = [_pair(key, totals.get(key, ()), rows.get(key, ())) for key in {**totals, **rows}]
    return sorted(found, key=lambda one: (-one.whole.orders if one.whole else 0, one.token_in, one.token_out))


def days(report: ExecutionReport) -> Sequence[date]:
    """Every day from the first to the last with a fill."""
    known = {row.day for row in (*report.totals, *report.rows)}
    if not known:
        return ()
    return [min(known) + timedelta(days=n) for n in range((max(known) - min(known)).days + 1)]


def venues(report: ExecutionReport) -> Sequence[str]:
    """Every venue with a leg, those with most orders first."""
    orders = Counter[str]()
    for row in report.rows:
        orders[row.venue] += row.orders
    return sorted(orders, key=lambda venue: (-orders[venue], venue))


def mean(values: Iterable[tuple[float, float]]) -> float | None:
    """The mean of values with their weights; `None`: they weigh nothing."""
    given = list(values)
    weight = sum(weight for _, weight in given)
    return sum(value * weight for value, weight in given) / weight if weight else None


def _pair(key: tuple[str, str], totals: Sequence[Execution], rows: Sequence[Execution]) -> Pair:
    venues = {venue: _sums(of) for venue, of in _grouped(rows, lambda row: row.venue).items()}
    by_day = _grouped(rows, lambda row: row.day)
    return Pair(
        token_in=key[0],
        token_out=key[1],
        whole=_sums(totals) if totals else None,
        by_day={row.day: row for row in totals},
        venues=dict(sorted(venues.items(), key=lambda one: -one[1].amount_in.raw)),
        by_venue={day: {row.venue: row for row in of} for day, of in by_day.items()},
    )


def _sums(rows: Sequence[Execution]) -> Sums:
    costs = [(row.cost, row.amount_in.raw) for row in rows if row.cost is not None]
    seconds = mean((row.mean_time.total_seconds(), row.orders) for row in rows if row.mean_time is not None)
    return Sums(
        orders=sum(row.orders for row in rows),
        amount_in=_added([row.amount_in for row in rows]),
        amount_out=_added([row.amount_out for row in rows]),
        cost=_cost(costs) if costs else None,
        mean_time=None if seconds is None else timedelta(seconds=seconds),
    )


def _cost(costs: Sequence[tuple[Cost, int]]) -> Mapping[str, float]:
    names = (*PARTS, "total", "saved")
    return {name: mean((getattr(cost, f"{name}_bps"), weight) for cost, weight in costs) or 0.0 for name in names}


def _added(amounts: Sequence[Amount]) -> Amount:
    return Amount(amounts[0].token, sum(amount.raw for amount in amounts), amounts[0].decimals)


def _grouped(rows: Iterable[Execution], key: Callable[[Execution], K]) -> dict[K, list[Execution]]:
    grouped = defaultdict[K, list[Execution]](list)
    for row in rows:
        grouped[key(row)].append(row)
    return grouped
