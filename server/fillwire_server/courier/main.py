"""The courier process."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Sequence
from typing import Literal

import structlog
from pydantic import Field, ValidationError

from fillwire_orders import AccountFeed, AccountLog, StoreUnavailable, open_pool
from fillwire_orders.listening import Listening
from fillwire_orders.log import configure
from fillwire_orders.settings import StoreSettings
from fillwire_orders.tasks import ended
from fillwire_orders.webhooks import Webhooks
from fillwire_server.courier.courier import Courier
from fillwire_server.courier.posting import Post

__all__ = ["CourierSettings", "main"]

log = structlog.get_logger()


class CourierSettings(StoreSettings):
    """The stores, and what a courier may do.

    `FILLWIRE_WEBHOOKS_ALLOW_PRIVATE`: 1 lets webhooks be plaintext and on the engine's own network, for development.
    """

    allow_private: bool = Field(False, validation_alias="FILLWIRE_WEBHOOKS_ALLOW_PRIVATE")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", validation_alias="FILLWIRE_LOG_LEVEL")


def main(argv: Sequence[str] | None = None) -> int:
    """Delivers until SIGTERM; takes no arguments, everything is in the environment.

    Gives 0 then, 1 where a store is away at the start, 2 for wrong settings.
    """
    if argv:
        sys.stderr.write("fillwire courier takes no arguments; its settings are environment variables\n")
        return 2
    try:
        settings = CourierSettings()
    except ValidationError as error:
        sys.stderr.write("".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}\n" for one in error.errors()))
        return 2
    configure("courier", level=settings.log_level)
    try:
        asyncio.run(_run(settings))
    except StoreUnavailable as error:
        log.error("cannot_start", reason=str(error))  # noqa: TRY400 - the operator's to mend, not a bug
        return 1
    return 0


async def _run(settings: CourierSettings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        pool = await open_pool(settings.database_url.get_secret_value(), max_size=3)
        stack.push_async_callback(pool.close)
        listening = await stack.enter_async_context(Listening(settings.redis_url.get_secret_value()))
        feed = await stack.enter_async_context(AccountFeed(listening, AccountLog(pool)))
        post = await stack.enter_async_context(Post(allow_private=settings.allow_private))
        courier = Courier(f"{socket.gethostname()}-{os.getpid()}", Webhooks(pool), feed, post)
        delivering = asyncio.create_task(courier.run())
        log.info("courier_ready")
        await stop.wait()
        await ended(delivering)
