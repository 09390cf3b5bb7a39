"""The picture of a route: what flows through which pool."""

from fillwire.cli.bars import bars
from fillwire.cli.flow import flow
from fillwire.cli.pen import Pen, visible
from fillwire.cli.story import place
from fillwire.route import Leg, Route

__all__ = ["picture"]


def picture(pen: Pen, route: Route) -> list[str]:
    """The flow of a route with hops where the terminal is wide enough for it, else a bar for each leg."""
    names = (place, _venue)
    if len({leg.amount_in.token for leg in route.legs}) > 1:
        for drawn in (flow(pen, route, name) for name in names):
            if drawn and _width(drawn) <= pen.width:
                return drawn
    by_pool, by_venue = (bars(pen, route, name) for name in names)
    return by_pool if _width(by_pool) <= pen.width else by_venue


def _venue(leg: Leg) -> str:
    return leg.venue


def _width(lines: list[str]) -> int:
    return max(map(visible, lines), default=0)
