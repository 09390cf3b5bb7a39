"""What every part of the asynchronous client stands on: a connection, and how patient one is with it."""

from types import TracebackType
from typing import Self, TypeVar

from fillwire.aio.line import Line
from fillwire.retry import Policy
from fillwire.settings import TLS, settings
from fillwire.talks import Steps

__all__ = ["Caller"]

R = TypeVar("R")


class Caller:
    """Holds conversations with the engine."""

    def __init__(
        self,
        target: str | None = None,
        *,
        token: str | None = None,
        tls: bool | TLS | None = None,
        timeout: float | None = None,
        max_retries: int = 2,
        line: Line | None = None,
    ) -> None:
        self._line = line or Line(settings=settings(target, token, tls=tls))
        self._talk = self._line.conversations
        self._policy = Policy(timeout, max_retries)

    def with_options(self, *, timeout: float | None = None, max_retries: int | None = None) -> Self:
        """A copy on the same connection; what is `None` stays as it is."""
        return type(self)(
            timeout=self._policy.timeout if timeout is None else timeout,
            max_retries=self._policy.max_retries if max_retries is None else max_retries,
            line=self._line,
        )

    async def _hold(self, steps: Steps[R]) -> R:
        return await self._line.hold(steps, self._policy)

    async def close(self) -> None:
        """Ends the connection; streams on it are to be closed before."""
        await self._line.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
