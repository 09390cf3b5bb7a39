"""New terms for an order that rests, from its page."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from psycopg import AsyncConnection

from fillwire.v1 import order_pb2, order_service_pb2
from fillwire_stack.services import Process
from tests.browser import looks
from tests.browser.dashboard import Dashboard
from tests.browser.tab import opened
from tests.browser.test_surviving import LOST, waits_for_a_lock
from tests.e2e.driver import Driver
from tests.e2e.system import System

PHONE: Final[dict[str, Any]] = {"viewport": {"width": 380, "height": 740}, "has_touch": True, "is_mobile": True}

FAR: Final = order_pb2.LimitOrder(limit_price="100000")
"""A price at which nothing is ever swapped here."""

Opened = Callable[..., AbstractAsyncContextManager[Dashboard]]


async def resting(driver: Driver, **terms: Any) -> str:
    """The id of an order that rests for good."""
    answer = await driver.submit(**{"limit": FAR, "slippage_bps": None, **terms})
    order_id: str = answer.order.order_id
    return order_id


async def replacements(driver: Driver, order_id: str) -> Sequence[order_pb2.Replaced]:
    """Every change of the order's terms, first to last."""
    story = await driver.orders.ExplainOrder(order_service_pb2.ExplainOrderRequest(order_id=order_id))
    return [event.replaced for event in story.events if event.HasField("replaced")]


async def replaced(driver: Driver, order_id: str) -> None:
    """Waits until the order's terms have been changed."""
    async with asyncio.timeout(20):
        async for frame in driver.frames(order_id):
            if frame.event.HasField("replaced"):
                return


@pytest_asyncio.fixture(loop_scope="session")
async def form(browser: Browser, system: System, driver: Driver) -> Opened:
    """Shows the form with the terms of a limit order, in a browser with the given settings."""

    @asynccontextmanager
    async def form(**settings: Any) -> AsyncIterator[Dashboard]:
        async with opened(browser, system.bridge_url, **settings) as tab:
            dashboard = Dashboard(tab)
            await dashboard.open(f"#/orders/{await resting(driver)}")
            await dashboard.part("replace").click()
            await dashboard.shows("replace-form")
            yield dashboard
            assert tab.complaints == []

    return form


async def test_a_resting_order_gets_a_new_price_by_keyboard_alone(dashboard: Dashboard, driver: Driver) -> None:
    order_id = await resting(driver, client_order_id="mine", max_price_impact_bps=77)
    await dashboard.open(f"#/orders/{order_id}")
    keyboard = dashboard.page.keyboard
    await dashboard.part("replace").focus()
    await keyboard.press("Enter")
    await expect(dashboard.part("replace-amount")).to_be_focused()
    await expect(dashboard.part("replace-amount")).to_have_value("0.001")
    await keyboard.press("Tab")
    await expect(dashboard.part("replace-limitPrice")).to_have_value("100000")
    await keyboard.type("90000.5")
    await keyboard.press("Enter")
    await dashboard.shows("event", "90,000.5", seq="3")
    await expect(dashboard.part("replace-form")).to_have_count(0)
    await expect(dashboard.part("replace")).to_be_focused()
    spec = (await driver.get(order_id)).spec
    assert (spec.limit.limit_price, spec.amount_in) == ("90000.5", "1000000")
    assert (spec.client_order_id, spec.max_price_impact_bps) == ("mine", 77)  # what nobody changed


async def test_escape_leaves_the_terms_as_they_are(form: Opened, driver: Driver) -> None:
    async with form() as dashboard:
        order_id = await dashboard.follows("PENDING", "RESTING")
        await dashboard.part("replace-limitPrice").fill("90000")
        await dashboard.page.keyboard.press("Escape")
        await expect(dashboard.part("replace-form")).to_have_count(0)
        await expect(dashboard.part("replace")).to_be_focused()
        assert order_id in dashboard.page.url
        assert not await replacements(driver, order_id)


async def test_new_terms_that_are_on_their_way_when_the_page_goes_elsewhere_are_told_there(
    form: Opened, driver: Driver, system: System, bridge: Process
) -> None:
    async with form() as dashboard:
        order_id = await dashboard.follows("PENDING", "RESTING")
        await dashboard.part("replace-limitPrice").fill("90000")
        with system.paused(bridge):
            await dashboard.part("replace-submit").click()
            await dashboard.page.get_by_role("link", name="Keys").click()
            await dashboard.shows("unanswered", "the new terms of your order", phase="sending")
        await dashboard.shows("unanswered", "Your order has its new terms", phase="answered")
        await dashboard.page.get_by_role("link", name="Open it").click()
        await dashboard.shows("event", "90,000", seq="3")
        await expect(dashboard.part("replace-form")).to_have_count(0)
        assert len(await replacements(driver, order_id)) == 1


async def test_the_first_event_keeps_the_price_it_told_when_another_has_taken_its_place(
    dashboard: Dashboard, driver: Driver
) -> None:
    order_id = await resting(driver)
    await dashboard.open(f"#/orders/{order_id}")
    await dashboard.shows("event", "100,000", seq="2")
    await dashboard.part("replace").click()
    await dashboard.part("replace-limitPrice").fill("90000")
    await dashboard.part("replace-submit").click()
    await dashboard.shows("event", "90,000", seq="3")
    await dashboard.shows("event", "100,000", seq="2")


