"""Why the server itself turns a call down, named by what the caller does about it.

Refusal
├── InvalidRequest   correct the request: these fields break these rules
├── Undecodable      correct the client: the bytes are no such message
├── NotServed        do without: the contract has it, this server does not yet
├── KeyMissing       give an API key
├── KeyInvalid       give another one
├── ScopeMissing     do without, or get a key that may
├── TooManyStreams   close one first
├── QuoteExpired     get another quote
├── TooSlow          ask again with the same request id: the outcome is unknown
└── Draining         go to another server, and resume there
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

__all__ = [
    "Draining",
    "InvalidRequest",
    "KeyInvalid",
    "KeyMissing",
    "NotServed",
    "QuoteExpired",
    "Refusal",
    "ScopeMissing",
    "TooManyStreams",
    "TooSlow",
    "Undecodable",
    "Violation",
]


class Refusal(Exception):
    """The root of the tree."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A field, by its path from the request (`spec.amount_in`), and the rule it breaks."""

    field: str
    rule: str


class InvalidRequest(Refusal):
    """All that is wrong with a request, at once; nothing was done."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        # The details name them all; metadata is limited, so the text does not.
        first = "; ".join(f"{one.field} {one.rule}" for one in violations[:3])
        super().__init__(first + (f"; and {len(violations) - 3} more" if len(violations) > 3 else ""))
        self.violations = list(violations)


class Undecodable(Refusal):
    """The request's bytes are not a message of the method's type."""

    def __init__(self, message: str) -> None:
        super().__init__(f"the request is not a {message}")
        self.message = message


class NotServed(Refusal):
    """A method, or a part of a request, that is left for later; nothing was done."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not served yet")
        self.what = what


class KeyMissing(Refusal):
    """The call came without an API key, and this server asks for one."""

    def __init__(self) -> None:
        super().__init__('this server asks for an API key: send it as metadata "authorization: Bearer fw_..."')


class KeyInvalid(Refusal):
    """The call's API key is none, or of no more use.

    `cause` ("was revoked", "has expired") is for the holder of the right secret; all others learn nothing from the answer.
    """

    def __init__(self, cause: str = "") -> None:
        super().__init__(f"the API key {cause or 'is not valid'}")
        self.cause = cause


class ScopeMissing(Refusal):
    """The API key is good, and not for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"the API key lacks the scope {scope}")
        self.scope = scope


class TooManyStreams(Refusal):
    """The account has `limit` streams open at this server."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"no more than {limit} streams at a time; close one, or watch the account in one")
        self.limit = limit


class QuoteExpired(Refusal):
    """The quote that the order is to be bound to lived until `expired_at`; nothing was stored."""

    def __init__(self, expired_at: datetime) -> None:
        super().__init__(f"the quote expired at {expired_at.isoformat()}")
        self.expired_at = expired_at


class TooSlow(Refusal):
    """The server gave up after `seconds`; what it had begun may or may not be done."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not done within {seconds:g} s; the outcome is unknown")
        self.seconds = seconds


class Draining(Refusal):
    """The server is about to stop and ends its streams."""

    def __init__(self) -> None:
        super().__init__("this server is stopping; resume on another one")
