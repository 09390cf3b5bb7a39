"""The server process: from its settings to its last call."""

import asyncio
import logging
import signal
import sys
from collections.abc import Sequence

import structlog
from pydantic import ValidationError

from fillwire_dex import DexError
from fillwire_orders import StoreUnavailable
from fillwire_orders.garbage import seldom
from fillwire_orders.log import configure
from fillwire_server import metrics
from fillwire_server.server import running_server
from fillwire_server.settings import ServerSettings

__all__ = ["main"]

log = structlog.get_logger()


def main(argv: Sequence[str] | None = None) -> int:
    """Serves until SIGTERM or SIGINT; takes no arguments, everything is in the environment.

    Gives 0 after a drain, 1 where it could not serve, 2 for wrong settings.
    """
    if argv:
        sys.stderr.write("fillwire serve takes no arguments; its settings are environment variables\n")
        return 2
    try:
        settings = ServerSettings()
    except ValidationError as error:
        _explain(error)
        return 2
    configure("server", level=settings.log_level)
    logging.getLogger("grpc._cython.cygrpc").addFilter(_is_no_header)
    try:
        asyncio.run(_serve(settings))
    except (StoreUnavailable, DexError, OSError) as error:
        log.error("server_cannot_start", reason=str(error))  # noqa: TRY400 - the operator's to mend, not a bug
        return 1
    return 0


async def _serve(settings: ServerSettings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if settings.metrics_listen:
        metrics.serve(settings.metrics_listen)
    async with running_server(settings) as port:
        seldom()
        log.info("server_ready", listen=settings.listen, port=port)
        await stop.wait()
        log.info("server_draining")
    log.info("server_stopped")


def _is_no_header(record: logging.LogRecord) -> bool:
    """Keeps out of the log what gRPC writes of every header that is not UTF-8: a traceback, at anybody's wish."""
    return not str(record.msg).startswith("Invalid encoding")


def _explain(error: ValidationError) -> None:
    """Says which settings are wrong, and never what they are: some are secrets."""
    for one in error.errors():
        name = ".".join(str(part) for part in one["loc"])
        sys.stderr.write(f"{name}: {one['msg']}\n" if name else f"{one['msg']}\n")
