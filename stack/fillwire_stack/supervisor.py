"""Keeps services running: what ends is started again, after a pause that doubles while it keeps ending."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fillwire_stack.children import Service
from fillwire_stack.errors import StackError

__all__ = ["Supervisor"]

_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_PROVEN_SECONDS: Final = 30.0
"""Who ran this long has started well; its next end counts as its first."""


@dataclass(slots=True)
class _Kept:
    name: str
    service: Service
    started_at: float
    pause_seconds: float = _FIRST_PAUSE
    due_at: float | None = None
    """When it is to be started again; None while it runs."""


class Supervisor:
    """The services of one stack; call it from the main thread only, because children die with their thread."""

    def __init__(self, say: Callable[[str], None], *, clock: Callable[[], float] = time.monotonic) -> None:
        """`say` is told, in a line for people, of each end and each new start; `clock` counts seconds."""
        self._say = say
        self._clock = clock
        self._kept: list[_Kept] = []

    def start(self, name: str, service: Service) -> None:
        """Starts `service` and keeps it running from now on. Raises StackError where it does not start."""
        service.start()
        self._kept.append(_Kept(name, service, self._clock()))

    def ended(self) -> list[str]:
        """The names of those that do not run now."""
        return [kept.name for kept in self._kept if _exit_code(kept.service) is not None]

    def tend(self) -> None:
        """Starts again what has ended and is due; returns at once where all run."""
        for kept in self._kept:
            if (code := _exit_code(kept.service)) is not None:
                self._revive(kept, code)

    def _revive(self, kept: _Kept, code: int) -> None:
        now = self._clock()
        if kept.due_at is None:
            if now - kept.started_at >= _PROVEN_SECONDS:
                kept.pause_seconds = _FIRST_PAUSE
            kept.due_at = now + kept.pause_seconds
            self._say(f"{kept.name} ended {_cause(code)}; starting it again in {kept.pause_seconds:g} s")
            kept.pause_seconds = min(kept.pause_seconds * 2, _LONGEST_PAUSE)
        elif now >= kept.due_at:
            kept.due_at, kept.started_at = None, now
            try:
                kept.service.start()
            except StackError as error:
                self._say(f"{kept.name}: {error}")


def _exit_code(service: Service) -> int | None:
    return service.child.exit_code if service.child else None


def _cause(code: int) -> str:
    return f"by signal {-code}" if code < 0 else f"with exit code {code}"
