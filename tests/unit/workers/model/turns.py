"""Turns: the moments at which the world decides what happens to a worker."""

from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass, field
from typing import Any

Act = Callable[[], object]
"""What happens: gives the answer of the turn, or raises it."""


@dataclass(frozen=True)
class Way:
    """One of the ways things can go; `fault` says whether it costs one."""

    name: str
    act: Act
    fault: bool = False


class Turn:
    """What a worker awaits, and the ways it can go."""

    def __init__(self, name: str, *ways: Way) -> None:
        self.name = name
        self.ways = ways

    def __await__(self) -> Generator["Turn", Any, Any]:
        return (yield self)


@dataclass
class Worker:
    """A run of `execute`, the turn it waits at, and all it has been told so far, which is all its memory."""

    name: str
    run: Coroutine[Turn, Any, Any]
    turn: Turn
    told: list[tuple[str, str]] = field(default_factory=list)

    def remember(self, answer: str) -> None:
        """Asking again and hearing the same changes nothing: such rounds are forgotten."""
        self.told.append((self.turn.name, answer))
        if len(self.told) >= 4 and self.told[-2:] == self.told[-4:-2]:
            del self.told[-2:]
