"""The pools that were considered for a route, and why each of them lost."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from fillwire.cli.pen import Pen
from fillwire.cli.story import place
from fillwire.cli.tables import Column, lay_out
from fillwire.route import Candidate, Route

__all__ = ["lay_out_candidates"]

_FOLDED: Final = 8
"""How many losers a folded list shows."""

_REASONS: Final = {
    "max_legs": "it would gain, but others gain more and a route has only so many legs",
    "leg_cost": "it would gain less than a leg costs",
    "dust": "it would gain next to nothing",
    "outpriced": "its first unit is dearer than the last one of the legs",
    "insufficient_liquidity": "it holds too little even for a share",
    "excluded": "the request leaves its venue out",
}
"""What the engine's reasons mean, the closest loser first."""


def lay_out_candidates(pen: Pen, route: Route, *, fold: bool) -> list[str]:
    """A row for each pool: the used ones first, then by reason, the least behind first; and what the reasons mean."""
    ordered = sorted(route.candidates, key=lambda pool: _rank(route, pool))
    shown, folded = _fold(ordered) if fold else (ordered, [])
    verb, token = ("TAKES", route.amount_in.token) if route.exact_out else ("GIVES", route.amount_out.token)
    columns = (
        Column("POOL"),
        Column("PAIR", spare=True),
        Column(f"ALONE {verb} {token}", number=True),
        Column("BEHIND BPS", number=True),
        *([Column("HAIRCUT BPS", number=True)] if _any_haircut(route) else []),
        Column("VERDICT"),
    )
    rows = [_row(pen, route, pool) for pool in shown]
    return [*lay_out(pen, columns, rows), *_told(pen, folded), *_meanings(pen, shown)]


def _rank(route: Route, pool: Candidate) -> tuple[bool, int, bool, float, str]:
    reasons = list(_REASONS)
    reason = reasons.index(pool.reason) if pool.reason in _REASONS else len(reasons)
    return not pool.used, reason, route.alone(pool) is None, pool.behind_bps, place(pool)


def _fold(ordered: Sequence[Candidate]) -> tuple[Sequence[Candidate], Sequence[Candidate]]:
    """What is shown and what is not; one row is never folded, for the line that tells of it is as long."""
    end = sum(pool.used for pool in ordered) + _FOLDED
    return (ordered[:end], ordered[end:]) if len(ordered) > end + 1 else (ordered, [])


def _any_haircut(route: Route) -> bool:
    return any(pool.haircut_bps for pool in route.candidates)


def _row(pen: Pen, route: Route, pool: Candidate) -> list[str]:
    alone = route.alone(pool)
    cells = [
        place(pool),
        f"{pool.token_in} -> {pool.token_out}",
        "-" if alone is None else str(alone).removesuffix(f" {alone.token}"),
        "-" if alone is None else f"{pool.behind_bps:.2f}",
        *([f"{pool.haircut_bps:.2f}"] if _any_haircut(route) else []),
        "used" if pool.used else pool.reason,
    ]
    return cells if pool.used else [pen.dim(cell) for cell in cells]


def _told(pen: Pen, folded: Sequence[Candidate]) -> list[str]:
    """How many pools a folded list leaves out, and why those lost."""
    if not folded:
        return []
    counts = Counter(pool.reason for pool in folded)
    reasons = ", ".join(f"{count} {reason}" for reason, count in counts.items())
    return [pen.dim(f"and {len(folded)} more ({reasons}); --all shows them")]


def _meanings(pen: Pen, shown: Iterable[Candidate]) -> list[str]:
    """The meaning of each reason that is shown, once."""
    reasons = dict.fromkeys(pool.reason for pool in shown if pool.reason in _REASONS)
    return [pen.dim(f"{reason}: {_REASONS[reason]}") for reason in reasons]
