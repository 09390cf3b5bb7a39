"""The commands about the market: their arguments and their help."""

from typing import Annotated, cast

import typer

from fillwire.cli import market
from fillwire.cli import prices as live
from fillwire.cli.arguments import (
    All,
    Amount,
    Count,
    MaxHops,
    MaxLegs,
    NotVenues,
    TokenIn,
    TokenOut,
    Venues,
    given,
    limits,
    session_of,
    span,
)
from fillwire.terms import QuoteTerms

__all__ = ["pools", "prices", "quote", "tokens", "venues"]


def quote(
    context: typer.Context,
    token_in: TokenIn,
    token_out: TokenOut,
    amount: Amount,
    *,
    exact_out: Annotated[bool, typer.Option("--exact-out", help="AMOUNT is what to get, not what to give.")] = False,
    max_legs: MaxLegs = None,
    max_hops: MaxHops = None,
    venue: Venues = None,
    not_venue: NotVenues = None,
    every: All = False,
    stream: Annotated[bool, typer.Option("--stream", help="Show each change of it, one a line, without end.")] = False,
    interval: Annotated[
        float | None, typer.Option(parser=span, metavar="SPAN", help="With --stream: the least time between two.")
    ] = None,
    count: Count = None,
) -> int:
    """Print what AMOUNT would give or take now: the split, how good it is proven to be, and why each pool lost."""
    session, pair, give = session_of(context), (token_in, token_out), None if exact_out else amount
    asked = given(amount_out=amount if exact_out else None, **limits(max_legs, max_hops, venue, not_venue))
    terms = cast("QuoteTerms", asked)
    if stream:
        return live.stream_quotes(session, pair, give, terms, min_interval=interval, count=count)
    if count or interval:
        raise typer.BadParameter("--interval and --count go with --stream")
    return market.quote(session, pair, give, terms, fold=not every)


def prices(
    context: typer.Context,
    pairs: Annotated[list[str] | None, typer.Argument(metavar="[PAIR]...", help="SOL/USDC. Left out: all.")] = None,
    *,
    count: Count = None,
) -> int:
    """Show mid prices as they move, without end."""
    return live.prices(session_of(context), pairs or [], count)


def tokens(context: typer.Context) -> int:
    """Print the tokens that can be swapped."""
    return market.tokens(session_of(context))


def venues(context: typer.Context) -> int:
    """Print the venues, how they are, and what their quotes were worth."""
    return market.venues(session_of(context))


def pools(
    context: typer.Context,
    token_a: Annotated[str | None, typer.Argument(metavar="[TOKEN]", help="Only pools that hold it.")] = None,
    token_b: Annotated[str | None, typer.Argument(metavar="[TOKEN]", help="Only pools that hold it too.")] = None,
    *,
    venue: Annotated[str | None, typer.Option(help="Only pools of this venue.")] = None,
) -> int:
    """Print the pools as they are now."""
    return market.pools(session_of(context), (token_a, token_b), venue)
