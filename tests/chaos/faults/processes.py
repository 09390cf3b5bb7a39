"""Processes of the engine that die, or stand still and then go on as if nothing had been."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from tests.chaos.faults.kind import Kind
from tests.chaos.layout import BRIDGE, SERVERS, SWEEPER, TRIGGERS, WORKERS
from tests.chaos.stack import Stack

__all__ = ["KINDS"]


@asynccontextmanager
async def _killed(stack: Stack, name: str) -> AsyncIterator[None]:
    try:
        await stack.hold_down(name)
        yield
    finally:
        stack.release(name)


@asynccontextmanager
async def _all_workers_killed(stack: Stack, _: str) -> AsyncIterator[None]:
    try:
        for name in WORKERS:
            await stack.hold_down(name)
        yield
    finally:
        for name in WORKERS:
            stack.release(name)


@asynccontextmanager
async def _paused(stack: Stack, name: str) -> AsyncIterator[None]:
    stack.send(name, signal.SIGSTOP)
    try:
        yield
    finally:
        stack.send(name, signal.SIGCONT)


KINDS: Final = (
    Kind("kill_server", SERVERS, (0.2, 3.0), _killed),
    Kind("kill_worker", WORKERS, (0.2, 3.0), _killed),
    Kind("kill_sweeper", (SWEEPER,), (0.2, 4.0), _killed),
    Kind("kill_triggers", TRIGGERS, (0.2, 4.0), _killed),
    Kind("kill_bridge", (BRIDGE,), (0.2, 3.0), _killed),
    Kind("kill_all_workers", ("workers",), (0.1, 1.0), _all_workers_killed),
    Kind("pause_server", SERVERS, (1.0, 4.0), _paused),
    Kind("pause_bridge", (BRIDGE,), (1.0, 4.0), _paused),
    # Longer than a lease of 10 s: somebody else takes over what it holds, and then it comes back.
    Kind("pause_worker", WORKERS, (10.5, 13.0), _paused),
    Kind("pause_sweeper", (SWEEPER,), (1.0, 5.0), _paused),
    Kind("pause_triggers", TRIGGERS, (1.0, 6.0), _paused),
)
