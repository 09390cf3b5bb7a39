"""The TypeScript package as npm builds it, once for all processes of pytest."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

__all__ = ["PACKAGE", "built"]

ROOT: Final = Path(__file__).parents[3]
PACKAGE: Final = ROOT / "typescript"

_SOURCES: Final = ("src", "tests", "examples", "live", "package-lock.json", "package.json", "tsconfig.json")


def built() -> Path:
    """Its folder, with `node_modules` and `dist` as its sources want them; skips where this machine has no npm."""
    if shutil.which("npm") is None:
        missing = "no npm on PATH: apt-get install nodejs npm"
        assert not os.environ.get("FILLWIRE_REQUIRE_BROWSER"), missing
        pytest.skip(missing)
    with (PACKAGE / "package.json").open() as lock:
        # Another process of pytest may be at it; whoever comes second finds it done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        _run("sh", "tools/npm.sh")
        stamp, digest = PACKAGE / "dist" / ".stamp", _digest()
        if not stamp.exists() or stamp.read_text() != digest:
            _run("npm", "--prefix", "typescript", "run", "--silent", "build")
            stamp.write_text(digest)
    return PACKAGE


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _digest() -> str:
    digest = hashlib.sha256(str(PACKAGE).encode())
    for file in _files():
        digest.update(f"{file}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for source in _SOURCES:
        path = PACKAGE / source
        yield from [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
