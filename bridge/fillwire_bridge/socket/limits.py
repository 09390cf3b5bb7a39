"""What one socket may take of the bridge."""

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Beside those that the operator sets."""

    silent_seconds: float = 10.0
    """From the opening to the first message."""
    slow_seconds: float = 30.0
    """How long the client may take nothing of what it is sent."""
    calls_per_second: float = 200.0
    """Calls that may be started, and as many at once after a rest."""
    refusals_per_second: float = 20.0
    """Calls that may be refused for their number, 50 times as many at once after a rest; then the socket is closed."""
    answering: int = 32
    """Calls that answer once and are under way at a time; others wait. Answers may be large, and are there at once."""
