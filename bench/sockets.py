"""A crowd in a process of its own: each of it watches an order of its own, over the bridge or straight at the server.

Reads order ids, one a line, and an empty line. Says, each as a line of JSON, that all are connected; after one more line
is read, that all have seen the past of their order; and when all orders have ended, how late each event came since.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from typing import Any

from bench.streams import percentiles
from bench.ways import Way, way


class Crowd:
    """What all watchers have seen; each order has `past` events before it is watched."""

    def __init__(self, way: Way, order_ids: Sequence[str], past: int) -> None:
        self._way = way
        self._order_ids = order_ids
        self._past = past
        self._absent = len(order_ids)
        self._late: list[float] = []
        self._astray = 0

    async def watch(self) -> None:
        """All orders, to their end."""
        await asyncio.gather(*(self._follow(watcher, one) for watcher, one in enumerate(self._order_ids)))
        tell("ended", late_ms=percentiles(self._late), events=len(self._late), astray=self._astray)

    async def _follow(self, watcher: int, order_id: str) -> None:
        seen, there = 0, 0.0
        async for seq, recorded in self._way.watch(watcher, order_id):
            seen += 1
            self._astray += seq != seen
            if there and recorded > there:
                self._late.append((time.time() - recorded) * 1000)
            if seq == self._past:
                there = time.time()
                self._arrive()

    def _arrive(self) -> None:
        self._absent -= 1
        if not self._absent:
            tell("watching")


def tell(what: str, **figures: Any) -> None:
    """One line to whoever started this process."""
    print(json.dumps({"what": what, **figures}), flush=True)


async def main(address: str, past: int) -> None:
    """Runs the crowd."""
    order_ids = list(iter(lambda: sys.stdin.readline().strip(), ""))
    chosen = way(address)
    await chosen.connect(len(order_ids))
    tell("connected")
    await asyncio.to_thread(sys.stdin.readline)
    await Crowd(chosen, order_ids, past).watch()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
