"""What a page lives through: bridges and servers that die, networks that go, tabs that sleep. Nothing is missing, nothing twice."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Page, expect
from psycopg import AsyncConnection

from fillwire.v1 import order_pb2, order_service_pb2
from fillwire_stack.services import Process
from tests.browser.dashboard import Dashboard
from tests.e2e.driver import Driver, statuses
from tests.e2e.system import System

LOST = "WebSocket connection to"
"""What Chromium itself says of a connection that is gone or refused."""

SLICES = 4


async def placed(driver: Driver) -> str:
    """An order that takes a step a second, for four seconds."""
    twap = order_pb2.TwapOrder(slices=SLICES)
    twap.interval.FromSeconds(1)
    return (await driver.submit(twap=twap, amount_in="40000000")).order.order_id


async def shows_the_log(dashboard: Dashboard, log: Sequence[order_pb2.OrderEvent]) -> None:
    """Waits for the last event, and finds each of them once."""
    await dashboard.has_event(log[-1].seq)
    assert await dashboard.events() == list(zip([event.seq for event in log], statuses(log), strict=True))


async def test_a_bridge_killed_in_the_middle_of_a_timeline_costs_no_event_and_shows_none_twice(
    dashboard: Dashboard, driver: Driver, system: System, bridge: Process
) -> None:
    order_id = await placed(driver)
    await dashboard.open(f"#/orders/{order_id}")
    await dashboard.has_event(3)
    system.kill(bridge)
    await dashboard.is_connected("lost")
    log = await driver.watch(order_id)  # all the rest happens while nobody is there to tell of it
    assert not await dashboard.part("event", seq=str(log[-1].seq)).count()
    bridge.start()
    await dashboard.is_connected()
    await shows_the_log(dashboard, log)
    dashboard.tab.forgive(LOST)


async def test_a_server_killed_behind_the_bridge_costs_no_event_either(
    dashboard: Dashboard, driver: Driver, system: System
) -> None:
    order_id = await placed(driver)
    await dashboard.open(f"#/orders/{order_id}")
    await dashboard.has_event(3)
    system.kill(system.server)
    system.server.start()
    await asyncio.to_thread(system.wait_ready)
    await shows_the_log(dashboard, await driver.watch(order_id))


async def test_a_bridge_that_is_told_to_stop_hands_its_pages_over(
    dashboard: Dashboard, driver: Driver, bridge: Process
) -> None:
    order_id = await placed(driver)
    await dashboard.open(f"#/orders/{order_id}")
    await dashboard.has_event(3)
    assert bridge.child is not None
    bridge.child.send(bridge.stop_signal)
    assert await asyncio.to_thread(bridge.child.wait, 15.0)
    assert bridge.child.exit_code == 0
    bridge.start()
    await shows_the_log(dashboard, await driver.watch(order_id))
    dashboard.tab.forgive(LOST)


async def test_a_page_without_network_says_so_and_shows_what_it_missed_when_the_network_is_back(
    dashboard: Dashboard, driver: Driver
) -> None:
    order_id = await placed(driver)
    await dashboard.open(f"#/orders/{order_id}")
    await dashboard.has_event(3)
    await dashboard.page.context.set_offline(True)
    await dashboard.is_connected("lost")
    log = await driver.watch(order_id)
    await dashboard.page.context.set_offline(False)
    await dashboard.is_connected()
    await shows_the_log(dashboard, log)
    dashboard.tab.forgive(LOST)


async def test_a_tab_that_slept_through_a_restart_shows_what_it_missed_when_it_wakes(
    dashboard: Dashboard, driver: Driver, system: System, bridge: Process
) -> None:
    order_id = await placed(driver)
    await dashboard.open(f"#/orders/{order_id}")
    await dashboard.has_event(3)
    async with asleep(dashboard.page):
        log = await driver.watch(order_id)
        system.kill(bridge)
        bridge.start()
        await asyncio.to_thread(system.wait_ready)
    await shows_the_log(dashboard, log)
    dashboard.tab.forgive(LOST)


async def test_the_tape_misses_nothing_that_happened_while_the_bridge_was_away(
    dashboard: Dashboard, driver: Driver, system: System, bridge: Process
) -> None:
    system.kill(bridge)
    await dashboard.is_connected("lost")
    placed = [(await driver.submit()).order.order_id for _ in range(5)]
    for order_id in placed:
        await driver.watch(order_id)
    bridge.start()
    for order_id in placed:
        await dashboard.shows("tape-row", order_id=order_id, status="CONFIRMED")
        assert await dashboard.part("tape-row", order_id=order_id).count() == 1
    dashboard.tab.forgive(LOST)


async def test_an_order_whose_answer_died_with_the_bridge_is_asked_for_again_and_is_one(
    dashboard: Dashboard, driver: Driver, system: System, bridge: Process
) -> None:
    await unanswered(dashboard, system, bridge, amount="0.123456789")
    bridge.start()
    await dashboard.follows("SUBMITTED", "CONFIRMED")
    assert await stored(driver, "123456789") == 1
    dashboard.tab.forgive(LOST)


async def test_an_order_that_is_not_answered_yet_is_asked_for_in_whatever_view_the_page_is(
    dashboard: Dashboard, driver: Driver, system: System, bridge: Process
) -> None:
    await unanswered(dashboard, system, bridge, amount="0.234567891")
    await dashboard.page.get_by_role("link", name="Keys").click()
    await dashboard.shows("unanswered", "Sell 0.234567 SOL", phase="again")
    await dashboard.page.get_by_role("link", name="Trade").click()
    await expect(dashboard.part("unanswered")).to_have_count(0)  # the ticket itself tells
    await expect(dashboard.part("ticket-amount")).to_have_value("0.234567891")
    await dashboard.shows("ticket-submit", "asking again")
    await dashboard.page.get_by_role("link", name="Keys").click()
    bridge.start()
    await dashboard.shows("unanswered", "Your order is placed", phase="answered")
    await dashboard.page.get_by_role("link", name="Open it").click()
    await dashboard.follows("SUBMITTED", "CONFIRMED")
    await expect(dashboard.part("unanswered")).to_have_count(0)
    assert await stored(driver, "234567891") == 1
    dashboard.tab.forgive(LOST)


async def test_a_ticket_that_comes_back_shows_the_order_that_was_answered_meanwhile(
    dashboard: Dashboard, driver: Driver, system: System, bridge: Process
) -> None:
    await unanswered(dashboard, system, bridge, amount="0.345678912")
    await dashboard.page.get_by_role("link", name="Keys").click()
    bridge.start()
    await dashboard.shows("unanswered", phase="answered")
    await dashboard.page.get_by_role("link", name="Trade").click()
    await dashboard.follows("SUBMITTED", "CONFIRMED")
    await dashboard.shows("ticket-submit", "Sell 0.345678912 SOL")
    assert await stored(driver, "345678912") == 1
    dashboard.tab.forgive(LOST)


async def test_an_order_that_is_refused_when_its_ticket_is_gone_says_so_and_leads_back_to_the_field(
    dashboard: Dashboard, system: System, bridge: Process
) -> None:
    await dashboard.page.get_by_text("More settings").click()
    await dashboard.part("ticket-deadline").fill("2020-01-01T00:00:00")
    with system.paused(bridge):
        await dashboard.part("ticket-submit").click()
        await dashboard.page.get_by_role("link", name="Keys").click()
        await dashboard.shows("unanswered", "No answer yet to your order", phase="sending")
    await dashboard.shows("unanswered", "refused", phase="refused")
    await dashboard.page.get_by_role("link", name="Back to it").click()
    await expect(dashboard.part("ticket-deadline")).to_have_attribute("aria-invalid", "true")
    await dashboard.shows("ticket-error", "future")
    await expect(dashboard.part("unanswered")).to_have_count(0)


async def test_a_page_that_is_loaded_again_says_what_was_not_answered_and_sends_it_only_if_asked_to(
    dashboard: Dashboard, driver: Driver, system: System
) -> None:
    await dashboard.types("0.456789123")
    async with await AsyncConnection.connect(system.database_url) as connection:
        await connection.execute("LOCK TABLE fillwire.orders IN EXCLUSIVE MODE")
        await dashboard.types("Enter")
        await waits_for_a_lock(connection)
        await dashboard.page.reload()
        await dashboard.shows("unsure", "nobody can say whether the order was stored")
        await expect(dashboard.part("ticket-amount")).to_have_value("0.456789123")
        await dashboard.page.get_by_role("link", name="Keys").click()
        await dashboard.shows("unsure", "Sell 0.456789 SOL")
    await dashboard.part("ask-again").click()
    await dashboard.page.get_by_role("link", name="Open it").click()
    await dashboard.follows("SUBMITTED", "CONFIRMED")
    assert await stored(driver, "456789123") == 1
    await dashboard.page.reload()
    await dashboard.follows("SUBMITTED", "CONFIRMED")
    await expect(dashboard.part("unsure")).to_have_count(0)


async def unanswered(dashboard: Dashboard, system: System, bridge: Process, *, amount: str) -> None:
    """Places an order of so many SOL that the engine has before anybody hears of it; the bridge is dead then."""
    await dashboard.types(amount)
    async with await AsyncConnection.connect(system.database_url) as connection:
        await connection.execute("LOCK TABLE fillwire.orders IN EXCLUSIVE MODE")
        await dashboard.types("Enter")
        await waits_for_a_lock(connection)
        with system.paused(bridge):  # it will not hear the answer
            await connection.commit()
            async with Driver(system.target) as driver:
                await stored(driver, amount.removeprefix("0."))
            system.kill(bridge)
    await dashboard.shows("ticket-submit", "asking again")


@asynccontextmanager
async def asleep(page: Page) -> AsyncIterator[None]:
    """No script of the page runs as long as the block does, as in a tab that the browser has frozen.

    By the debugger: a headless Chromium does not freeze a page that it is told to.
    """
    devtools = await page.context.new_cdp_session(page)
    stands = asyncio.Event()
    devtools.on("Debugger.paused", lambda _: stands.set())
    await devtools.send("Debugger.enable")
    await devtools.send("Debugger.pause")
    async with asyncio.timeout(20):
        await stands.wait()
    yield
    await devtools.send("Debugger.resume")
    await devtools.detach()


async def waits_for_a_lock(connection: AsyncConnection[Any]) -> None:
    """Until somebody else on this database is held up."""
    async with asyncio.timeout(20):
        while True:
            cursor = await connection.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if await cursor.fetchone():
                return
            await asyncio.sleep(0.02)


async def stored(driver: Driver, amount_in: str) -> int:
    """Waits until there is an order of this amount, and counts them."""
    async with asyncio.timeout(20):
        while True:
            listed = await driver.orders.ListOrders(order_service_pb2.ListOrdersRequest(page_size=200))
            if found := [order.spec.amount_in for order in listed.orders].count(amount_in):
                return found
            await asyncio.sleep(0.02)
