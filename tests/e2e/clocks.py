"""Clocks that a test moves under processes while they run.

libfaketime does it, a library that is loaded into a process before all others. It moves the clock of the wall alone,
as an operator or a time server does; the monotonic one goes on.
"""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from fillwire_stack.services import Process
from tests.e2e.system import System

__all__ = ["LIBRARY", "Clock", "ClockedSystem"]


def _library() -> Path | None:
    """The library in the package of the same name, which has it for one kind of machine and claims all."""
    found = find_spec("libfaketime")
    if found is None or (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return None
    return Path(*found.submodule_search_locations or ()) / "vendor/libfaketime/src/libfaketime.so.1"


LIBRARY: Final = _library()
"""None where clocks cannot be moved."""


class Clock:
    """The clock of one process, right until it is moved."""

    def __init__(self, directory: Path, name: str) -> None:
        assert LIBRARY is not None
        self._file = directory / f"{name}.clock"
        self._library = directory / LIBRARY.name
        # Where any user can read it: PostgreSQL does not run as root.
        shutil.copy(LIBRARY, self._library)
        self._library.chmod(0o755)
        self.move(0)

    @property
    def environment(self) -> dict[str, str]:
        """What a process is told so that it goes by this clock."""
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Its remedy for an old C library has this one wait for seconds where milliseconds were meant.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def move(self, hours: float) -> None:
        """Lets it be wrong by so much from now on; 0 sets it right."""
        told = self._file.with_suffix(".next")
        told.write_text(f"{hours * 3600:+.0f}\n")
        told.chmod(0o644)
        told.replace(self._file)


class ClockedSystem(System):
    """A system in which every process has a clock of its own."""

    def __init__(self, directory: Path, **arguments: Any) -> None:
        self.clocks: dict[str, Clock] = {}
        # A clock is loaded as a process begins.
        super().__init__(directory, kind=Process, **arguments)

    def process(self, name: str, module: str, *arguments: str, **environment: str) -> Process:
        clock = self.clocks[name] = Clock(self.directory, name)
        return super().process(name, module, *arguments, **environment, **clock.environment)

    def __exit__(self, *ended: object) -> None:
        super().__exit__(*ended)
        _forget_clocks()

    def hours_off(self, name: str) -> Collection[int]:
        """How wrong the times are that a process has written into its log."""
        lines = (line for line in (self.directory / f"{name}.log").read_text().splitlines() if line.startswith("{"))
        times = (datetime.fromisoformat(json.loads(line)["timestamp"]) for line in lines)
        return {round((time - datetime.now(UTC)).total_seconds() / 3600) for time in times}


def _forget_clocks() -> None:
    """Removes what the library leaves in the machine's memory where a process was killed, named after it."""
    for left in Path("/dev/shm").glob("*faketime_s*_*"):
        if not Path("/proc", left.name.rpartition("_")[2]).exists():
            with suppress(PermissionError):  # another user's
                left.unlink(missing_ok=True)
