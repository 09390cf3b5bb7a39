"""The connection to PostgreSQL: a pool whose time-outs are enforced where they hold, and one way to run a statement."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from typing import Any, Final

import psycopg
from psycopg import errors
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from fillwire_orders.errors import StoreUnavailable
from fillwire_orders.sql import statement

__all__ = ["Pool", "fetch", "open_pool", "run"]

Pool = AsyncConnectionPool[psycopg.AsyncConnection[tuple[Any, ...]]]

ROUNDS: Final = 3
"""How often a statement that the server itself undid (deadlock, serialisation) is run."""

# asyncio cannot interrupt libpq: cancelling a commit that hangs took 12 s instead of 2. So the limits stand in the
# server (statement, lock) and in the kernel (connect, keepalive, unacknowledged data).
_LIMITS: Final = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 6000,
    "options": "-c statement_timeout=5000 -c lock_timeout=2000 -c timezone=UTC",
    "application_name": "fillwire",
}


async def open_pool(url: str, *, min_size: int = 1, max_size: int = 8, wait: float = 10.0) -> Pool:
    """Opens a pool of autocommit connections; a statement is then a transaction and costs one round trip.

    Waits up to `wait` seconds for the first connection; raises `StoreUnavailable` when there is none by then.
    The caller closes it.
    """
    pool: Pool = AsyncConnectionPool(
        url.replace("postgresql+psycopg://", "postgresql://", 1),
        kwargs={"autocommit": True, "prepare_threshold": 0, **_LIMITS},
        min_size=min_size,
        max_size=max_size,
        timeout=5.0,
        reconnect_timeout=60.0,
        check=None,  # a check costs a round trip per use; a dead connection shows itself and is retried
        open=False,
    )
    try:
        await pool.open(wait=True, timeout=wait)
    except PoolTimeout as error:
        await pool.close()
        raise StoreUnavailable("PostgreSQL cannot be reached") from error
    return pool


async def fetch(pool: Pool, name: str, params: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    """Runs the statement `name` of `sql/` and gives all its rows; raises as `run` does."""
    return await run(pool, statement(name), params, name=name)


async def run(pool: Pool, query: bytes, params: Mapping[str, Any], *, name: str) -> Sequence[tuple[Any, ...]]:
    """Runs a statement in a transaction of its own and gives all its rows; `name` is for messages.

    Raises `StoreUnavailable` when the outcome is unknown or nothing was done for lack of a server; a constraint that
    refuses comes out as psycopg's own error, because it is a bug of ours.
    """
    for last in (False,) * (ROUNDS - 1) + (True,):
        try:
            async with pool.connection() as connection:
                cursor = await connection.execute(query, params)
                return await cursor.fetchall() if cursor.description else []
        except (errors.DeadlockDetected, errors.SerializationFailure) as error:
            if last:
                raise StoreUnavailable(f"{name}: undone {ROUNDS} times by the server") from error
            await asyncio.sleep(random.uniform(0.001, 0.02))  # noqa: S311 - jitter, not a secret
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise StoreUnavailable(f"{name}: {type(error).__name__}") from error
    raise AssertionError  # the last round returned or raised
