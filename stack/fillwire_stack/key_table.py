"""API keys, as an operator reads them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from fillwire_orders.keys import Key

__all__ = ["facts", "table"]

_COLUMNS: Final = ("key", "account", "scopes", "state", "created", "expires", "last used", "name")


def facts(key: Key) -> dict[str, str | list[str] | None]:
    """All that may be shown of a key."""
    return {
        "key": key.id,
        "account": key.account_id,
        "scopes": list(key.scopes),
        "state": _state(key),
        "created": _moment(key.created_at),
        "expires": _moment(key.expires_at),
        "last_used": _moment(key.last_used_at),
        "name": key.name,
    }


def table(keys: Sequence[Key]) -> Iterator[str]:
    """A line for each, below one that says what is what."""
    rows = [_COLUMNS, *([_cell(fact) for fact in facts(key).values()] for key in keys)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _state(key: Key) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.seconds_left is not None and key.seconds_left <= 0 else "good"


def _cell(fact: str | list[str] | None) -> str:
    return ",".join(fact) if isinstance(fact, list) else fact or "-"


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")
