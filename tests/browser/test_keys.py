"""An engine that asks for keys, as the page meets it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, expect

from fillwire_orders import AccountId, open_pool
from fillwire_orders.keys import Keys, Scope
from tests.browser.dashboard import Dashboard
from tests.browser.tab import opened
from tests.e2e.system import System

PEPPER = "a pepper for tests alone"


@pytest_asyncio.fixture(loop_scope="session")
async def keys(database_url: str) -> AsyncIterator[Keys]:
    pool = await open_pool(database_url, max_size=1)
    yield Keys(pool)
    await pool.close()


@pytest_asyncio.fixture(loop_scope="session")
async def locked(
    browser: Browser, server_directory: Path, database_url: str, redis_url: str
) -> AsyncIterator[Dashboard]:
    """A page before an engine that nobody may use without a key."""
    with System(
        server_directory, database_url=database_url, redis_url=redis_url, bridge=True, FILLWIRE_KEY_PEPPER=PEPPER
    ) as system:
        async with opened(browser, system.bridge_url) as tab:
            yield Dashboard(tab)
            assert tab.complaints == []


async def test_a_page_asks_for_the_key_and_then_trades_with_it(locked: Dashboard, keys: Keys) -> None:
    key = await keys.create(AccountId("mine"), [Scope.READ, Scope.TRADE], PEPPER)
    await locked.page.goto("/")
    await locked.shows("key-form", "key")
    await locked.page.get_by_label("API key").fill("fw_wrong_key")
    await locked.page.keyboard.press("Enter")
    await expect(locked.part("key-form").get_by_role("alert")).to_be_visible()
    await locked.page.get_by_label("API key").fill(key.text)
    await locked.page.keyboard.press("Enter")
    await locked.is_connected()
    await locked.types("Enter")
    await locked.follows("PENDING", "ROUTING", "BUILDING", "SUBMITTED", "CONFIRMED")


async def test_a_page_remembers_its_key_and_another_tab_does_not_have_it(locked: Dashboard, keys: Keys) -> None:
    key = await keys.create(AccountId("mine"), [Scope.READ, Scope.TRADE], PEPPER)
    await locked.page.goto("/")
    await locked.page.get_by_label("API key").fill(key.text)
    await locked.page.keyboard.press("Enter")
    await locked.is_connected()
    await locked.page.reload()
    await locked.is_connected()
    other = await locked.page.context.new_page()
    await other.goto("/")
    await expect(other.locator('[data-test="key-form"]')).to_be_visible()


async def test_a_key_that_is_revoked_puts_the_page_out(locked: Dashboard, keys: Keys) -> None:
    key = await keys.create(AccountId("mine"), [Scope.READ, Scope.TRADE], PEPPER)
    await locked.page.goto("/")
    await locked.page.get_by_label("API key").fill(key.text)
    await locked.page.keyboard.press("Enter")
    await locked.is_connected()
    await keys.revoke(key.key_id)
    await locked.shows("key-form")
