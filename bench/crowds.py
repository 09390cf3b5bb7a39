"""Crowds of clients, each a process of its own that does as it is told (`bench.sockets`)."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any, Self

__all__ = ["Crowd"]


class Crowd:
    """Watchers over a bridge whose URL `address` is, or straight to a server; each of an order with `past` events.

    An async context manager: the process ends with the block.
    """

    def __init__(self, address: str, order_ids: Sequence[str], *, past: int) -> None:
        self._command = (sys.executable, "-m", "bench.sockets", address, str(past))
        self._order_ids = order_ids

    async def __aenter__(self) -> Self:
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*self._command, stdin=pipe, stdout=pipe)
        self._tell(*self._order_ids, "")
        await self._says("connected")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def watch(self) -> None:
        """Has all of them watch; returns when each has seen the past of its order."""
        self._tell("")
        await self._says("watching")

    async def ended(self) -> dict[str, Any]:
        """What they say when all orders have ended."""
        return await self._says("ended")

    def _tell(self, *lines: str) -> None:
        if self._process.stdin is not None:
            self._process.stdin.writelines(f"{line}\n".encode() for line in lines)

    async def _says(self, what: str) -> dict[str, Any]:
        async with asyncio.timeout(120):
            raw = await self._process.stdout.readline() if self._process.stdout else b""
        line: dict[str, Any] = json.loads(raw or b"{}")
        if line.pop("what", None) != what:
            raise AssertionError(f"the crowd was to say {what!r}, not {raw!r}")
        return line
