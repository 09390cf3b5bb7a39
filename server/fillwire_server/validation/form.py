"""A request that is being read, field by field."""

import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.protobuf.unknown_fields import UnknownFieldSet

from fillwire_dex import UnknownToken, tokens
from fillwire_server.refusals import InvalidRequest, NotServed, Violation

__all__ = ["MAX_AMOUNT", "Form"]

MAX_AMOUNT: Final = 2**64 - 1

# One way to write a number: no sign, no leading zero, no exponent, and of all the world's digits only ASCII's.
_INTEGER: Final = re.compile(r"[1-9][0-9]{0,19}")
_AMOUNT_RULE: Final = f"must be an integer from 1 to {MAX_AMOUNT} in decimal digits, without sign or leading zeros"
_PRICE: Final = re.compile(r"(0|[1-9][0-9]{0,19})(\.[0-9]{1,18})?")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Control characters, line separators, and marks that turn the direction of text around them.
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_MAX_REFERENCE: Final = 128
_MAX_VENUES: Final = 16


class Form:
    """Gives fields' values and notes each that breaks its rule; `check` then raises for all of them.

    The value given for a field that breaks its rule is of no use, and of no harm: nobody gets past `check` with it.
    """

    def __init__(self) -> None:
        self._violations: list[Violation] = []
        self._unserved: list[str] = []

    def refuse(self, field: str, rule: str) -> None:
        """Notes a field that breaks a rule."""
        self._violations.append(Violation(field, rule))

    def leave(self, what: str) -> None:
        """Notes something that is right and not served yet."""
        self._unserved.append(what)

    def check(self, *also: Violation) -> None:
        """Raises `InvalidRequest` where a rule is broken, with `also` for company, else `NotServed` for what is left."""
        if self._violations:
            raise InvalidRequest([*self._violations, *also])
        if self._unserved:
            raise NotServed(", ".join(self._unserved))

    def known(self, field: str, message: Message) -> None:
        """Leaves a message with fields that this server's contract has not: a newer client means more than it says."""
        unknown = UnknownFieldSet(message)
        if len(unknown):
            self.leave(f"{field} with field number {unknown[0].field_number}")

    def amount(self, field: str, text: str) -> int | None:
        """Smallest units."""
        if _INTEGER.fullmatch(text) and (units := int(text)) <= MAX_AMOUNT:
            return units
        self.refuse(field, _AMOUNT_RULE)
        return None

    def price(self, field: str, text: str) -> Decimal | None:
        """A price, whole tokens of token_out per whole token_in; without zeros at the end, so that equals are equal."""
        if _PRICE.fullmatch(text) and (price := Decimal(text)) > 0:
            return price.normalize()
        self.refuse(field, "must be a decimal number above 0, at most 20 digits before the point and 18 after it")
        return None

    def token(self, field: str, name: str) -> str:
        """The symbol of a token given by symbol or mint."""
        try:
            return tokens.find(name).symbol
        except UnknownToken:
            self.refuse(field, "must be the symbol or mint of a token that ListTokens lists")
            return ""

    def number(self, field: str, value: int, low: int, high: int) -> int:
        """An integer within limits, both included."""
        if not low <= value <= high:
            self.refuse(field, f"must be from {low} to {high}")
        return value

    def moment(self, field: str, timestamp: Timestamp) -> datetime | None:
        """A time, to the microsecond."""
        try:
            return timestamp.ToDatetime(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.refuse(field, "must be a time from year 1 to 9999")
            return None

    def seconds(self, field: str, duration: Duration, low: float, high: float) -> float:
        """A duration within limits, both included."""
        seconds = duration.seconds + duration.nanos / 1e9
        if not low <= seconds <= high:
            self.refuse(field, f"must be from {low:g} s to {high:g} s")
        return seconds

    def uuid(self, field: str, text: str) -> str:
        """A UUID in its canonical form."""
        if not _UUID.fullmatch(text):
            self.refuse(field, "must be a UUID like 123e4567-e89b-12d3-a456-426614174000")
        return text.lower()

    def reference(self, field: str, text: str) -> str:
        """Free text for the client's own use."""
        if len(text) > _MAX_REFERENCE or _CONTROL.search(text):
            self.refuse(field, f"must be at most {_MAX_REFERENCE} characters, none of them a control character")
        return text

    def venues(self, field: str, names: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
        """Venues by name, sorted, each once."""
        if len(names) > _MAX_VENUES:
            self.refuse(field, f"must be at most {_MAX_VENUES} venues")
            return ()
        for place, name in enumerate(names):
            if name not in known:
                self.refuse(f"{field}[{place}]", "must be a venue that ListVenues lists")
        return tuple(sorted(set(names)))
