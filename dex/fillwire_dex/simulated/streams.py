"""Seeded chance: every draw is a pure function of a seed and of what it is drawn for."""

from __future__ import annotations

import hashlib
import struct
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from typing import Final

_TWELVE: Final = struct.Struct("<12H")
_MIDDLE: Final = 12 * 0xFFFF / 2


@dataclass(frozen=True, slots=True)
class Streams:
    """Independent streams by name, so that adding one never shifts another."""

    seed: str
    _turns: defaultdict[str, count[int]] = field(default_factory=lambda: defaultdict(count), repr=False)

    def unit(self, name: str, key: str | None = None) -> float:
        """Return the number in [0, 1) that this stream has for `key`, or its next one."""
        turn = str(next(self._turns[name])) if key is None else key
        return int.from_bytes(self._digest(name, turn, 8)) / (1 << 64)

    def bell(self, name: str, key: str) -> float:
        """Return the normal number, of mean 0 and variance 1, that this stream has for `key`.

        It is the sum of twelve uniform ones, so it never leaves [-6, 6] and is the same number on every machine.
        """
        drawn: tuple[int, ...] = _TWELVE.unpack(self._digest(name, key, 24))
        return (sum(drawn) - _MIDDLE) / (1 << 16)

    def between(self, bounds: tuple[float, float], name: str, key: str | None = None) -> float:
        """Return a number between two bounds; no draw is made where they are equal."""
        least, greatest = bounds
        if least == greatest:
            return least
        return least + (greatest - least) * self.unit(name, key)

    def strikes(self, rate: float, name: str, key: str | None = None) -> bool:
        """Whether something that happens at this rate, 0 to 1, happens now; no draw at 0."""
        return rate > 0 and self.unit(name, key) < rate

    def _digest(self, name: str, turn: str, size: int) -> bytes:
        return hashlib.blake2b(f"{self.seed}|{name}|{turn}".encode(), digest_size=size).digest()
