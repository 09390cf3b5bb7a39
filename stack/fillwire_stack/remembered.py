"""What a stack decides once and keeps in files: its secrets and its ports."""

import os
import secrets
import socket
from pathlib import Path

__all__ = ["is_free", "port", "secret"]


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

    Somebody may take it before the caller does; the caller then asks again.
    """
    try:
        kept = int(path.read_text())
    except (FileNotFoundError, ValueError):
        kept = 0
    if kept and is_free(kept):
        return kept
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        chosen = int(listener.getsockname()[1])
    path.write_text(f"{chosen}\n")
    return chosen


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
