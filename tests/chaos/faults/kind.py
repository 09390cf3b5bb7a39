"""A kind of fault."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from tests.chaos.stack import Stack

__all__ = ["Kind", "Strike"]

Strike = Callable[[Stack, str], AbstractAsyncContextManager[None]]
"""Breaks the target for as long as the block runs."""


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Kind:
    """A name, what it can strike, and for how long, in seconds.

    Two faults never strike the same target at once. `available` says whether this machine has what it takes.
    """

    name: str
    targets: tuple[str, ...]
    seconds: tuple[float, float]
    strike: Strike
    available: Callable[[], bool] = _always
