"""The market, and the quality of execution: what is live there, and that it is true."""

import re

from playwright.async_api import expect

from fillwire.v1 import market_service_pb2, order_service_pb2
from fillwire_dex.simulated import Fault, FaultKind, SimulatedMarket
from tests.browser.dashboard import Dashboard
from tests.e2e.driver import Driver
from tests.e2e.moving import move

USDC = 10**6


async def test_the_market_shows_every_pair_every_venue_and_each_pool_of_the_pair_in_view(
    dashboard: Dashboard, driver: Driver
) -> None:
    await dashboard.open("#/market?pair=SOL/USDC")
    venues = (await driver.market.ListVenues(market_service_pb2.ListVenuesRequest())).venues
    pools = (await driver.market.ListPools(market_service_pb2.ListPoolsRequest(token_a="SOL", token_b="USDC"))).pools
    await expect(dashboard.part("venue-row")).to_have_count(len(venues))
    await expect(dashboard.part("pool-row")).to_have_count(len(pools))
    for venue in venues:
        await dashboard.shows("venue-row", venue.title, venue=venue.name)
    await dashboard.shows("price-plot")


async def test_a_price_that_moves_moves_on_the_page(dashboard: Dashboard, market: SimulatedMarket) -> None:
    await dashboard.open("#/market")
    row = dashboard.part("price-row", pair="SOL/USDC")
    await expect(row).to_contain_text(re.compile(r"\d"))
    before = await row.inner_text()
    await move(market, "USDC", "SOL", 400_000 * USDC)
    await expect(row).not_to_have_text(before)


async def test_a_venue_that_halts_is_shown_to_take_no_orders(dashboard: Dashboard, market: SimulatedMarket) -> None:
    await dashboard.open("#/market")
    row = dashboard.part("venue-row").first
    await expect(row).to_contain_text("Takes orders", timeout=30_000)
    await market.script(Fault(FaultKind.HALTED, venue=await row.get_attribute("data-venue")))
    await expect(row).to_contain_text("Takes no orders", timeout=30_000)
    await market.clear_faults()
    await expect(row).to_contain_text("Takes orders", timeout=30_000)


async def test_the_quality_of_execution_counts_the_orders_there_were_and_each_that_ends(
    dashboard: Dashboard, driver: Driver
) -> None:
    await confirmed(driver)
    report = await driver.orders.ReportExecution(order_service_pb2.ReportExecutionRequest())
    [sold] = [row.orders for row in report.totals if (row.token_in, row.token_out) == ("SOL", "USDC")]
    await dashboard.open("#/quality")
    counted = (
        dashboard.part("quality-totals").get_by_role("row").filter(has_text="SOL → USDC").get_by_role("cell").first
    )
    await expect(counted).to_have_text(str(sold), timeout=30_000)
    await confirmed(driver)
    await expect(counted).to_have_text(str(sold + 1), timeout=30_000)
    for name in ("cost-by-day", "cost-by-order", "venues", "slippage", "time", "outcomes"):
        await expect(dashboard.part("quality-plot", name=name)).to_be_visible()


async def confirmed(driver: Driver) -> None:
    """One more order that has ended."""
    await driver.watch((await driver.submit()).order.order_id)
