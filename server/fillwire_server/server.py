"""The gRPC server: its options, its services, its life from the first call to the last."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import grpc
from grpc_health.v1.health import SERVICE_NAME as HEALTH
from grpc_health.v1.health import aio as health_aio
from grpc_reflection.v1alpha.reflection import SERVICE_NAME as REFLECTION

from fillwire.v1 import account_service_pb2, market_service_pb2, order_service_pb2
from fillwire_orders import Executions
from fillwire_server.account_service import AccountService
from fillwire_server.changing import Changing
from fillwire_server.health import watching_health
from fillwire_server.intake import Intake
from fillwire_server.interceptors import Drain, Gate, Layer, handlers, layers
from fillwire_server.market_service import MarketService
from fillwire_server.parts import Parts, opened
from fillwire_server.reflection import ReflectionServicer
from fillwire_server.reporting import Reporting
from fillwire_server.service import OrderService
from fillwire_server.settings import ServerSettings
from fillwire_server.streaming import Streaming
from fillwire_server.tls import credentials

__all__ = ["OPTIONS", "running_server"]

OPTIONS: Final[Sequence[tuple[str, int]]] = (
    # An order is a few hundred bytes; what is larger is not one.
    ("grpc.max_receive_message_length", 64 * 1024),
    ("grpc.max_metadata_size", 8 * 1024),
    ("grpc.absolute_max_metadata_size", 16 * 1024),
    # Connections that never finish their greeting are otherwise kept for minutes.
    ("grpc.server_handshake_timeout_ms", 3_000),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.keepalive_permit_without_calls", 1),
    # What clients may send; the name with `recv` in it, seen elsewhere, is no option and does nothing.
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    # Beyond it a client's calls queue in silence, which looks like a hang.
    # A call that was reset counts until it is cleaned up: with ten times as many, one connection that makes calls and
    # resets them without pause keeps all others waiting for half a minute, in a gigabyte.
    ("grpc.max_concurrent_streams", 1_000),
    ("grpc.max_connection_idle_ms", 600_000),
    # Long watches move to other servers now and then; clients resume.
    ("grpc.max_connection_age_ms", 1_800_000),
    ("grpc.max_connection_age_grace_ms", 300_000),
    # A second server on a port that is taken must fail, not take half of its connections.
    ("grpc.so_reuseport", 0),
)

ORDERS: Final = order_service_pb2.DESCRIPTOR.services_by_name["OrderService"].full_name
MARKET: Final = market_service_pb2.DESCRIPTOR.services_by_name["MarketService"].full_name

ACCOUNTS: Final = account_service_pb2.DESCRIPTOR.services_by_name["AccountService"].full_name


@asynccontextmanager
async def running_server(settings: ServerSettings) -> AsyncIterator[int]:
    """Serves while the block runs and gives the port; then drains, within `drain_seconds` and a little.

    Draining: health says NOT_SERVING, streams end at once with UNAVAILABLE (SERVER_DRAINING), new calls are refused,
    and those that answer once finish. Raises as `opened` does, and `OSError` where the address cannot be had.
    """
    async with opened(settings) as parts:
        health = health_aio.HealthServicer()
        drain = Drain()
        server = grpc.aio.server(options=OPTIONS)
        around = layers(Gate(parts.ring), drain)
        names = _register(server, _servicers(parts, health), around, reflection=settings.reflection)
        port = _listen(server, settings)
        async with watching_health(health, names, parts.pool, settings.redis_url.get_secret_value()):
            await server.start()
            try:
                yield port
            finally:
                await health.enter_graceful_shutdown()
                drain.begin()
                await server.stop(settings.drain_seconds)


def _listen(server: grpc.aio.Server, settings: ServerSettings) -> int:
    secure = credentials(settings)
    try:
        if secure:
            return server.add_secure_port(settings.listen, secure)
        return server.add_insecure_port(settings.listen)
    except RuntimeError as error:
        raise OSError(f"cannot listen on {settings.listen}: is it taken?") from error


def _servicers(parts: Parts, health: health_aio.HealthServicer) -> dict[str, Sequence[object]]:
    """By service, those that share its methods."""
    # The generated bases are abstract to type checkers only: what they are left with answers that it is not served.
    market = MarketService(parts.market, parts.scores, parts.board, parts.quotes)
    intake = Intake(
        parts.journal,
        parts.dispatcher,
        parts.publisher,
        venue_names=market.venue_names,
        mid_price=parts.board.mid,
        quotes=parts.quotes,
    )
    orders = OrderService(intake, parts.reader, parts.feed)  # type: ignore[abstract]
    streaming = Streaming(intake, parts.reader, parts.feed, parts.account_feed)
    changing = Changing(parts.changes, parts.reader, market.venue_names)
    accounts = AccountService(parts.accounts)
    reporting = Reporting(Executions(parts.pool))
    return {
        ORDERS: [orders, streaming, changing, reporting],
        MARKET: [market],
        ACCOUNTS: [accounts, parts.webhooks],
        HEALTH: [health],
    }


def _register(
    server: grpc.aio.Server, servicers: dict[str, Sequence[object]], around: Sequence[Layer], *, reflection: bool
) -> Sequence[str]:
    """Adds the services to the server, behind the layers, and gives their names."""
    names = [*servicers, REFLECTION] if reflection else [*servicers]
    if reflection:
        servicers = servicers | {REFLECTION: [ReflectionServicer(names)]}
    server.add_generic_rpc_handlers([handlers(name, servicer, around) for name, servicer in servicers.items()])
    return names
