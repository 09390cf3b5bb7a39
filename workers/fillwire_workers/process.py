"""The life of a process of this package, from its settings to its exit code."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final

import structlog
from redis import RedisError

from fillwire_dex import DexError
from fillwire_orders import StoreUnavailable
from fillwire_orders.log import configure
from fillwire_workers.settings import WorkerSettings

__all__ = ["run"]

_NOT_READY: Final = (StoreUnavailable, DexError, RedisError)
"""What is raised where a store is away at the start, or the market is not installed; a supervisor tries again."""

log = structlog.get_logger()


def run(name: str, work: Callable[[WorkerSettings], Coroutine[Any, Any, None]], argv: Sequence[str] | None) -> int:
    """Does `work` until it is done; gives 0 then, 1 where it cannot start, 2 for arguments, which there are none of."""
    if argv:
        sys.stderr.write(f"fillwire {name} takes no arguments; its settings are environment variables\n")
        return 2
    settings = WorkerSettings()
    configure(name, level=settings.log_level)
    try:
        asyncio.run(work(settings))
    except _NOT_READY as error:
        log.error("cannot_start", reason=str(error))  # noqa: TRY400 - the operator's to mend, not a bug
        return 1
    return 0
