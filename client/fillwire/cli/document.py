"""Results as JSON: names as in the contract, amounts and prices as strings, hashes in hex, what is absent as null."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Final, get_args

from fillwire.amount import Amount
from fillwire.event import Detail
from fillwire.order_type import OrderType

__all__ = ["Json", "document"]

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_ALTERNATIVES: Final = frozenset({*get_args(Detail), *get_args(OrderType)})
"""Classes of which a field may hold one or the other; `kind` says which."""


def document(value: object) -> Json:
    """The value as JSON; raises `TypeError` for what has no form there."""
    match value:
        case Enum():
            return str(value.value)
        case None | bool() | int() | float() | str():
            return value
        case tuple() | list():
            return [document(item) for item in value]
        case dict():
            return {str(key): document(item) for key, item in value.items()}
        case Amount():
            return {
                "token": value.token,
                "raw": str(value.raw),
                "ui": None if value.decimals is None else f"{value.ui:f}",
            }
        case _ if dataclasses.is_dataclass(value):
            fields = {field.name: document(getattr(value, field.name)) for field in dataclasses.fields(value)}
            return {"kind": _kind(value), **fields} if type(value) in _ALTERNATIVES else fields
        case _:
            return _text(value)


def _text(value: object) -> str:
    match value:
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case timedelta():
            return f"{value.total_seconds():g}s"
        case bytes():
            return value.hex()
        case _:
            raise TypeError(f"{type(value).__name__} has no JSON form")


def _kind(value: object) -> str:
    """`TrailingStop` is "trailing_stop", as the contract names it."""
    name = type(value).__name__
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
