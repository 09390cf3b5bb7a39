"""The commands about the account: their arguments and their help."""

from typing import Annotated, Final

import typer

from fillwire.cli import account as accounts
from fillwire.cli.arguments import Statuses, session_of

__all__ = ["WEBHOOKS", "account"]

WebhookId = Annotated[str, typer.Argument(metavar="WEBHOOK_ID", show_default=False)]
Cursor = Annotated[str | None, typer.Option(help="As of `watch --all`: deliver what came after it.")]


def account(context: typer.Context) -> int:
    """Print whose token this is, what it allows, and the account's limits."""
    return accounts.account(session_of(context))


def webhooks(context: typer.Context) -> int:
    """Print the account's webhooks and how their deliveries stand; or make, change and end one."""
    return 0 if context.invoked_subcommand else accounts.webhooks(session_of(context))


def create(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="An https address.", show_default=False)],
    *,
    status: Statuses = None,
    cursor: Cursor = None,
) -> int:
    """Have every event posted to URL, signed; the secret is shown this once."""
    return accounts.create_webhook(session_of(context), url, status or [], cursor)


def update(
    context: typer.Context,
    webhook_id: WebhookId,
    *,
    url: Annotated[str | None, typer.Option(help="The new address.")] = None,
    on: Annotated[bool | None, typer.Option("--on/--off", help="Whether it delivers.", show_default=False)] = None,
    cursor: Cursor = None,
    rotate_secret: Annotated[bool, typer.Option("--rotate-secret", help="Make a new secret and show it.")] = False,
) -> int:
    """Change a webhook; what is not given stays as it is."""
    return accounts.update_webhook(
        session_of(context), webhook_id, url=url, enabled=on, cursor=cursor, rotate_secret=rotate_secret
    )


def delete(context: typer.Context, webhook_id: WebhookId) -> int:
    """End a webhook."""
    return accounts.delete_webhook(session_of(context), webhook_id)


WEBHOOKS: Final = typer.Typer(invoke_without_command=True, callback=webhooks, rich_markup_mode=None)
for _command in (create, update, delete):
    WEBHOOKS.command()(_command)
