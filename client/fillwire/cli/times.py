"""Reads times and spans as people type them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

__all__ = ["moment", "seconds"]

_SPAN: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)?")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def seconds(text: str) -> float:
    """`10`, `10s`, `500ms`, `2m`, `1.5h`, `1d`. Raises `ValueError`."""
    found = _SPAN.fullmatch(text.strip())
    if not found:
        raise ValueError(f'"{text}" is not a span of time such as 10s, 500ms or 2m')
    return float(found[1]) * _UNITS[found[2] or "s"]


def moment(text: str, now: datetime | None = None) -> datetime:
    """A time such as 2030-01-31T12:00:00Z, or a span from now by this machine's clock. Raises `ValueError`."""
    if _SPAN.fullmatch(text.strip()):
        return (now or datetime.now(UTC)) + timedelta(seconds=seconds(text))
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is neither a time such as 2030-01-31T12:00:00Z nor a span such as 30s') from None
    if time.tzinfo is None:
        raise ValueError(f'"{text}" says no time zone; add Z for UTC')
    return time
