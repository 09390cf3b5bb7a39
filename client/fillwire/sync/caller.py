"""What every part of the synchronous client stands on: a connection, and how patient one is with it."""

from types import TracebackType
from typing import Self, TypeVar

from fillwire.retry import Policy
from fillwire.settings import TLS, settings
from fillwire.sync.line import Line, open_line
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
        self._line = line or open_line(settings(target, token, tls=tls))
        self._talk = self._line.conversations
        self._policy = Policy(timeout, max_retries)

    def with_options(self, *, timeout: float | None = None, max_retries: int | None = None) -> Self:
        """A copy on the same connection."""
        return type(self)(
            timeout=self._policy.timeout if timeout is None else timeout,
            max_retries=self._policy.max_retries if max_retries is None else max_retries,
            line=self._line,
        )

    def _hold(self, steps: Steps[R]) -> R:
        return self._line.hold(steps, self._policy)

    def close(self) -> None:
        """Ends the connection; streams on it are to be closed before."""
        self._line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
