"""The chain of hashes over an order's log, computed again from what is stored.

The database computes it as events are stored (`fillwire.genesis`, `fillwire.link`, migration 0003). This is the same in
Python, so that an audit trusts no function of the database: SHA-256 over the text that PostgreSQL gives to a JSON
array, which begins, from the second link on, with the hash before.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from fillwire_orders.order import Terms

__all__ = ["JSON_TERMS", "genesis", "link"]

JSON_TERMS: Final = ("routing", "condition")
"""The terms that are stored as JSON; here they are its text, as PostgreSQL writes it."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def genesis(order: Mapping[str, Any]) -> bytes:
    """What the chain of an order begins with, from its row: whose it is, and the terms it was submitted with."""
    whose = [_text(order[name]) for name in ("id", "account_id", "request_id", "parent_id")]
    terms = _terms(order) if order["submitted"] is None else order["submitted"]
    return _digest(b"", [*whose, terms])


def link(before: bytes, event: Mapping[str, Any]) -> bytes:
    """The hash of an event, from its row and the hash before it."""
    told = [_text(event[name]) for name in ("order_id", "seq", "previous", "status")]
    told.append(str((event["at"] - _EPOCH) // _MICROSECOND))
    told += [_text(event[name]) for name in ("attempt", "fence")]
    return _digest(before, [*told, "null" if event["detail"] is None else event["detail"]])


def _digest(before: bytes, texts: list[str]) -> bytes:
    return hashlib.sha256(before + f"[{', '.join(texts)}]".encode()).digest()


def _terms(order: Mapping[str, Any]) -> str:
    """As PostgreSQL writes an object: shorter keys first."""
    names = sorted(Terms.__struct_fields__, key=lambda name: (len(name), name))
    return "{" + ", ".join(f'"{name}": {_term(name, order[name])}' for name in names) + "}"


def _term(name: str, value: Any) -> str:
    return value if name in JSON_TERMS and value is not None else _text(value)


def _text(value: object) -> str:
    match value:
        case Decimal():
            return f"{value:f}"
        case datetime():
            return f'"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"'
        case _:
            return json.dumps(value, ensure_ascii=False)
