"""What holds for every view of the page: it can be read, reached and used, in both colour schemes and on a phone."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import pairwise
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser import looks
from tests.browser.dashboard import Dashboard
from tests.browser.tab import opened
from tests.e2e.driver import Driver
from tests.e2e.system import System

VIEWS: Final = {
    "#/": "proof",
    "#/orders/{}": "receipt",
    "#/market": "pool-row",
    "#/quality": "quality-totals",
    "#/help": "",
}
"""Where each view is, and the part that comes last."""

PHONE: Final[dict[str, Any]] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}

every_view = pytest.mark.parametrize("view", VIEWS)

View = Callable[..., AbstractAsyncContextManager[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def shown(browser: Browser, system: System, driver: Driver) -> View:
    """Shows a view in a browser with the given settings, with an order in it that has ended."""
    order_id = (await driver.submit()).order.order_id
    await driver.watch(order_id)

    @asynccontextmanager
    async def shown(view: str, **settings: Any) -> AsyncIterator[Page]:
        async with opened(browser, system.bridge_url, **settings) as tab:
            dashboard = Dashboard(tab)
            await dashboard.open(view.format(order_id))
            if VIEWS[view]:
                await expect(dashboard.part(VIEWS[view]).first).to_be_visible(timeout=20_000)
            yield tab.page
            assert tab.complaints == []

    return shown


@every_view
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_stands_out_from_what_is_behind_it(shown: View, view: str, scheme: str) -> None:
    async with shown(view, color_scheme=scheme) as page:
        assert await looks.faint(page) == []


@pytest.mark.parametrize("view", ["#/", "#/orders/{}"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_is_drawn_for_a_phone_stands_out_too(shown: View, view: str, scheme: str) -> None:
    async with shown(view, color_scheme=scheme, **PHONE) as page:
        assert await looks.faint(page) == []


@every_view
async def test_a_screen_reader_has_a_name_for_everything_and_finds_its_way(shown: View, view: str) -> None:
    async with shown(view) as page:
        assert await looks.nameless(page) == []
        assert {"main", "navigation", "banner"} <= await looks.landmarks(page)
        levels = [level for level, _ in await looks.headings(page)]
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


@every_view
async def test_whatever_takes_the_focus_shows_it(shown: View, view: str) -> None:
    async with shown(view) as page:
        assert await looks.unfocused(page, steps=25) == []


@every_view
async def test_nothing_is_wider_than_a_phone(shown: View, view: str) -> None:
    async with shown(view, **PHONE) as page:
        assert await looks.wider(page) <= 0


async def test_the_switch_of_colours_is_remembered(shown: View) -> None:
    async with shown("#/help", color_scheme="light") as page:
        switch, ground = page.locator('[data-test="theme"]'), page.locator("body")
        light = await ground.evaluate("body => getComputedStyle(body).backgroundColor")
        while await switch.get_attribute("data-scheme") != "dark":
            await switch.click()
        await expect(ground).not_to_have_css("background-color", light)
        await page.reload()
        await expect(switch).to_have_attribute("data-scheme", "dark")
        await expect(ground).not_to_have_css("background-color", light)


async def test_keys_lead_to_every_view_and_back_to_the_amount(shown: View) -> None:
    async with shown("#/help") as page:
        for key, view in {"m": "#/market", "q": "#/quality", "?": "#/help", "t": "#/"}.items():
            await page.keyboard.press(key)
            await page.wait_for_url(f"/{view}")
        amount = page.locator('[data-test="ticket-amount"]')
        await expect(amount).to_be_focused()  # from here on a letter is written
        await page.keyboard.press("Escape")
        await page.keyboard.press("m")
        await page.wait_for_url("/#/market")
        await page.keyboard.press("n")
        await expect(amount).to_be_focused()


async def test_a_script_or_style_that_somebody_gets_into_the_page_has_no_effect(
    browser: Browser, system: System
) -> None:
    async with opened(browser, system.bridge_url) as tab:
        await Dashboard(tab).open()
        ran = await tab.page.evaluate("""async () => {
          const script = Object.assign(document.createElement("script"), { textContent: "window.stolen = true" });
          const image = Object.assign(document.createElement("div"), { innerHTML: '<b style="position: fixed">x</b>' });
          document.body.append(script, image);
          return [window.stolen === true, getComputedStyle(image.firstChild).position];
        }""")
        assert ran == [False, "static"]
        assert any("Content Security Policy" in one for one in tab.complaints)
