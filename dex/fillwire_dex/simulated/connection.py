"""Transactions with the market's database, and what their failures mean."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import tuple_row
from psycopg_pool import AsyncConnectionPool

from fillwire_dex.errors import MarketNotInstalled, MarketUnavailable
from fillwire_dex.simulated.sql import statement

Connections = AsyncConnectionPool[AsyncConnection[Any]]
Row = tuple[Any, ...]


@asynccontextmanager
async def transaction(connections: Connections) -> AsyncIterator[AsyncConnection[Any]]:
    """Give a connection in a pipelined transaction, committed on leaving.

    Statements go out without waiting; fetching from one waits for all that were sent before it.
    Raises MarketUnavailable when the database cannot be reached or will not wait for a lock,
    MarketNotInstalled when the tables are missing.
    """
    try:
        async with (
            connections.connection() as connection,
            connection.pipeline(),
            connection.transaction(),
        ):
            yield connection
    except psycopg.errors.UndefinedTable as error:
        raise MarketNotInstalled("the schema `market` is missing; run its upgrade") from error
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise MarketUnavailable(f"the market's database: {type(error).__name__}") from error


async def run(
    connection: AsyncConnection[Any], name: str, parameters: Mapping[str, Any] | None = None
) -> AsyncCursor[Row]:
    """Send the statement `name` and return the cursor its rows will come on."""
    cursor = connection.cursor(row_factory=tuple_row)
    return await cursor.execute(statement(name), parameters)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment on the database's clock: its slot, and the second since 1970."""

    slot: int
    second: int


@dataclass(frozen=True, slots=True)
class Clock:
    """A look at the clock that was sent; `fetch` waits for it."""

    cursor: AsyncCursor[Row]

    async def fetch(self) -> Moment:
        """Return the moment; raises MarketNotInstalled when there is no chain."""
        row = await self.cursor.fetchone()
        if row is None:
            raise MarketNotInstalled("the market has no chain; run its upgrade")
        return Moment(*row)


async def read_clock(connection: AsyncConnection[Any]) -> Clock:
    """Send the question what time it is."""
    return Clock(await run(connection, "read_clock"))
