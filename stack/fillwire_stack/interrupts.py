"""Ctrl-C and SIGTERM, turned into a question that is asked between two steps."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

__all__ = ["Interrupted", "Interrupts", "interrupts"]

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(Exception):
    """Somebody wants this process to end; its cleaning up comes next."""


class Interrupts:
    """Whether somebody has asked this process to end."""

    # A plain flag: a handler that takes a lock, as that of threading.Event does, can meet itself holding it.
    _asked = False

    def check(self) -> None:
        """Raises Interrupted once somebody has asked."""
        if self._asked:
            raise Interrupted

    def remember(self, _number: int, _frame: FrameType | None) -> None:
        """The signal handler."""
        self._asked = True


@contextmanager
def interrupts() -> Iterator[Interrupts]:
    """Until the block ends, Ctrl-C, SIGTERM and the terminal's end are only remembered.

    A hang-up that our parent told us to ignore, as nohup does, stays ignored.
    """
    asked = Interrupts()
    nohup = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    heard = [number for number in _SIGNALS if not (nohup and number == signal.SIGHUP)]
    before = {number: signal.signal(number, asked.remember) for number in heard}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
