"""The commands about the account."""

from collections.abc import Sequence

from fillwire.account import Account, Webhook
from fillwire.cli.conditions import moment
from fillwire.cli.session import Output, Session
from fillwire.cli.tables import Column, draw, draw_facts
from fillwire.status import Status

__all__ = ["account", "create_webhook", "delete_webhook", "update_webhook", "webhooks"]

_WEBHOOKS = (
    Column("WEBHOOK"),
    Column("URL"),
    Column("ON"),
    Column("EVENTS", spare=True),
    Column("FAILURES", number=True),
    Column("TRIED AGAIN", spare=True),
    Column("TROUBLE"),
)


def account(session: Session) -> int:
    """Prints who the caller is and what it may do."""
    with session.client() as client:
        found = client.account()
    if session.output is Output.TABLE:
        draw_facts(session, _facts(found))
    else:
        session.print_document(found)
    return 0


def _facts(found: Account) -> list[tuple[str, str]]:
    return [
        ("account", found.account_id),
        ("key", found.key_id or "none is asked for"),
        ("may", ", ".join(scope.lower() for scope in found.scopes)),
        ("key ends", moment(found.expire_time) if found.expire_time else ""),
        ("orders a minute", _at_most(found.orders_per_minute)),
        ("open orders", _at_most(found.max_open_orders)),
        ("streams", _at_most(found.max_streams)),
        ("dead man's switch", moment(found.cancel_time) if found.cancel_time else "off"),
    ]


def _at_most(number: int | None) -> str:
    return "no limit" if number is None else f"at most {number}"


def webhooks(session: Session) -> int:
    """Prints the webhooks, oldest first."""
    with session.client() as client:
        found = client.webhooks()
    if session.output is Output.TABLE:
        draw(session, _WEBHOOKS, [_row(webhook) for webhook in found])
    else:
        session.print_documents(found)
    return 0


def _row(webhook: Webhook) -> tuple[str, ...]:
    return (
        webhook.webhook_id,
        webhook.url,
        "on" if webhook.enabled else "off",
        ", ".join(webhook.statuses) or "all",
        str(webhook.failures),
        moment(webhook.retry_time) if webhook.retry_time else "",
        webhook.last_error,
    )


def create_webhook(session: Session, url: str, statuses: Sequence[Status], cursor: str | None) -> int:
    """Makes a webhook, and prints it with its secret."""
    with session.client() as client:
        _print(session, client.create_webhook(url, statuses=statuses, cursor=cursor))
    return 0


def update_webhook(
    session: Session,
    webhook_id: str,
    *,
    url: str | None,
    enabled: bool | None,
    cursor: str | None,
    rotate_secret: bool,
) -> int:
    """Changes a webhook, and prints it."""
    with session.client() as client:
        changed = client.update_webhook(
            webhook_id, url=url, enabled=enabled, cursor=cursor, rotate_secret=rotate_secret
        )
    _print(session, changed)
    return 0


def delete_webhook(session: Session, webhook_id: str) -> int:
    """Ends a webhook."""
    with session.client() as client:
        client.delete_webhook(webhook_id)
    session.say(f"webhook {webhook_id} is gone")
    return 0


def _print(session: Session, webhook: Webhook) -> None:
    if session.output is not Output.TABLE:
        session.print_document(webhook)
        return
    facts = [
        ("webhook", webhook.webhook_id),
        ("url", webhook.url),
        ("delivers", "yes" if webhook.enabled else "no"),
        ("events", ", ".join(webhook.statuses) or "all"),
        ("secret", webhook.secret),
    ]
    draw_facts(session, facts)
    if webhook.secret:
        session.say("the secret is shown this once; verify_webhook of the SDK takes it")
