"""The directory in which one stack keeps everything: data, secrets, ports, logs. One process at a time holds it."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from fillwire_stack.errors import AlreadyRunning
from fillwire_stack.users import reachable, unprivileged

__all__ = ["announce", "default_directory", "held", "running"]

_FOR_ROOT: Final = Path("/var/lib/fillwire")


def default_directory() -> Path:
    """`.state` in the working directory.

    For root, whose stores run as nobody, a place of its own in /var/lib/fillwire where nobody cannot get here.
    """
    here = Path.cwd()
    if unprivileged() is None or reachable(here):
        return here / ".state"
    return _FOR_ROOT / f"{here.name}-{hashlib.sha256(os.fsencode(here)).hexdigest()[:8]}"


@contextmanager
def held(directory: Path) -> Iterator[None]:
    """Nobody else runs on `directory` while the block does; made where it is not there.

    Raises AlreadyRunning, which says who does. The lock ends with the process, so a crash leaves none behind.
    """
    (directory / "log").mkdir(parents=True, exist_ok=True)
    # Others may pass through, because the stores are others for root, but not look around.
    directory.chmod(0o711)
    (directory / "log").chmod(0o700)
    with (directory / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"fillwire already runs on {directory}: {_running(directory)}"
            raise AlreadyRunning(message) from None
        # What a predecessor that was killed has said is no longer true.
        (directory / "running.json").unlink(missing_ok=True)
        try:
            yield
        finally:
            (directory / "running.json").unlink(missing_ok=True)


def announce(directory: Path, **facts: str | int) -> None:
    """Says to the next one who asks for `directory` that this process runs on it, and `facts`."""
    draft = directory / "running.draft"
    draft.write_text(json.dumps({"pid": os.getpid(), **facts}))
    draft.replace(directory / "running.json")


def running(directory: Path) -> dict[str, str | int]:
    """What the process that runs on `directory` has said of itself; empty where it is starting or stopping, or gone."""
    try:
        facts: dict[str, str | int] = json.loads((directory / "running.json").read_text())
    except (OSError, ValueError):
        return {}
    return facts


def _running(directory: Path) -> str:
    told = ", ".join(f"{name}={value}" for name, value in running(directory).items())
    return told or "it is just starting or stopping"
