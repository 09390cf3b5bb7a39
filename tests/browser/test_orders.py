"""Orders placed, followed and withdrawn from the page."""

import re
from typing import Any

from playwright.async_api import Browser, Locator, expect

from fillwire.v1 import order_pb2, order_service_pb2
from fillwire_dex.simulated import Fault, FaultKind, SimulatedMarket
from tests.browser.dashboard import Dashboard
from tests.browser.tab import opened
from tests.e2e.driver import Driver, statuses
from tests.e2e.system import System

WAY = ["PENDING", "ROUTING", "BUILDING", "SUBMITTED", "CONFIRMED"]
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


async def test_an_order_is_placed_with_one_key_and_seen_confirmed(dashboard: Dashboard, driver: Driver) -> None:
    await dashboard.types("Enter")
    placed = await driver.get(await dashboard.follows(*WAY))
    assert (placed.spec.token_in, placed.spec.token_out, placed.spec.amount_in) == ("SOL", "USDC", "1500000000")
    assert placed.status == order_pb2.ORDER_STATUS_CONFIRMED


async def test_an_amount_is_typed_over_the_one_that_stands_there(dashboard: Dashboard, driver: Driver) -> None:
    await dashboard.types("0.25", "Enter")
    assert (await driver.get(await dashboard.follows(*WAY))).spec.amount_in == "250000000"


async def test_a_finger_on_a_phone_places_an_order_and_sees_it_confirmed(
    browser: Browser, system: System, driver: Driver
) -> None:
    async with opened(browser, system.bridge_url, **PHONE) as tab:
        dashboard = Dashboard(tab)
        await dashboard.open()
        await dashboard.part("ticket-submit").tap()
        order_id = await dashboard.follows(*WAY)
        assert (await driver.get(order_id)).status == order_pb2.ORDER_STATUS_CONFIRMED
        assert tab.complaints == []


async def test_the_page_shows_what_the_log_of_the_order_says(dashboard: Dashboard, driver: Driver) -> None:
    await dashboard.types("Enter")
    order_id = await dashboard.follows(*WAY)
    log = await driver.watch(order_id)
    assert await dashboard.events() == list(zip([event.seq for event in log], statuses(log), strict=True))
    await dashboard.shows("receipt")
    await dashboard.shows("tape-row", order_id=order_id, status="CONFIRMED")


async def test_the_quote_comes_with_its_route_and_its_proof(dashboard: Dashboard) -> None:
    await dashboard.shows("ticket-quote", re.compile(r"\d"))
    await dashboard.shows("route-picture", "USDC")
    await dashboard.shows("proof", "bps")


async def test_a_rule_that_an_amount_breaks_is_said_as_it_is_typed_and_nothing_is_sent(
    dashboard: Dashboard, driver: Driver
) -> None:
    before = await newest(driver)
    await dashboard.types("1.0000000001")
    await expect(await said_of(dashboard.part("ticket-amount"))).to_contain_text("9 digits")
    await dashboard.types("Enter")
    assert await newest(driver) == before


async def test_what_the_engine_refuses_is_said_at_its_field(dashboard: Dashboard) -> None:
    await dashboard.page.get_by_text("More settings").click()
    deadline = dashboard.page.get_by_label("Deadline")
    await deadline.fill("2020-01-01T00:00:00")
    await dashboard.part("ticket-submit").click()
    await expect(deadline).to_have_attribute("aria-invalid", "true")
    await expect(await said_of(deadline)).to_contain_text("future")


async def test_each_retry_is_shown_with_its_cause(dashboard: Dashboard, market: SimulatedMarket) -> None:
    await market.script(Fault(FaultKind.REFUSE, times=4))
    await dashboard.types("Enter")
    order_id = await dashboard.follows("SUBMITTED", "RETRYING")
    await dashboard.shows("tape-row", order_id=order_id, status="RETRYING")
    await market.clear_faults()
    await dashboard.follows("ROUTING", "BUILDING", "SUBMITTED", "CONFIRMED")


