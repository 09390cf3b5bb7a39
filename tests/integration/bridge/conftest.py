"""A bridge and the server behind it, both in the test's loop, on stores of the test's own."""

from collections.abc import AsyncIterator, Iterator

import grpc
import httpx
import pytest

from fillwire.settings import Settings
from fillwire_bridge.serving import running_bridge
from fillwire_bridge.settings import BridgeSettings
from fillwire_orders.publisher import Publisher
from fillwire_server.server import running_server
from fillwire_server.settings import ServerSettings
from tests.e2e.standing import standing
from tests.e2e.system import System

PEPPER = "a-pepper-for-tests-only"


@pytest.fixture
async def engine(database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """Where a server listens that nobody else uses; its market takes no time, and it has no workers."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("FILLWIRE_QUEUE_KEY", "a-key-for-tests-only")
    monkeypatch.setenv("FILLWIRE_LISTEN", "127.0.0.1:0")
    monkeypatch.setenv("FILLWIRE_LATENCY_PROFILE", "zero")
    monkeypatch.setenv("FILLWIRE_KEY_PEPPER", PEPPER)
    # A quota that no test exhausts; streams by the thousand are some tests' subject.
    monkeypatch.setenv("FILLWIRE_ORDERS_PER_MINUTE", "1000")
    monkeypatch.setenv("FILLWIRE_MAX_OPEN_ORDERS", "0")
    monkeypatch.setenv("FILLWIRE_MAX_STREAMS", "0")
    async with running_server(ServerSettings()) as port:
        yield f"127.0.0.1:{port}"


@pytest.fixture
def bridge_settings() -> BridgeSettings:
    """A bridge on a free port of this machine; a test that is about a setting overrides it."""
    return BridgeSettings(listen="127.0.0.1:0")


@pytest.fixture
async def bridge_url(engine: str, bridge_settings: BridgeSettings) -> AsyncIterator[str]:
    """Where a bridge to that server listens, such as http://127.0.0.1:8080."""
    async with running_bridge(bridge_settings, Settings(engine)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def http(bridge_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of that bridge."""
    async with httpx.AsyncClient(base_url=bridge_url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
async def channel(engine: str) -> AsyncIterator[grpc.aio.Channel]:
    """The way to the server past the bridge."""
    async with grpc.aio.insecure_channel(engine) as channel:
        yield channel


@pytest.fixture
async def publisher(redis_url: str) -> AsyncIterator[Publisher]:
    """The feed as a worker has it."""
    publisher = Publisher(redis_url)
    yield publisher
    await publisher.close()


@pytest.fixture(scope="session")
def system(postgres: str, template: str) -> Iterator[System]:
    """The engine's real processes, for tests whose orders are to be executed; all tests share them. Leave them alive."""
    with standing("bridge", postgres, template) as system:
        yield system


@pytest.fixture
async def system_bridge_url(system: System, bridge_settings: BridgeSettings) -> AsyncIterator[str]:
    """Where a bridge to those processes listens."""
    async with running_bridge(bridge_settings, Settings(system.target)) as port:
        yield f"http://127.0.0.1:{port}"