async def test_two_clicks_in_a_row_are_one_replacement(form: Opened, driver: Driver) -> None:
    async with form() as dashboard:
        await dashboard.part("replace-limitPrice").fill("90000")
        await dashboard.part("replace-submit").dblclick()
        await dashboard.has_event(3)
        order_id = await dashboard.follows("PENDING", "RESTING", "RESTING")
        await expect(dashboard.part("replace-form")).to_have_count(0)
        assert len(await replacements(driver, order_id)) == 1


async def test_terms_that_the_engine_refuses_are_said_at_their_field(form: Opened) -> None:
    async with form() as dashboard:
        await dashboard.part("replace-form").get_by_text("More settings").click()
        deadline = dashboard.part("replace-deadline")
        await deadline.fill("2020-01-01T00:00:00")
        await dashboard.part("replace-submit").click()
        await expect(deadline).to_have_attribute("aria-invalid", "true")
        await expect(deadline).to_be_focused()
        await dashboard.shows("replace-error", "future")


async def test_a_rule_that_a_new_amount_breaks_is_said_as_it_is_typed(form: Opened) -> None:
    async with form() as dashboard:
        await dashboard.part("replace-amount").fill("1.0000000001")
        await dashboard.shows("replace-error", "9 digits")


async def test_terms_that_somebody_else_changed_meanwhile_are_not_written_over_unseen(
    form: Opened, driver: Driver
) -> None:
    async with form() as dashboard:
        order_id = await dashboard.follows("PENDING", "RESTING")
        spec = (await driver.get(order_id)).spec
        await dashboard.part("replace-limitPrice").fill("90000")
        spec.limit.limit_price = "95000"
        await driver.orders.ReplaceOrder(order_service_pb2.ReplaceOrderRequest(order_id=order_id, spec=spec))
        begin = dashboard.part("replace-form").get_by_role("button", name="Begin with the present ones")
        await expect(begin).to_be_visible()
        await dashboard.part("replace-submit").click()
        await dashboard.shows("replace-error", "changed")
        assert (await driver.get(order_id)).spec.limit.limit_price == "95000"
        await begin.click()
        await expect(dashboard.part("replace-limitPrice")).to_have_value("95000")
        await dashboard.part("replace-limitPrice").fill("96000")
        await dashboard.part("replace-submit").click()
        await dashboard.shows("event", "96,000", seq="4")


async def test_an_order_that_ends_meanwhile_can_get_no_new_terms(form: Opened, driver: Driver) -> None:
    async with form() as dashboard:
        order_id = await dashboard.follows("PENDING", "RESTING")
        await dashboard.part("replace-limitPrice").fill("90000")
        await driver.orders.CancelOrder(order_service_pb2.CancelOrderRequest(order_id=order_id))
        await dashboard.shows("replace-form", "can no longer be changed")
        await expect(dashboard.part("replace")).to_have_count(0)
        await expect(dashboard.part("replace-submit")).to_have_attribute("aria-disabled", "true")


async def test_an_order_that_swaps_at_once_is_not_offered_new_terms(dashboard: Dashboard, driver: Driver) -> None:
    order_id = (await driver.submit()).order.order_id
    await dashboard.open(f"#/orders/{order_id}")
    await dashboard.follows("CONFIRMED")
    await expect(dashboard.part("replace")).to_have_count(0)


async def test_a_finger_on_a_phone_changes_a_price(form: Opened, driver: Driver) -> None:
    async with form(**PHONE) as dashboard:
        await dashboard.part("replace-limitPrice").fill("90000")
        await dashboard.part("replace-submit").tap()
        await dashboard.has_event(3)
        order_id = await dashboard.follows("PENDING", "RESTING", "RESTING")
        assert (await driver.get(order_id)).spec.limit.limit_price == "90000"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_form_can_be_read_reached_and_used(form: Opened, scheme: str) -> None:
    async with form(color_scheme=scheme, **PHONE) as dashboard:
        await dashboard.part("replace-form").get_by_text("More settings").click()
        await dashboard.part("replace-venueRule").select_option("exclude")
        await expect(dashboard.part("replace-venues").first).to_be_visible()
        assert await looks.faint(dashboard.page) == []
        assert await looks.nameless(dashboard.page) == []
        assert await looks.wider(dashboard.page) <= 0
        assert await looks.unfocused(dashboard.page, steps=30) == []


async def test_new_terms_whose_answer_died_with_the_bridge_are_asked_for_again_and_hold_once(
    dashboard: Dashboard, driver: Driver, system: System, bridge: Process
) -> None:
    order_id = await resting(driver)
    await dashboard.open(f"#/orders/{order_id}")
    await dashboard.part("replace").click()
    await dashboard.part("replace-limitPrice").fill("90000")
    async with await AsyncConnection.connect(system.database_url) as connection:
        await connection.execute("LOCK TABLE fillwire.orders IN EXCLUSIVE MODE")
        await dashboard.part("replace-submit").click()
        await waits_for_a_lock(connection)
        with system.paused(bridge):  # it will not hear the answer
            await connection.commit()
            await replaced(driver, order_id)
            system.kill(bridge)
    await dashboard.shows("replace-submit", "asking again")
    bridge.start()
    await dashboard.has_event(3)
    await expect(dashboard.part("replace-form")).to_have_count(0, timeout=20_000)
    [change] = await replacements(driver, order_id)
    assert change.spec.limit.limit_price == "90000"
    dashboard.tab.forgive(LOST)
