"""A process that cannot start says why in one line, and leaves it to its supervisor to try again."""

import os
import subprocess
import sys

import pytest

NOBODY = "redis://127.0.0.1:1"


def started(module: str, *, database_url: str, redis_url: str) -> "subprocess.CompletedProcess[str]":
    told = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "FILLWIRE_QUEUE_KEY": "a key for tests alone"}
    command = [sys.executable, "-m", module]
    return subprocess.run(command, env={**os.environ, **told}, check=False, capture_output=True, text=True, timeout=60)


def test_a_worker_without_redis_does_not_start_and_says_so(database_url: str) -> None:
    ended = started("fillwire_workers", database_url=database_url, redis_url=NOBODY)
    said = ended.stdout + ended.stderr
    assert ended.returncode == 1
    assert "cannot_start" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("module", ["fillwire_workers", "fillwire_workers.sweeper", "fillwire_workers.triggers"])
def test_without_a_market_nothing_starts_and_says_so(postgres: str, redis_url: str, module: str) -> None:
    ended = started(module, database_url=postgres, redis_url=redis_url)
    said = ended.stdout + ended.stderr
    assert ended.returncode == 1
    assert "cannot_start" in said
    assert "Traceback" not in said
