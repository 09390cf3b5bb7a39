"""How late events come to a crowd of sockets, each of which watches an order of its own, as one order after the other runs.

Some of these orders are watched by others too, so that lateness is compared in the same seconds: straight by gRPC, and by
a page in Chromium, where there is one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

from bench import page
from bench.cpu import Meter
from bench.crowds import Crowd
from bench.due import submit_due
from bench.streams import percentiles
from tests.browser.chromium import executable

__all__ = ["delivered"]

_PAST: Final = 2
"""Events of an order that waits for its time: PENDING and RESTING."""
_STRAIGHT: Final = 100
_IN_PAGE: Final = 50


async def delivered(target: str, url: str, *, sockets: int, rate: float, pids: Mapping[str, int]) -> dict[str, Any]:
    """Runs them all; `pids` are the processes of the server and of the bridge."""
    order_ids = await submit_due(target, sockets, lead_seconds=10 + sockets / 100, rate=rate)
    async with AsyncExitStack() as stack:
        rss = [_rss_kib(pids["bridge"])]
        crowd = await stack.enter_async_context(Crowd(url, order_ids, past=_PAST))
        rss.append(_rss_kib(pids["bridge"]))
        await crowd.watch()
        rss.append(_rss_kib(pids["bridge"]))
        others = await _others(stack, target, url, order_ids)
        meter = Meter(pids)
        over, *beside = await asyncio.gather(crowd.ended(), *others.values())
        cpu = meter.seconds()
    seen = {"WebSocket": over, **dict(zip(others, beside, strict=True))}
    relayed = over["events"] + seen.get("Chromium", {"events": 0})["events"]
    return {
        "delivery": dict(sorted(seen.items(), key=lambda named: named[0] != "gRPC")),
        "idle_socket_kib": round((rss[1] - rss[0]) / sockets, 1),
        "watch_kib": round((rss[2] - rss[1]) / sockets, 1),
        "cpu_ms_per_event": {name: round(seconds * 1000 / relayed, 3) for name, seconds in cpu.items()},
    }


async def _others(stack: AsyncExitStack, target: str, url: str, order_ids: Sequence[str]) -> dict[str, Any]:
    """What they will have seen at the end, by name; they watch already."""
    straight = await stack.enter_async_context(Crowd(target, _some(order_ids, _STRAIGHT), past=_PAST))
    await straight.watch()
    if executable() is None:
        return {"gRPC": straight.ended()}
    blank = await stack.enter_async_context(page.blank(url))
    return {"gRPC": straight.ended(), "Chromium": _in(blank, _some(order_ids, _IN_PAGE))}


async def _in(blank: Page, order_ids: Sequence[str]) -> dict[str, Any]:
    late = await page.watch(blank, order_ids)
    return {"late_ms": percentiles(late), "events": len(late)}


def _some(order_ids: Sequence[str], number: int) -> Sequence[str]:
    """So many of them, spread over all of the time in which they run."""
    return order_ids[:: max(1, len(order_ids) // number)][:number]


def _rss_kib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return float(status.split("VmRSS:")[1].split()[0])
