"""Links that are cut, one way or both, slow, or reset."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from tests.chaos.faults.kind import Kind, Strike
from tests.chaos.layout import BRIDGE, ENGINE, SERVERS
from tests.chaos.proxy import Mode
from tests.chaos.stack import Stack

__all__ = ["KINDS"]

_LINKS: Final = (
    *(f"clients>{name}" for name in (*SERVERS, BRIDGE)),
    f"{BRIDGE}>{SERVERS[0]}",
    *(f"{name}>{store}" for name in ENGINE for store in ("postgres", "valkey")),
)


@asynccontextmanager
async def _reset(stack: Stack, link: str) -> AsyncIterator[None]:
    stack.links[link].reset()
    yield


def _in(mode: Mode) -> Strike:
    @asynccontextmanager
    async def changed(stack: Stack, link: str) -> AsyncIterator[None]:
        stack.links[link].set(mode)
        try:
            yield
        finally:
            stack.links[link].set(Mode.PASS)

    return changed


KINDS: Final = (
    Kind("link_reset", _LINKS, (0.0, 0.1), _reset),
    Kind("link_refuses", _LINKS, (0.5, 4.0), _in(Mode.REFUSE)),
    Kind("link_blackhole", _LINKS, (0.5, 6.0), _in(Mode.BLACKHOLE)),
    Kind("link_loses_answers", _LINKS, (0.5, 4.0), _in(Mode.ANSWERS_LOST)),
    Kind("link_loses_requests", _LINKS, (0.5, 4.0), _in(Mode.REQUESTS_LOST)),
    Kind("link_slow", _LINKS, (1.0, 4.0), _in(Mode.SLOW)),
)
