"""How the bridge is broken, as `breaking` does the engine."""

# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any, Final

__all__ = ["relay_loses_messages"]

_EVERY: Final = 3


def relay_loses_messages() -> None:
    """Of a stream's messages, one in three is not handed on."""
    from fillwire_bridge.upstream import Upstream

    follow: Any = Upstream.follow

    @contextmanager
    def follow_and_lose(*given: Any, **more: Any) -> Iterator[_Lossy]:
        with follow(*given, **more) as call:
            yield _Lossy(call)

    Upstream.follow = follow_and_lose  # type: ignore[method-assign, assignment]


class _Lossy:
    """A call as it is, but for what it loses."""

    def __init__(self, call: Any) -> None:
        self._call = call

    async def __aiter__(self) -> AsyncIterator[bytes]:
        number = 0
        async for message in self._call:
            number += 1
            if number % _EVERY:
                yield message

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)
