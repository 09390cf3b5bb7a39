"""The client's commands, in the order in which help lists them."""

from collections.abc import Callable
from typing import Final

import typer

from fillwire.cli import market_commands, order_commands
from fillwire.cli.arguments import session_of

__all__ = ["ALL"]


def doctor(context: typer.Context) -> int:
    """Look at the way to the engine, its health and its stores, and say what mends each fault."""
    # Not at the top: it loads gRPC, for which the help of any command would wait.
    from fillwire.cli.doctor import doctor  # noqa: PLC0415

    return doctor(session_of(context))


ALL: Final[tuple[tuple[str, Callable[..., int]], ...]] = (
    ("submit", order_commands.submit),
    ("watch", order_commands.watch),
    ("get", order_commands.get),
    ("list", order_commands.list_),
    ("explain", order_commands.explain),
    ("quote", market_commands.quote),
    ("tokens", market_commands.tokens),
    ("venues", market_commands.venues),
    ("pools", market_commands.pools),
    ("doctor", doctor),
)
