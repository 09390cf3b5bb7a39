"""Connections to PostgreSQL that survive its restart and its silence: nobody is given one that is known to be dead."""

import asyncio
import contextlib
import os
import select
import socket
import time
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg_pool import AsyncConnectionPool

__all__ = ["ANSWER_SECONDS", "Connection", "Pool"]

ANSWER_SECONDS: Final = 7.0
"""How long a connection waits for the server; more than the server itself gives any statement."""

_RECONNECT_SECONDS: Final = 1.0
"""How long a pool that nobody uses tries to replace a connection; it would double its pauses and oversleep."""

T = TypeVar("T")


class Connection(psycopg.AsyncConnection[tuple[Any, ...]]):
    """A connection that gives up on a server that is silent.

    The kernel notices a machine that is gone (`tcp_user_timeout`), not a server that is stopped, or cut off behind
    something that answers in its place. Cancelling does not help either: psycopg then asks that server to cancel.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.born = time.monotonic()

    async def wait(self, gen: PQGen[T], *args: Any, **kwargs: Any) -> T:
        """As in psycopg, but raises `OperationalError` after `ANSWER_SECONDS`; the connection is then gone."""
        limit = asyncio.get_running_loop().call_later(ANSWER_SECONDS, self._hang_up)
        try:
            return await super().wait(gen, *args, **kwargs)
        finally:
            limit.cancel()

    def _hang_up(self) -> None:
        # The server may have hung up at this very moment; then there is nothing left to end.
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)


class Pool(AsyncConnectionPool[Connection]):
    """A pool that looks at a connection before it gives it out; opened and closed by its owner.

    An idle connection on which something has arrived was closed by the server, or nearly always so. That costs one
    look at the socket; only then is the server asked. One that is dead has all of its age replaced.
    """

    def __init__(self, url: str, *, kwargs: Mapping[str, Any], min_size: int, max_size: int, timeout: float) -> None:
        super().__init__(
            url,
            connection_class=Connection,
            kwargs=dict(kwargs),
            min_size=min_size,
            max_size=max_size,
            timeout=timeout,
            reconnect_timeout=_RECONNECT_SECONDS,
            check=self._look,
            open=False,
        )
        self._renewed = 0.0
        self._renewing: set[asyncio.Task[None]] = set()

    async def putconn(self, conn: Connection) -> None:
        """Takes a connection back; where it broke in use, those that are as old are replaced."""
        if conn.broken:
            self._renew(conn)
        await super().putconn(conn)

    async def reconnect_failed(self) -> None:
        """Tries again for as long as somebody waits."""
        if self.get_stats()["requests_waiting"]:
            await self.check()

    async def _look(self, conn: Connection) -> None:
        if _quiet(conn):
            return
        try:
            await self.check_connection(conn)
        except psycopg.OperationalError:
            self._renew(conn)
            raise

    def _renew(self, dead: Connection) -> None:
        if dead.born < self._renewed:  # one of a generation that is known to be lost
            return
        self._renewed = time.monotonic()
        renewing = asyncio.create_task(self.drain())
        self._renewing.add(renewing)
        renewing.add_done_callback(self._renewing.discard)


def _quiet(conn: Connection) -> bool:
    """Whether nothing waits to be read; between two statements the server has nothing to say."""
    poll = select.poll()
    poll.register(conn.fileno(), select.POLLIN)
    return not poll.poll(0)