async def test_a_limit_order_rests_and_is_cancelled_from_its_row(dashboard: Dashboard, driver: Driver) -> None:
    order_id = await rested(dashboard)
    await dashboard.part("tape-row", order_id=order_id).locator('[data-test="cancel"]').click()
    await dashboard.follows("PENDING", "RESTING", "CANCELLED")
    await dashboard.shows("tape-row", order_id=order_id, status="CANCELLED")
    assert (await driver.get(order_id)).status == order_pb2.ORDER_STATUS_CANCELLED


async def test_a_limit_order_is_cancelled_from_its_page(dashboard: Dashboard, driver: Driver) -> None:
    order_id = await rested(dashboard)
    await dashboard.open(f"#/orders/{order_id}")
    await dashboard.part("cancel").click()
    await dashboard.follows("PENDING", "RESTING", "CANCELLED")
    assert (await driver.get(order_id)).status == order_pb2.ORDER_STATUS_CANCELLED


async def test_an_order_of_somebody_elses_making_appears_in_the_tape_and_opens(
    dashboard: Dashboard, driver: Driver
) -> None:
    order_id = (await driver.submit()).order.order_id
    await dashboard.shows("tape-row", order_id=order_id, status="CONFIRMED")
    await dashboard.part("tape-row", order_id=order_id).click()
    await dashboard.follows(*WAY)
    assert order_id in dashboard.page.url


async def test_venues_that_are_left_out_are_in_neither_the_quote_nor_the_order(
    dashboard: Dashboard, driver: Driver
) -> None:
    await dashboard.page.get_by_text("More settings").click()
    await dashboard.part("ticket-venueRule").select_option("include")
    await dashboard.page.get_by_label("Orca Whirlpool").check()
    picture = dashboard.part("route-picture").get_by_role("img")
    await expect(picture).to_have_accessible_name(re.compile(r": ([\d.]+ % by Orca Whirlpool from \w+ to \w+(; )?)+$"))
    await dashboard.part("ticket-venueRule").select_option("exclude")
    await expect(picture).not_to_have_accessible_name(re.compile("Orca"))
    await dashboard.shows("proof", "bps")
    await dashboard.page.get_by_label("Raydium CPMM").check()
    await dashboard.part("ticket-submit").click()
    placed = await driver.get(await dashboard.follows(*WAY))
    assert placed.spec.routing.exclude_venues == ["orca_whirlpool", "raydium_cpmm"]
    assert not {leg.venue for leg in placed.receipt.legs} & {"orca_whirlpool", "raydium_cpmm"}


async def test_only_certain_venues_and_none_named_is_said_at_the_venues(dashboard: Dashboard) -> None:
    await dashboard.page.get_by_text("More settings").click()
    await dashboard.part("ticket-venueRule").select_option("include")
    venue = dashboard.page.get_by_label("Orca Whirlpool")
    await dashboard.part("ticket-submit").click()
    await expect(venue).to_have_attribute("aria-invalid", "true")
    await dashboard.shows("ticket-error", "at least one venue")


async def test_an_order_that_nobody_knows_is_said_to_be_none(dashboard: Dashboard) -> None:
    await dashboard.open("#/orders/00000000-0000-4000-8000-000000000000")
    await expect(dashboard.page.get_by_role("main")).to_contain_text(re.compile("no such order", re.IGNORECASE))


async def rested(dashboard: Dashboard) -> str:
    """The id of a limit order, placed from the page, far above the market."""
    await dashboard.part("ticket-type").select_option("limit")
    await dashboard.part("ticket-limitPrice").fill("100000")
    await dashboard.part("ticket-submit").click()
    return await dashboard.follows("PENDING", "RESTING")


async def said_of(field: Locator) -> Locator:
    """What a screen reader says of a field beside its name."""
    return field.page.locator(f"#{await field.get_attribute('aria-describedby')}")


async def newest(driver: Driver) -> str:
    """The id of the newest order."""
    answer = await driver.orders.ListOrders(order_service_pb2.ListOrdersRequest(page_size=1))
    return answer.orders[0].order_id if answer.orders else ""
