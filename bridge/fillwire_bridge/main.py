"""The bridge process: from its settings to its last answer."""

import asyncio
import resource
import signal
import sys
from collections.abc import Sequence

import structlog
from pydantic import ValidationError

from fillwire.settings import settings as engine
from fillwire_bridge import log as logs
from fillwire_bridge import metrics
from fillwire_bridge.serving import running_bridge
from fillwire_bridge.settings import BridgeSettings

__all__ = ["main"]

log = structlog.get_logger()


def main(argv: Sequence[str] | None = None) -> int:
    """Serves until SIGTERM or SIGINT; takes no arguments, everything is in the environment.

    Gives 0 after a drain, 1 where it could not serve, 2 for wrong settings.
    """
    if argv:
        sys.stderr.write("fillwire bridge takes no arguments; its settings are environment variables\n")
        return 2
    try:
        settings = BridgeSettings()
    except ValidationError as error:
        _explain(error)
        return 2
    logs.configure(level=settings.log_level)
    _allow_files()
    try:
        asyncio.run(_serve(settings))
    except (OSError, ValueError) as error:
        log.error("bridge_cannot_start", reason=str(error))  # noqa: TRY400 - the operator's to mend, not a bug
        return 1
    return 0


async def _serve(settings: BridgeSettings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if settings.metrics_listen:
        metrics.serve(settings.metrics_listen)
    target = engine()
    async with running_bridge(settings, target) as port:
        log.info("bridge_ready", listen=settings.listen, port=port, target=target.target)
        await stop.wait()
        log.info("bridge_draining")
    log.info("bridge_stopped")


def _allow_files() -> None:
    """As many connections as the system allows; 1,024 open files are the habit, fewer than the sockets it may have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _explain(error: ValidationError) -> None:
    """Says which settings are wrong."""
    for one in error.errors():
        name = ".".join(str(part) for part in one["loc"])
        sys.stderr.write(f"{name}: {one['msg']}\n" if name else f"{one['msg']}\n")
