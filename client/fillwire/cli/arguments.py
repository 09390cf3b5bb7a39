"""Arguments that several commands have, and how they are read."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeVar

import typer

from fillwire.cli import times
from fillwire.cli.session import Session

__all__ = [
    "All", "Amount", "MaxHops", "MaxLegs", "NotVenues", "OrderId", "TokenIn", "TokenOut", "Venues", "limits",
    "session_of", "span", "time",
]  # fmt: skip

T = TypeVar("T")


def _parsed(parse: Callable[[str], T], text: str) -> T:
    try:
        return parse(text)
    except ValueError as error:
        # Typer would keep the value and drop what is wrong with it.
        raise typer.BadParameter(str(error)) from None


def span(text: str) -> float:
    """Seconds, for a parameter."""
    return _parsed(times.seconds, text)


def time(text: str) -> datetime:
    """A moment, for a parameter."""
    return _parsed(times.moment, text)


TokenIn = Annotated[
    str, typer.Argument(metavar="TOKEN_IN", help="The token to give: symbol or mint.", show_default=False)
]
TokenOut = Annotated[
    str, typer.Argument(metavar="TOKEN_OUT", help="The token to get: symbol or mint.", show_default=False)
]
Amount = Annotated[
    str, typer.Argument(metavar="AMOUNT", help="How much to give, in whole tokens: 1.5.", show_default=False)
]
OrderId = Annotated[str, typer.Argument(metavar="ORDER_ID", help="The order's id.", show_default=False)]
MaxLegs = Annotated[int | None, typer.Option(help="The most pools to split over.")]
MaxHops = Annotated[int | None, typer.Option(help="The most swaps one after the other.")]
Venues = Annotated[list[str] | None, typer.Option("--venue", metavar="VENUE", help="Only this venue; may be repeated.")]
NotVenues = Annotated[
    list[str] | None, typer.Option("--not-venue", metavar="VENUE", help="Not this venue; may be repeated.")
]
All = Annotated[bool, typer.Option("--all", help="Show every pool that was considered.")]


def session_of(context: typer.Context) -> Session:
    """What the shared options said."""
    return context.ensure_object(Session)


def limits(
    max_legs: int | None, max_hops: int | None, venues: list[str] | None, not_venues: list[str] | None
) -> dict[str, object]:
    """The limits of a route as the SDK names them; `None`: not given."""
    return {
        "max_legs": max_legs,
        "max_hops": max_hops,
        "include_venues": venues or None,
        "exclude_venues": not_venues or None,
    }
