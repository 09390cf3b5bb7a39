"""Child processes that never outlive the one that started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from fillwire_stack.users import User

__all__ = ["Child", "Service", "die_with", "stop_together"]

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: a child between fork and exec must not load a library.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Child:
    """A running process in a session of its own, so that Ctrl-C in the terminal reaches only its parent.

    When the starting thread ends, by whatever means, the kernel sends `death_signal`; start it from the main thread.
    Elsewhere than on Linux there is no such signal: a parent killed with -9 leaves its children behind.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        log: Path,
        death_signal: signal.Signals = signal.SIGTERM,
        user: User | None = None,
        stdin: str = "",
    ) -> None:
        """Starts `command`; what it prints is appended to `log`.

        `environment` is the whole environment of the child; `user` is whom it runs as, by default us.
        """
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
                # Called after the change of user, which would clear what it sets.
                preexec_fn=die_with(os.getpid(), death_signal),  # noqa: PLW1509 - no thread of ours holds a lock
                user=user.uid if user else None,
                group=user.gid if user else None,
                extra_groups=[] if user else None,
            )
        if self._process.stdin:
            self._process.stdin.write(stdin.encode())
            self._process.stdin.close()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs, the negative number of the signal that ended it, else what it returned."""
        return self._process.poll()

    def send(self, number: signal.Signals) -> None:
        """Sends `number`; does nothing to a child that has ended."""
        self._process.send_signal(number)

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within `seconds`."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """Ends it at once, with SIGKILL, and waits until it is gone."""
        self._process.kill()
        self._process.wait()


class Service(Protocol):
    """Something that runs as a child of this process and can be started again."""

    @property
    def child(self) -> Child | None:
        """Its process, running or ended; None before the first start."""

    @property
    def stop_signal(self) -> signal.Signals:
        """Asks it to end in order."""

    def start(self) -> None:
        """Starts it. Raises StackError."""


def stop_together(services: Iterable[Service], *, seconds: float) -> None:
    """Asks all of `services` to end, in that order, and kills what is still there after `seconds`."""
    children = [(service.child, service.stop_signal) for service in services if service.child]
    for child, number in children:
        child.send(number)
    deadline = time.monotonic() + seconds
    for child, _ in children:
        if not child.wait(max(deadline - time.monotonic(), 0)):
            child.kill()


def die_with(parent: int, number: signal.Signals) -> Callable[[], None] | None:
    """What a child calls before all else, to be sent `number` when its `parent` ends; None where the system cannot."""
    libc = _libc
    if libc is None:
        return None

    def prepare() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number))
        # The parent may have died before the line above.
        if os.getppid() != parent:
            os._exit(1)

    return prepare
