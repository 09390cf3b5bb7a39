"""The two pictures of a pair: what its orders cost, and where they were filled, day by day."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from fillwire.amount import Amount
from fillwire.execution import Execution
from fillwire.report import texts
from fillwire.report.columns import Column, Part, columns
from fillwire.report.figures import PARTS, Pair

__all__ = ["cost_by_day", "filled_by_day"]


def cost_by_day(pair: Pair, span: Sequence[date]) -> str:
    """The cost of whole orders, part by part; the mark is their sum."""
    chart = columns(
        f"Cost in basis points by day, {pair.token_in} to {pair.token_out}",
        [_cost(when, pair.by_day.get(when)) for when in span],
        level=lambda value: f"{value:g}".replace("-", "\u2212"),
    )
    legend = [(part, part) for part in PARTS] + [("mark", "total")]
    return _figure("Cost by day, bps", chart, legend)


def filled_by_day(pair: Pair, span: Sequence[date], kinds: Mapping[str, str]) -> str:
    """What was given at each venue; `kinds` says what a venue is drawn as, the same in all pairs."""
    chart = columns(
        f"{pair.token_in} given by day and venue, for {pair.token_out}",
        [_filled(when, pair.by_venue.get(when, {}), kinds) for when in span],
        level=_short,
    )
    legend = [(kind, venue) for venue, kind in kinds.items() if venue in pair.venues]
    return _figure(f"Filled by day, {pair.token_in}", chart, legend)


def _cost(when: date, row: Execution | None) -> Column:
    if row is None or row.cost is None:
        return Column(texts.day(when), ())
    values = {part: getattr(row.cost, f"{part}_bps") for part in PARTS}
    lines = [f"{texts.day(when, year=True)}: {texts.bps(row.cost.total_bps)} bps, {row.orders:,} orders"]
    lines += [f"{part} {texts.bps(value)}" for part, value in values.items()]
    parts = [Part(part, value) for part, value in values.items()]
    return Column(texts.day(when), parts, row.cost.total_bps, "\n".join(lines))


def _filled(when: date, rows: Mapping[str, Execution], kinds: Mapping[str, str]) -> Column:
    lines = [texts.day(when, year=True)]
    lines += [f"{venue}: {texts.quantity(rows[venue].amount_in)}" for venue in kinds if venue in rows]
    parts = [Part(kind, _whole(rows[venue].amount_in)) for venue, kind in kinds.items() if venue in rows]
    return Column(texts.day(when), parts, None, "\n".join(lines))


def _whole(amount: Amount) -> float:
    return float(amount.raw if amount.decimals is None else amount.ui)


def _short(value: float) -> str:
    for power, sign in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if value >= power:
            return f"{value / power:g}{sign}"
    return f"{value:g}"


def _figure(caption: str, chart: str, legend: Sequence[tuple[str, str]]) -> str:
    keys = "".join(f'<li><i class="{kind}"></i>{escape(name)}</li>' for kind, name in legend)
    return f"<figure><figcaption>{escape(caption)}</figcaption>{chart}<ul>{keys}</ul></figure>"
