"""Why the server itself turns a call down, named by what the caller does about it.

Refusal
├── InvalidRequest   correct the request: these fields break these rules
├── Undecodable      correct the client: the bytes are no such message
├── NotServed        do without: the contract has it, this server does not yet
├── TooSlow          ask again with the same request id: the outcome is unknown
└── Draining         go to another server, and resume there
"""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "Draining",
    "InvalidRequest",
    "NotServed",
    "Refusal",
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


class TooSlow(Refusal):
    """The server gave up after `seconds`; what it had begun may or may not be done."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not done within {seconds:g} s; the outcome is unknown")
        self.seconds = seconds


class Draining(Refusal):
    """The server is about to stop and ends its streams."""

    def __init__(self) -> None:
        super().__init__("this server is stopping; resume on another one")
