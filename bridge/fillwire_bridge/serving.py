"""The bridge under uvicorn: from the first connection to the last."""

import asyncio
import contextlib
import socket as sockets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import uvicorn

from fillwire.settings import Settings
from fillwire_bridge import certificates, socket
from fillwire_bridge.app import bridge
from fillwire_bridge.connections import Connection
from fillwire_bridge.parts import Parts
from fillwire_bridge.settings import BridgeSettings
from fillwire_bridge.upstream import Upstream

__all__ = ["running_bridge"]

_REQUESTS_BESIDE_SOCKETS: Final = 1_000
_LINGER_SECONDS: Final = 1


@asynccontextmanager
async def running_bridge(settings: BridgeSettings, engine: Settings) -> AsyncIterator[int]:
    """Serves while the block runs and gives the port; then drains, within `drain_seconds` and a little.

    Draining: not ready any more, streams and sockets end at once, answers under way finish. Raises `OSError` where the
    address cannot be had, or a file not read; an engine that is away is none of its start's concern.
    """
    with contextlib.closing(_listener(settings)) as listener:
        async with contextlib.aclosing(Upstream(engine)) as upstream:
            parts = Parts(settings, upstream)
            server = _Server(_config(parts))
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            try:
                yield listener.getsockname()[1]
            finally:
                await _drain(parts, server)
                await serving


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """They are the process's, not the server's: it would stop before the streams have been told."""
        yield


def _listener(settings: BridgeSettings) -> sockets.socket:
    family = sockets.AF_INET6 if ":" in settings.host else sockets.AF_INET
    try:
        return sockets.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise OSError(f"cannot listen on {settings.listen}: {error.strerror or error}") from error


def _config(parts: Parts) -> uvicorn.Config:
    settings = parts.settings
    config = uvicorn.Config(
        bridge(parts),
        http=Connection,
        lifespan="off",
        log_config=None,
        access_log=False,
        # Who asks, and by which scheme, is read from the connection: anybody can write a header.
        proxy_headers=False,
        server_header=False,
        limit_concurrency=settings.max_sockets + _REQUESTS_BESIDE_SOCKETS,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=_LINGER_SECONDS,
        **socket.UVICORN,
    )
    config.load()
    if settings.tls_cert and settings.tls_key:
        # Here, not in the task that serves: a certificate that cannot be read is told at once.
        config.ssl = certificates.renewing(settings.tls_cert, settings.tls_key)
    return config


async def _drain(parts: Parts, server: uvicorn.Server) -> None:
    state = server.server_state
    parts.draining.set()
    await _finished(state.tasks, parts.settings.drain_seconds)
    parts.ending.set()
    await _finished(state.tasks, _LINGER_SECONDS)
    for connection in list(state.connections):
        if connection.transport.get_write_buffer_size():  # its reader does not take what it is told
            connection.transport.abort()
    server.should_exit = True


async def _finished(tasks: set[asyncio.Task[None]], seconds: float) -> None:
    if tasks:
        await asyncio.wait(tasks, timeout=seconds)
