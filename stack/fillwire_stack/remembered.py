"""What a stack decides once and keeps in files: its secrets and its ports."""

import os
import secrets
import socket
from collections.abc import Iterator
from itertools import chain, cycle
from pathlib import Path
from typing import Final

__all__ = ["is_free", "port", "secret"]

_LOWEST: Final = 20_000
_OUTGOING: Final = 32_768
"""Where the ports of outgoing connections begin on a Linux that nobody has told otherwise."""

_OUTGOING_HERE: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")


def secret(path: Path) -> str:
    """The secret in `path`, made of 192 random bits at the first call; only its owner may read the file.

    A crash while it is made leaves no file, so a half-written secret is never used.
    """
    try:
        return path.read_text()
    except FileNotFoundError:
        draft = path.with_name(path.name + ".draft")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(24))
        draft.replace(path)
        return path.read_text()


def port(path: Path) -> int:
    """The port in `path` while it is free, else a free one, which is kept there from now on.

    It is none that the kernel gives to outgoing connections: a client that calls in vain while its server is dead would
    sooner or later be given its server's port. No two files get the same one from one process. Another process may
    take it before the caller does; the caller then asks again.
    """
    try:
        kept = int(path.read_text())
    except (FileNotFoundError, ValueError):
        kept = 0
    if kept and is_free(kept):
        return kept
    chosen = next(number for number in _walk if is_free(number))
    path.write_text(f"{chosen}\n")
    return chosen


def _ports() -> Iterator[int]:
    """Each port below those of outgoing connections, again and again, from a random one on."""
    try:
        end = int(_OUTGOING_HERE.read_text().split()[0])
    except OSError:
        end = _OUTGOING
    if end <= _LOWEST:  # outgoing connections may have any: there is none to prefer
        end = _OUTGOING
    start = _LOWEST + secrets.randbelow(end - _LOWEST)
    return cycle(chain(range(start, end), range(_LOWEST, start)))


_walk: Final = _ports()


def is_free(number: int, *, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on `number` now."""
    with socket.socket() as listener:
        # As servers do: connections of a predecessor that still linger are no obstacle.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, number))
        except OSError:
            return False
        return True
