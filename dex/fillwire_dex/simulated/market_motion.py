"""Whether a simulated market moves by itself."""

from __future__ import annotations

from enum import StrEnum


class MarketMotion(StrEnum):
    """What happens between the transactions that are sent to a market."""

    STILL = "still"
    """Nothing: a quote holds until somebody trades."""
    MOVING = "moving"
    """Prices run, others trade, and small pools come and go, slot by slot."""
