"""Tasks that go on until they are told to end."""

import asyncio
from typing import Any, Final

__all__ = ["ended"]

_AGAIN_SECONDS: Final = 0.2


async def ended(*tasks: "asyncio.Task[Any]") -> None:
    """Cancels tasks, and returns when they have ended; what they raise is lost.

    A cancellation is said again to those who do not hear it: `asyncio.wait_for` of Python 3.11, which psycopg's pool and
    redis-py use, swallows one that comes in the moment of its answer (python/cpython#86296).
    """
    waiting = set(tasks)
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=_AGAIN_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)
