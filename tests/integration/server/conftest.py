"""A server in this process, on a database and a Redis of its own, and stubs that speak to it over a socket."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import grpc
import pytest

from fillwire.v1.market_service_pb2_grpc import MarketServiceStub
from fillwire.v1.order_service_pb2_grpc import OrderServiceStub
from fillwire_orders.publisher import Publisher
from fillwire_server.server import running_server
from fillwire_server.settings import ServerSettings

if TYPE_CHECKING:
    from fillwire.v1.market_service_pb2_grpc import MarketServiceAsyncStub
    from fillwire.v1.order_service_pb2_grpc import OrderServiceAsyncStub

PEPPER = "a-pepper-for-tests-only"


@pytest.fixture
def settings(database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> ServerSettings:
    """A server on a free port of this machine, with a market that takes no time."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("FILLWIRE_QUEUE_KEY", "a-key-for-tests-only")
    monkeypatch.setenv("FILLWIRE_LISTEN", "127.0.0.1:0")
    monkeypatch.setenv("FILLWIRE_LATENCY_PROFILE", "zero")
    monkeypatch.setenv("FILLWIRE_KEY_PEPPER", PEPPER)
    # A test that is about a limit sets it.
    for limit in ("FILLWIRE_ORDERS_PER_MINUTE", "FILLWIRE_MAX_OPEN_ORDERS", "FILLWIRE_MAX_STREAMS"):
        monkeypatch.setenv(limit, "0")
    return ServerSettings()


@pytest.fixture
async def channel(settings: ServerSettings) -> AsyncIterator[grpc.aio.Channel]:
    """A channel to a running server."""
    async with running_server(settings) as port, grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield channel


@pytest.fixture
def orders(channel: grpc.aio.Channel) -> "OrderServiceAsyncStub":
    """The orders of that server."""
    return OrderServiceStub(channel)


@pytest.fixture
def market(channel: grpc.aio.Channel) -> "MarketServiceAsyncStub":
    """The market of that server."""
    return MarketServiceStub(channel)


@pytest.fixture
async def publisher(redis_url: str) -> AsyncIterator[Publisher]:
    """The feed as a worker has it."""
    publisher = Publisher(redis_url)
    yield publisher
    await publisher.close()
