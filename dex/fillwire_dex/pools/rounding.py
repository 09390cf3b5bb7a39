"""Integer division that rounds up, for the roundings that go against the trader."""

from __future__ import annotations


def ceil_div(numerator: int, denominator: int) -> int:
    """Return numerator / denominator rounded up; the denominator must be positive."""
    return -(-numerator // denominator)
