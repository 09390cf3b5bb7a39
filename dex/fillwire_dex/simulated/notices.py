"""What other processes say of the market: a notice whenever a block changed pools, within PostgreSQL's own channel.

Nothing rests on a notice. Behind a pooler that passes none on, or while the connection is away, who follows the market
looks by himself, at his own pace.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, cast

import psycopg
import structlog
from psycopg import AsyncConnection

from fillwire_dex.simulated.connection import Connections

CHANNEL: Final = "fillwire_market"
"""`close_block` names it too."""

_AGAIN_SECONDS: Final = 1.0

Hear = Callable[[int | None], None]
"""Takes the height of a block that was committed; None when there may have been any."""

log = structlog.get_logger()


async def listen(connections: Connections, hear: Hear) -> None:
    """Tell `hear` of every block, for ever, over a connection of its own like those of the pool."""
    while True:
        try:
            await _listen(connections, hear)
        except (psycopg.Error, OSError) as error:
            log.warning("market_notices_interrupted", error=type(error).__name__)
        except Exception:
            log.exception("market_notices_broke")
        await asyncio.sleep(_AGAIN_SECONDS)


async def _listen(connections: Connections, hear: Hear) -> None:
    async with await _connected(connections) as connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        hear(None)  # of what was committed before
        async for notice in connection.notifies():
            hear(int(notice.payload))


async def _connected(connections: Connections) -> AsyncConnection[Any]:
    """Open a connection to the pool's database; a plain one, as the pool's own may end themselves in a silence."""
    kwargs = cast("dict[str, Any]", connections.kwargs or {})
    return await AsyncConnection.connect(cast("str", connections.conninfo), **{**kwargs, "autocommit": True})
