"""The page: what all executions cost, then each pair with its pictures and its venues."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from html import escape
from importlib.resources import files
from typing import Final

from fillwire.execution import ExecutionReport
from fillwire.report import texts
from fillwire.report.charts import cost_by_day, filled_by_day
from fillwire.report.figures import PARTS, Pair, Sums, days, mean, pairs, venues

__all__ = ["page"]

_LAST_COLOUR: Final = 7
_NOTHING: Final = '<p class="empty">No order was confirmed in this time.</p>'
_VENUE: Final = ("Venue", "Orders", "Given", "Got", "Share", "Fee bps", "Slippage bps")
_MEANING: Final = """
<footer>
<p><b>Cost</b> is what was missing of the worth of the whole amount at the mid price when the order arrived (accepted,
or fired), in basis points: <b>drift</b> until it was quoted, venues' <b>fees</b>, the price <b>impact</b> of the amount
itself, and <b>slippage</b> between the quote and the landing; they add up to the total. Negative is a gain.
<b>Saved</b> is how much better the route's quote was than the best one for the whole amount of a venue it did not use.
Costs are means weighted by what was given. A TWAP order counts as its child orders. Days are in UTC.</p>
</footer>
"""


def page(report: ExecutionReport, *, made_at: datetime) -> str:
    """The whole page; `made_at` is aware."""
    found, span = pairs(report), days(report)
    # A venue has its colour on the whole page; beyond the last one they share it.
    kinds = {venue: f"venue-{min(place, _LAST_COLOUR)}" for place, venue in enumerate(venues(report))}
    body = [_head(span, made_at)]
    if found:
        wholes = [one for one in found if one.whole]
        body += [_tiles(found), _overview(wholes), *(_pair(one, span, kinds) for one in wholes)]
        body += [_parts([one for one in found if not one.whole], kinds), _MEANING]
    else:
        body.append(_NOTHING)
    style = files(__package__).joinpath("style.css").read_text("utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>Execution report</title>\n'
        f"<style>\n{style}</style>\n</head>\n<body>\n<main>\n" + "\n".join(body) + "\n</main>\n</body>\n</html>\n"
    )


def _head(span: Sequence[date], made_at: datetime) -> str:
    said = "nothing to tell"
    if span:
        first, last = texts.day(span[0], year=span[0].year != span[-1].year), texts.day(span[-1], year=True)
        said = last if len(span) == 1 else f"{first} \u2013 {last}"
    made = f"{made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"<header><h1>Execution report</h1><p>{said} <span>made {made}</span></p></header>"


def _tiles(found: Sequence[Pair]) -> str:
    wholes = [one.whole for one in found if one.whole]
    costs = [(one.cost, one.orders) for one in wholes if one.cost]
    total = mean((cost["total"], orders) for cost, orders in costs)
    saved = mean((cost["saved"], orders) for cost, orders in costs)
    seconds = mean((one.mean_time.total_seconds(), one.orders) for one in wholes if one.mean_time)
    tiles = [
        ("Orders confirmed", f"{sum(one.orders for one in wholes):,}", ""),
        ("Cost of an order", *_measure(total)),
        ("Saved against the next venue", *_measure(saved)),
        ("Time to confirmation", *(("\u2013", "") if seconds is None else texts.time(seconds))),
    ]
    told = "".join(f"<div><dt>{name}</dt><dd>{value}<small>{unit}</small></dd></div>" for name, value, unit in tiles)
    return f'<dl class="tiles">{told}</dl>'


def _measure(bps: float | None) -> tuple[str, str]:
    return ("\u2013", "") if bps is None else (texts.bps(bps), "bps")


def _overview(found: Sequence[Pair]) -> str:
    """All pairs that whole orders traded, a line each."""
    heads = ["Pair", "Orders", "Given", "Got", "Total", *(part.capitalize() for part in PARTS), "Saved", "Time"]
    lines = [
        [_name(one), f"{one.whole.orders:,}", *_amounts(one.whole), *_costs(one.whole), _time(one.whole)]
        for one in found
        if one.whole
    ]
    return f'<section class="card"><h2>Pairs <small>costs in bps</small></h2>{_table(heads, lines)}</section>'


def _pair(one: Pair, span: Sequence[date], kinds: Mapping[str, str]) -> str:
    charts = [cost_by_day(one, span)] if one.whole and one.whole.cost else []
    charts += [filled_by_day(one, span, kinds)] if one.venues else []
    table = _table(_VENUE, _venues(one, kinds)) if one.venues else ""
    return f'<section class="card"><h2>{_name(one)}</h2><div class="charts">{"".join(charts)}</div>{table}</section>'


def _parts(found: Sequence[Pair], kinds: Mapping[str, str]) -> str:
    """The pairs that were traded on the way only, all in one table."""
    if not found:
        return ""
    lines = [[_name(one), *line] for one in found for line in _venues(one, kinds)]
    return f'<section class="card"><h2>Parts of longer routes</h2>{_table(["Pair", *_VENUE], lines)}</section>'


def _venues(one: Pair, kinds: Mapping[str, str]) -> Iterator[Sequence[str]]:
    everything = sum(venue.amount_in.raw for venue in one.venues.values())
    for name, sums in one.venues.items():
        yield [
            f'<i class="{kinds[name]}"></i>{escape(name)}',
            f"{sums.orders:,}",
            *_amounts(sums),
            texts.share(sums.amount_in.raw, everything),
            *(texts.bps(sums.cost[part]) if sums.cost else "\u2013" for part in ("fee", "slippage")),
        ]


def _name(one: Pair) -> str:
    return f"{escape(one.token_in)} <span>\u2192</span> {escape(one.token_out)}"


def _amounts(sums: Sums) -> Iterator[str]:
    for amount in (sums.amount_in, sums.amount_out):
        yield f"{texts.quantity(amount)} <small>{escape(amount.token)}</small>"


def _costs(sums: Sums) -> Iterator[str]:
    for name in ("total", *PARTS, "saved"):
        yield "\u2013" if sums.cost is None else texts.bps(sums.cost[name])


def _time(sums: Sums) -> str:
    return (
        "\u2013"
        if sums.mean_time is None
        else "{} <small>{}</small>".format(*texts.time(sums.mean_time.total_seconds()))
    )


def _table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th class="{one.split()[0].lower()}">{one}</th>' for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
