"""A route for people: what it gives and how good that is proven to be, its legs, and the pools that lost."""

from fillwire.cli.candidates import lay_out_candidates
from fillwire.cli.pen import Pen
from fillwire.cli.picture import picture
from fillwire.cli.story import place
from fillwire.cli.tables import Column, lay_out
from fillwire.route import Leg, Route

__all__ = ["lay_out_route", "proof"]

_LEGS = (
    Column("LEG"),
    Column("PAIR", spare=True),
    Column("SHARE", number=True),
    Column("IN", number=True),
    Column("OUT", number=True),
    Column("FEE BPS", number=True),
)


def proof(pen: Pen, route: Route) -> list[tuple[str, str]]:
    """What the route gives, what the best pool alone would, and what no route can."""
    return [
        ("takes" if route.exact_out else "gives", pen.bold(_result(route))),
        ("price impact", f"{route.price_impact_bps:.2f} bps"),
        *_comparison(route),
        _bound(route),
        ("routed in", f"{route.router_micros} {pen.glyphs.micro}s, on the pools of slot {route.slot}"),
    ]


def _result(route: Route) -> str:
    if route.exact_out:
        return f"{route.amount_in} for {route.amount_out}"
    return f"{route.amount_out} for {route.amount_in}"


def _comparison(route: Route) -> list[tuple[str, str]]:
    """The best single pool, and what is gained on it."""
    if route.best_single is None:
        return [("best pool alone", "none can fill it alone")]
    best = next((place(pool) for pool in route.candidates if route.alone(pool) == route.best_single), "")
    gain = route.improvement_bps
    return [
        ("best pool alone", f"{route.best_single}, {best}" if best else str(route.best_single)),
        ("gained on it", "" if gain is None else f"{gain:.2f} bps"),
    ]


def _bound(route: Route) -> tuple[str, str]:
    name, side = ("never less than", "above") if route.exact_out else ("never more than", "below")
    return name, f"{route.bound}; the route is {route.gap_bps:.4f} bps {side}"


def lay_out_route(pen: Pen, route: Route, *, fold: bool) -> list[str]:
    """The legs, their picture and all pools that were considered; `fold` leaves most of the losers out."""
    legs = lay_out(pen, _LEGS, [_row(leg) for leg in route.legs])
    lost = ["", *lay_out_candidates(pen, route, fold=fold)] if route.candidates else []
    return [*legs, "", *picture(pen, route), *lost]


def _row(leg: Leg) -> tuple[str, ...]:
    return (
        place(leg),
        f"{leg.amount_in.token} -> {leg.amount_out.token}",
        f"{leg.share_bps / 100:.2f} %",
        str(leg.amount_in),
        str(leg.amount_out),
        f"{leg.fee_bps:.2f}",
    )
