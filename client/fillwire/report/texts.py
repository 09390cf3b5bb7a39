"""Numbers and times for people."""

from datetime import date
from decimal import Decimal
from typing import Final

from fillwire.amount import Amount

__all__ = ["bps", "day", "quantity", "share", "time"]

_DIGITS: Final = 6
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def bps(value: float) -> str:
    """A cost: one digit after the point, and a minus sign that is as wide as a plus."""
    return f"{value:.1f}".replace("-", "\u2212").replace("\u22120.0", "0.0")


def quantity(amount: Amount) -> str:
    """An amount in whole tokens, to six digits; in smallest units where the token's decimals are not known."""
    if amount.decimals is None:
        return f"{amount.raw:,}"
    whole = amount.ui
    places = max(0, _DIGITS - 1 - whole.adjusted()) if whole else 0
    text = f"{whole:,.{min(places, amount.decimals)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(part: int, whole: int) -> str:
    """A percentage."""
    return f"{Decimal(part) / whole:.0%}" if whole else "\u2013"


def time(seconds: float) -> tuple[str, str]:
    """A time to two or three digits, and its unit."""
    if seconds < 1:
        return f"{seconds * 1000:.0f}", "ms"
    return (f"{seconds:.1f}", "s") if seconds < 100 else (f"{seconds / 60:.1f}", "min")


def day(when: date, *, year: bool = False) -> str:
    """A day, as short as it can be read everywhere."""
    return f"{when.day} {_MONTHS[when.month - 1]}" + (f" {when.year}" if year else "")
