"""The commands about the market."""

from fillwire.cli.routes import lay_out_route, proof
from fillwire.cli.session import Output, Session
from fillwire.cli.story import place, short_price
from fillwire.cli.tables import Column, draw, lay_out_facts
from fillwire.market import Pool, Quote, Venue, VenueScore
from fillwire.terms import QuoteTerms

__all__ = ["pools", "quote", "tokens", "venues"]

_TOKENS = (Column("TOKEN"), Column("NAME"), Column("DECIMALS", number=True), Column("MINT"))
_VENUES = (
    Column("VENUE"),
    Column("TITLE", spare=True),
    Column("POOLS", number=True),
    Column("TAKES ORDERS"),
    Column("EXACT OUT", spare=True),
    Column("HAIRCUT BPS", number=True),
    Column("FILL BPS", number=True),
    Column("REJECTED", number=True),
    Column("LANDS IN", number=True),
    Column("SAMPLES", number=True, spare=True),
)
_POOLS = (
    Column("POOL"),
    Column("PAIR", spare=True),
    Column("PRICE", number=True),
    Column("FEE BPS", number=True),
    Column("HOLDS", number=True),
    Column("AND", number=True),
    Column("SLOT", number=True, spare=True),
)


def quote(session: Session, pair: tuple[str, str], amount_in: str | None, terms: QuoteTerms, *, fold: bool) -> int:
    """Prints what an amount would give or take: the proof of how good that is, the legs, and every pool that lost."""
    with session.client() as client:
        answer = client.quote(*pair, amount_in, **terms)
    if session.output is not Output.TABLE:
        session.print_document(answer)
        return 0
    pen = session.pen()
    facts = proof(pen, answer.route)
    session.print_lines(lay_out_facts([facts[0], _price(answer), *facts[1:], *_validity(answer)]))
    session.print("")
    session.print_lines(lay_out_route(pen, answer.route, fold=fold))
    return 0


def _price(answer: Quote) -> tuple[str, str]:
    price, mid = short_price(answer.price), short_price(answer.mid_price or answer.route.mid_price)
    return "price", f"{price} {answer.token_out} per {answer.token_in}, mid {mid}"


def _validity(answer: Quote) -> list[tuple[str, str]]:
    return [
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
    """Prints the venues, how they are, and how they have treated the engine's orders."""
    with session.client() as client:
        found = client.venues()
    if session.output is not Output.TABLE:
        session.print_documents(found)
        return 0
    draw(session, _VENUES, [_venue(venue) for venue in found])
    if any(venue.score and venue.score.haircut_bps and not venue.score.applied for venue in found):
        session.say("the haircuts in brackets are switched off")
    return 0


def _venue(venue: Venue) -> tuple[str, ...]:
    return (
        venue.name,
        venue.title,
        str(venue.pool_count),
        "yes" if venue.available else f"no: {venue.reason}",
        "yes" if venue.exact_out else "no",
        *_score(venue.score),
    )


def _score(score: VenueScore | None) -> tuple[str, ...]:
    if score is None:
        return ("-",) * 5
    haircut = f"{score.haircut_bps:.2f}"
    return (
        haircut if score.applied else f"({haircut})",
        f"{score.fill_error_bps:+.2f}",
        f"{score.reject_rate * 100:.2f} %",
        f"{score.latency.total_seconds():.3f} s",
        f"{score.samples:.1f}",
    )


def pools(session: Session, pair: tuple[str | None, str | None], venue: str | None) -> int:
    """Prints the pools as they are now."""
    with session.client() as client:
        found = client.pools(*pair, venue=venue)
    if session.output is Output.TABLE:
        draw(session, _POOLS, [_pool(pool) for pool in found])
    else:
        session.print_documents(found)
    return 0


def _pool(pool: Pool) -> tuple[str, ...]:
    return (
        place(pool),
        f"{pool.token_a}/{pool.token_b}",
        short_price(pool.price),
        f"{pool.fee_bps:.2f}",
        str(pool.reserve_a),
        str(pool.reserve_b),
        str(pool.slot),
    )
