"""A real browser in front of a real engine.

All tests of this folder run in one event loop, because a browser belongs to the loop that started it.
"""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from fillwire_dex.simulated import ZERO, SimulatedMarket, open_market
from fillwire_orders import open_pool
from fillwire_stack.services import Process
from tests.browser.chromium import executable, launched
from tests.browser.dashboard import Dashboard
from tests.browser.site import served
from tests.browser.tab import Tab, opened
from tests.e2e.driver import Driver
from tests.e2e.standing import standing
from tests.e2e.system import System
from tests.integration.typescript.building import built


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests of this process."""
    if executable() is None:
        missing = "no Chromium on PATH: apt-get install chromium-headless-shell"
        assert not os.environ.get("FILLWIRE_REQUIRE_BROWSER"), missing
        pytest.skip(missing)
    async with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def friend() -> Iterator[str]:
    """The origin of a site whose pages the bridge lets in."""
    with served() as origin:
        yield origin


@pytest.fixture(scope="session")
def stranger() -> Iterator[str]:
    """The origin of a site that nobody has told the bridge of."""
    with served() as origin:
        yield origin


@pytest.fixture(scope="session")
def system(browser: Browser, postgres: str, template: str, friend: str) -> Iterator[System]:
    """An engine and its bridge, which all tests of this process share. Leave it alive."""
    with standing("browser", postgres, template, triggers=1, bridge=True, FILLWIRE_BRIDGE_ORIGINS=friend) as system:
        yield system


@pytest.fixture
def bridge(system: System) -> Process:
    """The process of the bridge."""
    assert system.bridge is not None
    return system.bridge


@pytest_asyncio.fixture(loop_scope="session")
async def driver(system: System) -> AsyncIterator[Driver]:
    """Speaks to the engine behind the bridge's back."""
    async with Driver(system.target) as driver:
        yield driver


@pytest_asyncio.fixture(loop_scope="session")
async def market(system: System) -> AsyncIterator[SimulatedMarket]:
    """The simulated market behind the engine; what a test scripts is cleared after it."""
    pool = await open_pool(system.database_url, max_size=2)
    market = await open_market(pool, profile=ZERO)
    yield market
    await market.clear_faults()
    await pool.close()


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser, system: System) -> AsyncIterator[Tab]:
    """An empty page; the test fails when it has complained of anything by its end."""
    _revive(system)
    async with opened(browser, system.bridge_url) as tab:
        yield tab
        assert tab.complaints == []


def _revive(system: System) -> None:
    """A test that failed may have left dead what it killed."""
    for process in system.processes:
        if process.child and process.child.exit_code is not None:
            process.start()
    system.wait_ready()


@pytest_asyncio.fixture(loop_scope="session")
async def dashboard(tab: Tab) -> Dashboard:
    """The dashboard at its first page."""
    dashboard = Dashboard(tab)
    await dashboard.open()
    return dashboard


@pytest.fixture(scope="session")
def packages() -> Path:
    """`typescript/`, with what npm installs there and what is built of it."""
    return built()
