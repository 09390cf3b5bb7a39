"""Why the bridge closes a socket: one code for each thing that the client can do about it."""

from enum import IntEnum
from typing import Final

__all__ = ["GONE", "Closed", "Code"]

GONE: Final = 1006
"""What RFC 6455 calls a connection that is lost without a word; it is never sent."""


class Code(IntEnum):
    """Those of 4000 and more are the protocol's own."""

    DRAINING = 1001
    """The bridge is about to end: connect again and resume."""
    BINARY = 1003
    """A message was no text."""
    FAILED = 1011
    """A bug of the bridge."""
    UNASKED = 1013
    """The engine could not be asked whether the token is good: connect again in a while."""
    MALFORMED = 4400
    """A message was none of this protocol; the client has a bug."""
    UNAUTHENTICATED = 4401
    """The token is bad, or nothing was said in time."""
    TOO_SLOW = 4408
    """The client took nothing of what it was sent: connect again and resume."""
    TOO_MANY = 4429
    """More calls kept being started than a socket may have."""


class Closed(Exception):
    """The socket is to be closed, whatever its calls do."""

    def __init__(self, code: Code, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        # A frame of control has 125 bytes, and two are the code's.
        self.reason = reason.encode(errors="replace")[:123].decode(errors="ignore")
