"""What is legal in HTTP/2, to the letter, and rude; also from a process of its own: `python -m tests.e2e.attacks`.

Each is one bout, from its connection to its end. As a process, bout follows upon bout until the process is killed.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final

from tests.e2e import http2

__all__ = ["ATTACKS", "continuations", "half_open", "large_messages", "pings", "rapid_reset"]

SUBMIT: Final = "/fillwire.v1.OrderService/SubmitOrder"
_TOGETHER: Final = 50
_LINES: Final = 100
_ANSWER_SECONDS: Final = 10.0


async def rapid_reset(target: str, *, calls: int = 10_000) -> None:
    """Calls that are given up as soon as they are made."""
    async with http2.connected(target) as line:
        for number in range(1, 2 * calls, 2):
            line.send(http2.headers(number, SUBMIT) + http2.reset(number))
            if number % _TOGETHER == 1:
                await line.drained()
            if line.lost:
                return


async def continuations(target: str, *, frames: int = 20_000) -> None:
    """One call whose headers do not end."""
    async with http2.connected(target) as line:
        line.send(http2.headers(1, SUBMIT, end=False))
        for number in range(frames):
            line.send(http2.frame(http2.CONTINUATION, 0, 1, b"\x00\x01a\x7f\x81\x06" + b"b" * 896))
            if number % _TOGETHER == 0:
                await line.drained()
            if line.lost:
                return


async def pings(target: str, *, frames: int = 5_000) -> bool:
    """Pings without pause; whether the server hangs up."""
    async with http2.connected(target) as line:
        for number in range(frames):
            line.send(http2.frame(http2.PING, 0, 0, b"12345678"))
            if number % _TOGETHER == 0:
                await line.drained()
            if line.lost:
                return True
        return await line.hung_up(seconds=_ANSWER_SECONDS)


async def half_open(target: str, *, lines: int = _LINES) -> bool:
    """Connections that stop within their greeting; whether the server ends them all."""
    opened = [await http2.open_line(target) for _ in range(lines)]
    for number, line in enumerate(opened):
        line.send(http2.PREFACE[: number % len(http2.PREFACE)])
    ended = await asyncio.gather(*(line.hung_up(seconds=_ANSWER_SECONDS) for line in opened))
    for line in opened:
        line.close()
    return all(ended)


async def large_messages(target: str, *, calls: int = 50) -> None:
    """Messages of a megabyte, of which the server takes as much as a window holds."""
    async with http2.connected(target) as line:
        for number in range(1, 2 * calls, 2):
            line.send(http2.headers(number, SUBMIT) + http2.message(number, b"\x0a" * 16_000))
            await line.drained()
            if line.lost:
                return
        await line.answered(seconds=1)


ATTACKS: Final[Mapping[str, Callable[[str], Awaitable[object]]]] = {
    attack.__name__: attack for attack in (rapid_reset, continuations, pings, half_open, large_messages)
}


async def _attack_on(name: str, target: str) -> None:
    while True:
        with suppress(OSError):
            await ATTACKS[name](target)


if __name__ == "__main__":
    asyncio.run(_attack_on(*sys.argv[1:]))
