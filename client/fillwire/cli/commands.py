"""The client's commands, in the order in which help lists them."""

from collections.abc import Callable
from typing import Final

import typer

from fillwire.cli import account_commands, change_commands, market_commands, order_commands, submit_command
from fillwire.cli.arguments import session_of
from fillwire.cli.report import report

__all__ = ["ALL", "GROUPS"]


def doctor(context: typer.Context) -> int:
    """Look at the way to the engine, its health and its stores, and say what mends each fault."""
    # Not at the top: it loads gRPC, for which the help of any command would wait.
    from fillwire.cli.doctor import doctor  # noqa: PLC0415

    return doctor(session_of(context))


ALL: Final[tuple[tuple[str, Callable[..., int]], ...]] = (
    ("submit", submit_command.submit),
    ("watch", order_commands.watch),
    ("get", order_commands.get),
    ("list", order_commands.list_),
    ("explain", order_commands.explain),
    ("cancel", change_commands.cancel),
    ("cancel-all", change_commands.cancel_all),
    ("replace", change_commands.replace),
    ("dead-man", change_commands.dead_man),
    ("quote", market_commands.quote),
    ("prices", market_commands.prices),
    ("tokens", market_commands.tokens),
    ("venues", market_commands.venues),
    ("pools", market_commands.pools),
    ("account", account_commands.account),
    ("report", report),
    ("doctor", doctor),
)

GROUPS: Final[tuple[tuple[str, typer.Typer], ...]] = (("webhooks", account_commands.WEBHOOKS),)
"""Commands that have commands of their own."""
