"""What is planned to crash, and what has: files, because those who keep count are killed."""

import json
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

__all__ = ["DIRECTORY", "Plan"]

DIRECTORY: Final = "FILLWIRE_CRASHES"
"""The environment variable that says where the plan is."""


class Plan:
    """For each order, by name, the points at which whoever works on it dies, one after the other."""

    def __init__(self, directory: Path | str) -> None:
        self._directory = Path(directory)

    def add(self, name: str, points: Sequence[str]) -> None:
        """Plans the deaths of an order; before anybody works on it."""
        self._points(name).write_text(json.dumps(list(points)))

    def passing(self, point: str, name: str) -> None:
        """Dies here and now, if this is the next point of the order."""
        left = self.left(name)
        if not left or left[0] != point:
            return
        self.add(name, left[1:])
        self._note("deaths", name)
        os.kill(os.getpid(), signal.SIGKILL)

    def taken_by(self, name: str) -> None:
        """Notes that a worker has claimed the order."""
        self._note("claims", name)

    def left(self, name: str) -> Sequence[str]:
        """The points at which nobody has died yet."""
        try:
            left: list[str] = json.loads(self._points(name).read_text())
        except FileNotFoundError:
            return []
        return left

    def takeovers(self, name: str) -> Sequence[float]:
        """How many seconds after each death the order was claimed again; nothing for a death that left none to do."""
        claims = self._noted("claims", name)
        found = ([claim - death for claim in claims if claim > death] for death in self._noted("deaths", name))
        return [min(later) for later in found if later]

    def _points(self, name: str) -> Path:
        return self._directory / f"{name}.json"

    def _note(self, what: str, name: str) -> None:
        with (self._directory / f"{name}.{what}").open("a") as notes:
            notes.write(f"{time.monotonic()}\n")

    def _noted(self, what: str, name: str) -> Sequence[float]:
        path = self._directory / f"{name}.{what}"
        return [float(line) for line in path.read_text().splitlines()] if path.exists() else []
