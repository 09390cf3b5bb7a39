"""Draws a route as bars: one for each leg, forked at each token that is sold.

    SOL ─┬─  62.00 %  ████████████████▏           raydium_cpmm ─→ USDC
         └─  38.00 %  █████████▉                  meteora_dlmm ─→ JUP
    JUP ─── 100.00 %  ██████████████████████████  raydium_clmm ─→ USDC

The bar of a leg is as long as its share of what the route sells of that token.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from fillwire.cli.pen import Glyphs, Pen, Style, pad
from fillwire.route import Leg, Route

__all__ = ["bars", "forks", "percent"]

_LEAST: Final = 10
_GREATEST: Final = 40
"""Columns of the bar of a leg that takes all."""


@dataclass(frozen=True, slots=True)
class _Row:
    head: str
    fork: str
    leg: Leg
    name: str


def bars(pen: Pen, route: Route, name: Callable[[Leg], str]) -> list[str]:
    """A line for each leg; they are wider than the terminal where even the shortest bars do not fit."""
    rows = list(_rows(pen.glyphs, route, name))
    heads = max((len(row.head) for row in rows), default=0)
    names = max((len(row.name) for row in rows), default=0)
    tokens = max((len(row.leg.amount_out.token) for row in rows), default=0)
    others = heads + names + tokens + len(" --- 100.00 %     -> ")
    bar = min(max(pen.width - others, _LEAST), _GREATEST)
    return [
        f"{row.head.ljust(heads)} {pen.dim(row.fork)} {percent(pen, row.leg)}  {_bar(pen, row.leg, bar)}  "
        f"{row.name.ljust(names)} {pen.dim(pen.glyphs.arrow)} {row.leg.amount_out.token}"
        for row in rows
    ]


def _rows(glyphs: Glyphs, route: Route, name: Callable[[Leg], str]) -> Iterator[_Row]:
    sold: dict[str, list[Leg]] = {}
    for leg in route.legs:
        sold.setdefault(leg.amount_in.token, []).append(leg)
    for token, legs in sold.items():
        for number, (leg, fork) in enumerate(zip(legs, forks(glyphs, len(legs)), strict=True)):
            yield _Row("" if number else token, fork, leg, name(leg))


def forks(glyphs: Glyphs, branches: int) -> list[str]:
    """The strokes before each of so many branches."""
    if branches == 1:
        return [glyphs.single]
    return [glyphs.first, *[glyphs.middle] * (branches - 2), glyphs.last]


def percent(pen: Pen, leg: Leg) -> str:
    """The leg's share of what the route sells of its token."""
    return pen.bold(f"{leg.share_bps / 100:>6.2f} %")


def _bar(pen: Pen, leg: Leg, width: int) -> str:
    parts = pen.glyphs.bar
    # Whoever takes part is seen.
    filled = max(round(leg.share_bps / 10_000 * width * len(parts)), 1)
    whole, rest = divmod(filled, len(parts))
    drawn = parts[-1] * whole + (parts[rest - 1] if rest else "")
    return pad(pen.paint(drawn, Style.CYAN), width)
