"""How long each step of a simulated market takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Range = tuple[float, float]
"""The least and the greatest delay."""


@dataclass(frozen=True, slots=True)
class LatencyProfile:
    """Delays of reading one venue, building, sending, and from sent to landed, in seconds."""

    name: str
    read: Range
    build: Range
    send: Range
    landing: Range

    @property
    def lands_at_once(self) -> bool:
        """Whether what is sent lands within the call that sends it."""
        return self.landing == (0.0, 0.0)


DEFAULT: Final = LatencyProfile(
    "default", read=(0.020, 0.060), build=(0.008, 0.012), send=(0.005, 0.015), landing=(0.25, 0.5)
)
SEEDS: Final = LatencyProfile("seeds", read=(2.0, 3.0), build=(2.0, 3.0), send=(0.0, 0.0), landing=(2.0, 3.0))
ZERO: Final = LatencyProfile("zero", read=(0.0, 0.0), build=(0.0, 0.0), send=(0.0, 0.0), landing=(0.0, 0.0))

PROFILES: Final = {profile.name: profile for profile in (DEFAULT, SEEDS, ZERO)}
