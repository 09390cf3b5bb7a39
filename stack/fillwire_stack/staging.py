"""Copies of server programs where the user that they run as can get at them.

Only root's stores need it: root's clone often lies in a directory that nobody else may enter.
"""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from fillwire_stack.users import reachable, unprivileged

__all__ = ["staged"]

_STAGED = Path("/var/lib/fillwire/programs")


def staged(site: Path, places: Iterable[str], *, name: str) -> Path:
    """`site` itself where all `places` in it can be reached, else a copy of them, made at the first call in a second.

    The copy is laid out like `site`, because programs of a wheel find their libraries by the way from one to the other.
    `name` tells one build from another; a copy of that name is taken as it is.
    A crash while copying leaves a draft that is never used.
    """
    sources = [site / place for place in places if (site / place).is_dir()]
    if unprivileged() is None or all(reachable(source, listed=True) for source in sources):
        return site
    copy = _STAGED / name
    if not copy.is_dir():
        for parent in (_STAGED.parent, _STAGED):
            parent.mkdir(parents=True, exist_ok=True)
            parent.chmod(0o755)
        draft = _STAGED / f"{name}.{os.getpid()}"
        for source in sources:
            shutil.copytree(source, draft / source.relative_to(site), symlinks=True)
        _open_to_all(draft)
        _publish(draft, copy)
    return copy


def _open_to_all(draft: Path) -> None:
    draft.chmod(0o755)
    for path in draft.rglob("*"):
        if path.is_symlink():
            continue
        program = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if program else 0o644)


def _publish(draft: Path, copy: Path) -> None:
    try:
        draft.rename(copy)
    except OSError:
        # Another process was faster; its copy is as good.
        shutil.rmtree(draft)
