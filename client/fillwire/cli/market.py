"""The commands about the market."""

from fillwire.cli.session import Output, Session
from fillwire.cli.story import short_price
from fillwire.cli.tables import Column, draw, draw_facts
from fillwire.market import Quote
from fillwire.route import Candidate, Leg, Route, Routing

__all__ = ["quote", "tokens", "venues"]

_POOLS = (
    Column("POOL"),
    Column("ALONE", number=True),
    Column("BEHIND BPS", number=True),
    Column("SHARE", number=True),
    Column("GIVES", number=True),
    Column("NOT USED"),
)
_TOKENS = (Column("TOKEN"), Column("NAME"), Column("DECIMALS", number=True), Column("MINT"))
_VENUES = (
    Column("VENUE"),
    Column("TITLE"),
    Column("POOLS", number=True),
    Column("TAKES ORDERS"),
    Column("EXACT OUT"),
)


def quote(session: Session, pair: tuple[str, str], amount: str, routing: Routing | None) -> int:
    """Prints what an amount would give: every pool, the split over them, and the proof of how good it is."""
    with session.client() as client:
        answer = client.quote(*pair, amount, routing=routing) if routing else client.quote(*pair, amount)
    if session.output is not Output.TABLE:
        session.print_document(answer)
        return 0
    draw(session, _POOLS, _pools(answer.route))
    session.print("")
    draw_facts(session, _proof(answer))
    return 0


def _pools(route: Route) -> list[tuple[str, ...]]:
    """A row for each pool that was asked, best first, and for each leg through another one."""
    legs = {(leg.venue, leg.pool): leg for leg in route.legs}
    best_first = sorted(route.candidates, key=lambda pool: -pool.amount_out.raw if pool.amount_out else 1)
    rows: list[tuple[str, ...]] = [
        (
            _place(pool),
            str(pool.amount_out or "-"),
            f"{pool.behind_bps:.2f}" if pool.amount_out else "-",
            *_share(legs.pop((pool.venue, pool.pool), None)),
            pool.reason,
        )
        for pool in best_first
    ]
    return rows + [(_place(leg), "-", "-", *_share(leg), "") for leg in legs.values()]


def _place(at: Leg | Candidate) -> str:
    return at.pool if at.pool.startswith(at.venue) else f"{at.venue} {at.pool}"


def _share(leg: Leg | None) -> tuple[str, str]:
    return (f"{leg.share_bps / 100:.2f} %", str(leg.amount_out)) if leg else ("", "")


def _proof(answer: Quote) -> list[tuple[str, str]]:
    route = answer.route
    return [
        ("gives", f"{route.amount_out} for {route.amount_in}"),
        ("price", f"{short_price(answer.price)}, mid {short_price(answer.mid_price or route.mid_price)}"),
        ("price impact", f"{route.price_impact_bps:.2f} bps"),
        ("best pool alone", str(route.best_single_amount_out or "none can take it alone")),
        ("never more than", f"{route.upper_bound}; the route is {route.gap_bps:.4f} bps below"),
        ("good until", f"{answer.expire_time:%H:%M:%S.%f} UTC" if answer.expire_time else ""),
        ("quote id", answer.quote_id),
    ]


def tokens(session: Session) -> int:
    """Prints the tokens that can be swapped."""
    with session.client() as client:
        found = client.tokens()
    if session.output is Output.TABLE:
        draw(session, _TOKENS, [(token.symbol, token.name, str(token.decimals), token.mint) for token in found])
    else:
        session.print_documents(found)
    return 0


def venues(session: Session) -> int:
    """Prints the venues and how they are."""
    with session.client() as client:
        found = client.venues()
    if session.output is not Output.TABLE:
        session.print_documents(found)
        return 0
    rows = [
        (
            venue.name,
            venue.title,
            str(venue.pool_count),
            "yes" if venue.available else f"no: {venue.reason}",
            "yes" if venue.exact_out else "no",
        )
        for venue in found
    ]
    draw(session, _VENUES, rows)
    return 0
