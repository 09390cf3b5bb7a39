"""Venues that refuse, drop, lose their answer, throttle, fall silent, halt, tell the past, or are slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from fillwire_dex import MarketUnavailable
from fillwire_dex.simulated import Fault, FaultKind
from tests.chaos.faults.kind import Kind, Strike
from tests.chaos.stack import Stack

__all__ = ["KINDS"]

_TRIES: Final = 40
_PAUSE_SECONDS: Final = 0.25

_HOW: Final = {
    FaultKind.REFUSE: Fault(FaultKind.REFUSE, times=4),
    FaultKind.DROP: Fault(FaultKind.DROP, times=2),
    FaultKind.TIMEOUT_BUT_LANDS: Fault(FaultKind.TIMEOUT_BUT_LANDS, times=8),
    FaultKind.RATE_LIMITED: Fault(FaultKind.RATE_LIMITED, times=8),
    FaultKind.QUOTE_UNAVAILABLE: Fault(FaultKind.QUOTE_UNAVAILABLE, times=20),
    FaultKind.HALTED: Fault(FaultKind.HALTED, times=4),
    FaultKind.STALE_READ: Fault(FaultKind.STALE_READ, times=20),
    FaultKind.CONGESTED: Fault(FaultKind.CONGESTED, times=12),
}


def _scripted(fault: Fault) -> Strike:
    @asynccontextmanager
    async def scripted(stack: Stack, _: str) -> AsyncIterator[None]:
        await _until_done(lambda: stack.market.script(fault))
        try:
            yield
        finally:
            await _until_done(stack.market.clear_faults)

    return scripted


async def _until_done(ask: Callable[[], Awaitable[None]]) -> None:
    """Tells the market, whose database another fault may just have struck."""
    for _ in range(_TRIES):
        try:
            return await ask()
        except MarketUnavailable:
            await asyncio.sleep(_PAUSE_SECONDS)
    raise MarketUnavailable("the market's database does not come back")


KINDS: Final = tuple(Kind(f"venue_{kind}", ("market",), (1.0, 4.0), _scripted(_HOW[kind])) for kind in FaultKind)
