"""What differs between the routes of two attempts: why the second one is another."""

from collections.abc import Iterator

from fillwire.amount import Amount
from fillwire.cli.story import place, short_price
from fillwire.route import Leg, Route

__all__ = ["changes"]


def changes(before: Route, after: Route) -> list[tuple[str, str]]:
    """The facts that changed, each with its old and its new value; one that did not has no value."""
    shifts = list(_shifts(before, after)) or ["the same split"]
    return [
        ("pools read", f"{after.slot - before.slot} slots later"),
        ("mid price", _mid(before, after)),
        ("quote", _quote(before, after)),
        *(("" if number else "split", shift) for number, shift in enumerate(shifts)),
    ]


def _quote(before: Route, after: Route) -> str:
    old, new = _open_side(before), _open_side(after)
    return f"{old} -> {new}, {_bps(old.raw, new.raw)}" if old != new else ""


def _open_side(route: Route) -> Amount:
    """The amount that the order did not fix."""
    return route.amount_in if route.exact_out else route.amount_out


def _mid(before: Route, after: Route) -> str:
    old, new = before.mid_price, after.mid_price
    if old is None or new is None or old == new:
        return ""
    return f"{short_price(old)} -> {short_price(new)}, {_bps(float(old), float(new))}"


def _bps(before: float, after: float) -> str:
    return f"{(after / before - 1) * 10_000:+.2f} bps" if before else ""


def _shifts(before: Route, after: Route) -> Iterator[str]:
    """A line for each pool that has another share than before."""
    old, new = (_shares(route) for route in (before, after))
    reasons = {place(pool): pool.reason for pool in after.candidates}
    for name in dict.fromkeys([*old, *new]):
        if name not in new:
            reason = f": {reasons[name]}" if reasons.get(name) else ""
            yield f"{name} {old[name]} -> nothing{reason}"
        elif old.get(name) != new[name]:
            yield f"{name} {old.get(name, 'nothing')} -> {new[name]}"


def _shares(route: Route) -> dict[str, str]:
    def share(leg: Leg) -> str:
        return f"{leg.share_bps / 100:.2f} %"

    return {place(leg): share(leg) for leg in route.legs}
