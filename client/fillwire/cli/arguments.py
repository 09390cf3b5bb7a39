"""Arguments that several commands have, and how they are read."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeVar

import typer

from fillwire.cli import times

__all__ = ["Amount", "MaxLegs", "OrderId", "TokenIn", "TokenOut", "span", "time"]

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
