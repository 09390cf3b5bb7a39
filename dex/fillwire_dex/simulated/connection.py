"""Transactions with the market's database, and what their failures mean."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import tuple_row
from psycopg_pool import AsyncConnectionPool

from fillwire_dex.errors import MarketNotInstalled, MarketUnavailable
from fillwire_dex.simulated.sql import statement

Connections = AsyncConnectionPool[Any]
"""A pool of any kind of connections: the engine's own are not psycopg's plain ones."""

Row = tuple[Any, ...]


@asynccontextmanager
async def transaction(connections: Connections) -> AsyncIterator[AsyncConnection[Any]]:
    """Give a connection in a pipelined transaction, committed on leaving.

    Statements go out without waiting; fetching from one waits for all that were sent before it.
    Raises as `fetch` does.
    """
    with _translated():
        async with connections.connection() as connection, connection.pipeline(), connection.transaction():
            yield connection


async def fetch(connections: Connections, name: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
    """Run the statement `name` by itself and return its rows.

    Raises MarketUnavailable when the database cannot be reached or will not wait for a lock,
    MarketNotInstalled when the tables are missing.
    """
    with _translated():
        async with connections.connection() as connection:
            return await (await run(connection, name, parameters)).fetchall()


async def run(
    connection: AsyncConnection[Any], name: str, parameters: Mapping[str, Any] | None = None
) -> AsyncCursor[Row]:
    """Send the statement `name` and return the cursor its rows will come on."""
    cursor = connection.cursor(row_factory=tuple_row)
    return await cursor.execute(statement(name), parameters)


async def row(cursor: AsyncCursor[Row]) -> Row:
    """Return the one row of a statement about the chain; raises MarketNotInstalled without a chain."""
    found = await cursor.fetchone()
    if found is None:
        raise MarketNotInstalled("the market has no chain; run its upgrade")
    return found


def lines(documents: Iterable[str]) -> str:
    """Return JSON documents as one parameter: the driver takes longer to quote an array of them than to make them."""
    return "\n".join(documents)


@contextmanager
def _translated() -> Iterator[None]:
    """Raise the driver's errors as the market's."""
    try:
        yield
    except psycopg.errors.UndefinedTable as error:
        raise MarketNotInstalled("the schema `market` is missing; run its upgrade") from error
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise MarketUnavailable(f"the market's database: {type(error).__name__}") from error
