"""Stores that crash, forget, hang up, lock, or write to a disk that is slow or fails."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
import redis.asyncio

from tests.chaos.faults.kind import Kind, Strike
from tests.chaos.stack import Stack

__all__ = ["KINDS"]

_STOP_SECONDS: Final = 10.0


@asynccontextmanager
async def _valkey_killed(stack: Stack, _: str) -> AsyncIterator[None]:
    await stack.run(stack.valkey.kill)
    try:
        yield
    finally:
        await stack.run(stack.valkey.start)


def _told(*command: str) -> Strike:
    @asynccontextmanager
    async def told(stack: Stack, _: str) -> AsyncIterator[None]:
        client: Any = redis.asyncio.Redis.from_url(stack.valkey.url)
        async with client:
            await client.execute_command(*command)
        yield

    return told


@asynccontextmanager
async def _postgres_killed(stack: Stack, _: str) -> AsyncIterator[None]:
    await stack.run(stack.postgres.kill)
    try:
        yield
    finally:
        await stack.run(stack.postgres.start)


@asynccontextmanager
async def _postgres_stopped_at_once(stack: Stack, _: str) -> AsyncIterator[None]:
    if child := stack.postgres.child:
        child.send(signal.SIGQUIT)
        await stack.run(lambda: child.wait(_STOP_SECONDS))
    try:
        yield
    finally:
        await stack.run(stack.postgres.start)


@asynccontextmanager
async def _backends_terminated(stack: Stack, _: str) -> AsyncIterator[None]:
    async with await psycopg.AsyncConnection.connect(stack.postgres.url, autocommit=True) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
    yield


@asynccontextmanager
async def _orders_locked(stack: Stack, _: str) -> AsyncIterator[None]:
    async with await psycopg.AsyncConnection.connect(stack.postgres.url) as connection:
        # Behind a long statement it would hold up all that comes after it, for longer than it is meant to.
        await connection.execute("SET lock_timeout = '2s'")
        with contextlib.suppress(psycopg.errors.LockNotAvailable):
            await connection.execute("LOCK TABLE fillwire.orders IN ACCESS EXCLUSIVE MODE")
        yield
        await connection.rollback()


def _disk(injection: str) -> Strike:
    """A disk as strace lets PostgreSQL see it."""

    @asynccontextmanager
    async def injected(stack: Stack, _: str) -> AsyncIterator[None]:
        child = stack.postgres.child
        if child is None:
            raise AssertionError("PostgreSQL runs")
        which = [option for pid in _family(child.pid) for option in ("-p", pid)]
        tracer = await asyncio.create_subprocess_exec(
            *("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e", f"inject=fdatasync:{injection}"),
            *which,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                tracer.terminate()
            await tracer.wait()

    return injected


def _family(pid: int) -> list[str]:
    """A process and its children, which strace does not find by itself."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [str(pid), *children.split()]


def _has_strace() -> bool:
    return shutil.which("strace") is not None


_VALKEY: Final = ("valkey",)
_POSTGRES: Final = ("postgres",)

KINDS: Final = (
    Kind("valkey_killed", _VALKEY, (0.3, 4.0), _valkey_killed),
    Kind("valkey_flushed", _VALKEY, (0.0, 0.1), _told("FLUSHALL")),
    Kind("valkey_hangs", _VALKEY, (1.0, 3.0), _told("CLIENT", "PAUSE", "2000", "ALL")),
    Kind("subscribers_killed", _VALKEY, (0.0, 0.1), _told("CLIENT", "KILL", "TYPE", "pubsub")),
    Kind("postgres_killed", _POSTGRES, (0.2, 2.0), _postgres_killed),
    Kind("postgres_stopped_at_once", _POSTGRES, (0.2, 2.0), _postgres_stopped_at_once),
    Kind("backends_terminated", _POSTGRES, (0.0, 0.1), _backends_terminated),
    Kind("orders_locked", _POSTGRES, (0.5, 3.0), _orders_locked),
    Kind("disk_slow", _POSTGRES, (1.0, 4.0), _disk("delay_enter=80000"), _has_strace),
    Kind("disk_fails", _POSTGRES, (0.5, 1.0), _disk("error=EIO:when=3"), _has_strace),
)
