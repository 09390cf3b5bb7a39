"""Whom a store runs as: PostgreSQL refuses to run as root, so root's stores run as nobody."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from fillwire_stack.errors import Unreachable

__all__ = ["User", "open_to", "reachable", "unprivileged"]

_ENTER = 0o001
_LIST_AND_ENTER = 0o005


@dataclass(frozen=True, slots=True)
class User:
    """Another user than the one we are."""

    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Makes `path`, not what is in it, this user's."""
        os.chown(path, self.uid, self.gid)


def unprivileged() -> User | None:
    """`nobody` where we are root; None where we are an ordinary user and need not change."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return User(nobody.pw_uid, nobody.pw_gid)


def open_to(directory: Path) -> None:
    """Lets another user enter `directory`, not list it; its parents stay as they are.

    Raises Unreachable where one of them is closed to others.
    """
    directory.chmod(0o711)
    if not reachable(directory):
        message = f"PostgreSQL and Valkey run as nobody here, who cannot reach {directory}: use another directory"
        raise Unreachable(message)


def reachable(directory: Path, *, listed: bool = False) -> bool:
    """Whether any user of this machine can enter `directory`, and list it if `listed`."""
    wanted = _LIST_AND_ENTER if listed else _ENTER
    here = directory.resolve()
    return here.stat().st_mode & wanted == wanted and all(parent.stat().st_mode & _ENTER for parent in here.parents)
