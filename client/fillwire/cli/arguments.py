"""Arguments that several commands have, and how they are read."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeVar

import typer

from fillwire.cli import times
from fillwire.cli.session import Session
from fillwire.status import Kind, Status

__all__ = [
    "All", "Amount", "Count", "Kinds", "MaxHops", "MaxLegs", "NotVenues", "OrderId", "Statuses", "TokenIn", "TokenOut",
    "Venues", "given", "limits", "parsed", "session_of", "span", "time",
]  # fmt: skip

T = TypeVar("T")


def parsed(parse: Callable[[str], T], text: str) -> T:
    """What `parse` makes of a parameter; its `ValueError` becomes one of Typer's."""
    try:
        return parse(text)
    except ValueError as error:
        # Typer would keep the value and drop what is wrong with it.
        raise typer.BadParameter(str(error)) from None


def span(text: str) -> float:
    """Seconds, for a parameter."""
    return parsed(times.seconds, text)


def time(text: str) -> datetime:
    """A moment, for a parameter."""
    return parsed(times.moment, text)


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
Statuses = Annotated[
    list[Status] | None, typer.Option("--status", case_sensitive=False, help="Only those in it; may be repeated.")
]
Kinds = Annotated[
    list[Kind] | None, typer.Option("--type", case_sensitive=False, help="Only this type; may be repeated.")
]
Count = Annotated[int | None, typer.Option("--count", "-n", min=1, help="End after so many.")]
All = Annotated[bool, typer.Option("--all", help="Show every pool that was considered.")]


def session_of(context: typer.Context) -> Session:
    """What the shared options said."""
    return context.ensure_object(Session)


def given(**options: object) -> dict[str, object]:
    """The options that were given."""
    return {name: value for name, value in options.items() if value is not None}


def limits(
    max_legs: int | None, max_hops: int | None, venues: list[str] | None, not_venues: list[str] | None
) -> dict[str, object]:
    """The limits of a route that were given, as the SDK names them."""
    return given(
        max_legs=max_legs,
        max_hops=max_hops,
        include_venues=venues or None,
        exclude_venues=not_venues or None,
    )
