"""Watchers in a process of their own: each follows one order to its end with the SDK, which resumes where it is cut.

Reads order ids, one a line, from standard input; writes a line of JSON when all of them have seen an order's first
event, when all have seen the second, and when all have ended.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence

from fillwire import AsyncClient


class Crowd:
    """Everybody's progress: how many have seen how many events, and how many missed one or saw one twice."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._seen: dict[int, int] = {}
        self.astray = 0

    def saw(self, watcher: list[int], seq: int) -> None:
        """Notes an event of one watcher; says so when it is the last one to see so many."""
        self.astray += seq != len(watcher) + 1
        watcher.append(seq)
        self._seen[len(watcher)] = self._seen.get(len(watcher), 0) + 1
        if self._seen[len(watcher)] == self._size and len(watcher) <= 2:
            self.tell(f"seen_{len(watcher)}")

    def tell(self, what: str) -> None:
        """One line to whoever started this process."""
        print(json.dumps({"what": what, "at": time.time(), "astray": self.astray}), flush=True)


async def watch_all(target: str, order_ids: Sequence[str]) -> None:
    """All at once, to the end of each order."""
    crowd = Crowd(len(order_ids))
    async with AsyncClient(target) as client:
        await client.tokens()  # once, not once a watch
        await asyncio.gather(*(_watch(client, order_id, crowd) for order_id in order_ids))
    crowd.tell("ended")


async def _watch(client: AsyncClient, order_id: str, crowd: Crowd) -> None:
    seen: list[int] = []
    async with client.with_options(max_retries=60).watch(order_id) as watch:
        async for event in watch:
            crowd.saw(seen, event.seq)


if __name__ == "__main__":
    asyncio.run(watch_all(sys.argv[1], sys.stdin.read().split()))
