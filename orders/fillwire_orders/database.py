"""The connection to PostgreSQL: a pool whose time-outs are enforced where they hold, and one way to run a statement."""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

import psycopg
from psycopg import errors
from psycopg_pool import PoolTimeout

from fillwire_orders.errors import StoreUnavailable
from fillwire_orders.pool import Pool
from fillwire_orders.sql import statement

__all__ = ["Pool", "fetch", "open_pool", "run"]

ROUNDS: Final = 3
"""How often a statement that the server itself undid (deadlock, serialisation) is run."""

PATIENCE_SECONDS: Final = 2.0
"""How long after its beginning a statement whose connection broke is run again, on another one."""

_ASK_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 0.005

# A statement is planned once and its plan kept with the connection. All of them find rows by a key, but where a table is
# small the planner reads the whole of it: an engine that had just begun read all its orders at every step of each, until
# PostgreSQL first looked at the table, a minute later.
_BY_KEY: Final = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off"

# asyncio cannot interrupt libpq: cancelling a commit that hangs took 12 s instead of 2. So the limits stand in the
# server (statement, lock) and in the kernel (connect, keepalive, unacknowledged data).
_LIMITS: Final = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 6000,
    "options": "-c statement_timeout=5000 -c lock_timeout=2000 -c timezone=UTC " + _BY_KEY,
    "application_name": "fillwire",
}


async def open_pool(url: str, *, min_size: int = 1, max_size: int = 8, wait: float = 10.0) -> Pool:
    """Opens a pool of autocommit connections; a statement is then a transaction and costs one round trip.

    Waits up to `wait` seconds for the first connection; raises `StoreUnavailable` when there is none by then.
    The caller closes it.
    """
    pool = Pool(
        url.replace("postgresql+psycopg://", "postgresql://", 1),
        kwargs={"autocommit": True, "prepare_threshold": 0, **_LIMITS},
        min_size=min_size,
        max_size=max_size,
        timeout=5.0,
    )
    await pool.open()
    deadline = time.monotonic() + wait
    while not await _connects(pool):
        if time.monotonic() > deadline:
            await pool.close()
            raise StoreUnavailable("PostgreSQL cannot be reached")
    return pool


async def _connects(pool: Pool) -> bool:
    """Whether there is a connection after a moment; the pool makes another attempt for whoever asks it for one."""
    until = time.monotonic() + _ASK_SECONDS
    # Not asked at once: beside the connection that is being made it would make a second one.
    while time.monotonic() < until:
        if pool.get_stats()["pool_available"]:
            return True
        await asyncio.sleep(_LOOK_SECONDS)
    try:
        async with pool.connection(timeout=_ASK_SECONDS):
            return True
    except PoolTimeout:
        return False


async def fetch(pool: Pool, name: str, params: Mapping[str, Any], *, once: bool = False) -> Sequence[tuple[Any, ...]]:
    """Runs the statement `name` of `sql/` and gives all its rows; as `run` does."""
    return await run(pool, statement(name), params, name=name, once=once)


async def run(
    pool: Pool, query: bytes, params: Mapping[str, Any], *, name: str, once: bool = False
) -> Sequence[tuple[Any, ...]]:
    """Runs a statement in a transaction of its own and gives all its rows; `name` is for messages.

    A statement whose connection broke may have been carried out; it is run again all the same, for a moment, unless
    it says `once`. Raises `StoreUnavailable` when the outcome is unknown or nothing was done for lack of a server; a
    constraint that refuses comes out as psycopg's own error, because it is a bug of ours.
    """
    patience = 0.0 if once else time.monotonic() + PATIENCE_SECONDS
    undone = 0
    while True:
        try:
            async with pool.connection() as connection:
                cursor = await connection.execute(query, params)
                return await cursor.fetchall() if cursor.description else []
        except (errors.DeadlockDetected, errors.SerializationFailure) as error:
            undone += 1
            if undone == ROUNDS:
                raise StoreUnavailable(f"{name}: undone {ROUNDS} times by the server") from error
            await asyncio.sleep(random.uniform(0.001, 0.02))  # noqa: S311 - jitter, not a secret
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            if not (_lost(error) and time.monotonic() < patience):
                raise StoreUnavailable(f"{name}: {type(error).__name__}") from error


def _lost(error: psycopg.Error) -> bool:
    """Whether the connection is gone, and not only the statement: no answer at all, or the server's last words."""
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))
