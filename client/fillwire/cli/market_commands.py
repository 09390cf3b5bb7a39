"""The commands about the market: their arguments and their help."""

from typing import Annotated, cast

import typer

from fillwire.cli import market
from fillwire.cli.arguments import (
    All,
    Amount,
    MaxHops,
    MaxLegs,
    NotVenues,
    TokenIn,
    TokenOut,
    Venues,
    limits,
    session_of,
)
from fillwire.terms import QuoteTerms

__all__ = ["pools", "quote", "tokens", "venues"]


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
) -> int:
    """Print what AMOUNT would give or take now: the split, how good it is proven to be, and why each pool lost."""
    given = {"amount_out": amount if exact_out else None, **limits(max_legs, max_hops, venue, not_venue)}
    terms = cast("QuoteTerms", {name: value for name, value in given.items() if value is not None})
    return market.quote(
        session_of(context), (token_in, token_out), None if exact_out else amount, terms, fold=not every
    )


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
