"""Health as load balancers ask for it: serving while PostgreSQL takes writes.

Redis is no condition: without it orders are taken, stored, executed and watched, only slower. Its absence is logged.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Final

import structlog
from grpc_health.v1.health import aio
from grpc_health.v1.health_pb2 import HealthCheckResponse

from fillwire_orders import Pool, StoreUnavailable, channels
from fillwire_orders.database import run
from fillwire_orders.tasks import ended

__all__ = ["watching_health"]

_PROBE_SECONDS: Final = 1.0
_WRITABLE: Final = b"SELECT current_setting('transaction_read_only') = 'off'"

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def watching_health(
    servicer: aio.HealthServicer, services: Sequence[str], pool: Pool, redis_url: str
) -> AsyncIterator[None]:
    """Keeps the health of `services`, and of the server as a whole (""), up to date while the block runs."""
    probe = _Probe(servicer, ["", *services], pool, redis_url)
    await probe.once()
    running = asyncio.create_task(probe.forever())
    try:
        yield
    finally:
        await ended(running)
        await probe.close()


class _Probe:
    def __init__(self, servicer: aio.HealthServicer, services: Sequence[str], pool: Pool, redis_url: str) -> None:
        self._servicer = servicer
        self._services = services
        self._pool = pool
        # Not redis-py's own ten retries: they would keep PostgreSQL's health waiting for half a minute.
        self._redis = channels.client(redis_url)
        self._seen: dict[str, bool] = {}

    async def forever(self) -> None:
        while True:
            await asyncio.sleep(_PROBE_SECONDS)
            try:
                await self.once()
            except Exception:
                log.exception("health_probe_failed")

    async def once(self) -> None:
        serving = await self._postgres_writes()
        self._note("postgres", up=serving)
        status = HealthCheckResponse.SERVING if serving else HealthCheckResponse.NOT_SERVING
        for service in self._services:
            await self._servicer.set(service, status)
        self._note("redis", up=await self._redis_answers())

    async def close(self) -> None:
        await self._redis.aclose()

    async def _postgres_writes(self) -> bool:
        try:
            return bool((await run(self._pool, _WRITABLE, {}, name="health"))[0][0])
        except StoreUnavailable:
            return False

    async def _redis_answers(self) -> bool:
        try:
            return bool(await self._redis.ping())
        except channels.AWAY:
            return False

    def _note(self, store: str, *, up: bool) -> None:
        """Logs a store that goes or comes back, not one that stays."""
        if self._seen.get(store, True) != up:
            (log.info if up else log.error)("store_back" if up else "store_away", store=store)
        self._seen[store] = up
