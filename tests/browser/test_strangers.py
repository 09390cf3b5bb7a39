"""Pages of other sites, and names of others that lead to this machine: they get nothing, and do nothing."""

import json
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from fillwire.v1 import order_service_pb2
from tests.browser.chromium import REBOUND
from tests.browser.tab import opened
from tests.e2e.driver import Driver
from tests.e2e.system import System

ORDER: Final = json.dumps(
    {"spec": {"tokenIn": "SOL", "tokenOut": "USDC", "amountIn": "1000", "slippageBps": 50, "clientOrderId": "stolen"}}
)

ASKS: Final = {
    "reads orders": "read(fetch(url + '/v1/orders'))",
    "validates an order": "read(fetch(url + '/v1/orders', {method: 'POST', headers: {'content-type': 'application/json'},"
    " body: JSON.stringify({...order, validateOnly: true})}))",
    "calls by gRPC-Web": "read(fetch(url + '/fillwire.v1.MarketService/ListTokens', {method: 'POST',"
    " headers: {'content-type': 'application/grpc-web+proto'}, body: new Uint8Array(5)}))",
    "follows prices": "new Promise((kept, broken) => { const events = new EventSource(url + '/v1/prices');"
    " events.onopen = () => (events.close(), kept()); events.onerror = broken })",
    "opens a WebSocket": "new Promise((kept, broken) => { const socket = new WebSocket(url.replace('http', 'ws') + '/v1/ws');"
    " socket.onopen = () => (socket.close(), kept()); socket.onclose = broken })",
}
"""What a page may try, each a promise that is kept only where the bridge has let the page in."""

TRY: Final = """
async ({ url, order }) => {
  const read = async (answer) => { if (!(await answer).ok) throw new Error("refused") };
  try { await ASK } catch { return false }
  return true;
}
"""

BLIND: Final = "fetch(url + '/v1/orders', {method: 'POST', mode: 'no-cors', body: JSON.stringify(order)})"
"""A request of the kind that needs no preflight; the page could not read its answer, and need not."""

FORM: Final = """
({ url, order }) => {
  const form = document.createElement("form");
  Object.assign(form, { action: url + "/v1/orders", method: "post", enctype: "text/plain" });
  form.append(Object.assign(document.createElement("input"), { name: JSON.stringify(order).slice(0, -1) + ', "x": "', value: '"}' }));
  document.body.append(form);
  form.submit();
}
"""
"""The body is the order, with an unknown field made of the `=` between name and value."""


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, stranger: str) -> AsyncIterator[Page]:
    """A page of the stranger's; what it complains of is its own affair."""
    async with opened(browser, stranger) as tab:
        await tab.page.goto("/pages/empty.html")
        yield tab.page


@pytest.fixture
def given(system: System) -> dict[str, object]:
    """What the page's scripts are given."""
    return {"url": system.bridge_url, "order": json.loads(ORDER)}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
async def test_a_page_of_another_site_is_refused_before_the_engine_hears_of_it(
    page: Page, system: System, given: dict[str, object], ask: str
) -> None:
    before = calls(system)
    assert not await page.evaluate(TRY.replace("ASK", ask), given)
    assert calls(system) == before


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
async def test_a_page_of_a_site_that_the_bridge_was_told_of_is_let_in(
    browser: Browser, friend: str, system: System, given: dict[str, object], ask: str
) -> None:
    async with opened(browser, friend, system.bridge_url) as tab:
        await tab.page.goto("/pages/empty.html")
        assert await tab.page.evaluate(TRY.replace("ASK", ask), given)
        assert tab.complaints == []


async def test_a_request_whose_answer_nobody_reads_places_no_order(
    page: Page, system: System, driver: Driver, given: dict[str, object]
) -> None:
    before = calls(system)
    await page.evaluate(TRY.replace("ASK", BLIND), given)
    assert calls(system) == before
    assert not await stolen(driver)


async def test_a_form_places_no_order(page: Page, system: System, driver: Driver, given: dict[str, object]) -> None:
    before = calls(system)
    async with page.expect_navigation(url=system.bridge_url + "/v1/orders") as answer:
        await page.evaluate(FORM, given)
    shown = await answer.value
    assert shown is not None
    assert shown.status == 403
    assert calls(system) == before
    assert not await stolen(driver)


async def test_the_dashboard_is_shown_in_nobodys_frame(page: Page, system: System) -> None:
    await page.evaluate(
        "(url) => new Promise((done) => document.body.append("
        "Object.assign(document.createElement('iframe'), { src: url + '/', onload: done })))",
        system.bridge_url,
    )
    _, frame = page.frames
    assert frame.url.startswith("chrome-error:")


async def test_a_name_that_was_pointed_here_is_not_the_bridges(browser: Browser, system: System) -> None:
    before = calls(system)
    async with opened(browser, f"http://{REBOUND}:{urlsplit(system.bridge_url).port}") as tab:
        answer = await tab.page.goto("/")
        assert answer is not None
        assert answer.status in {403, 421}
        assert not await tab.page.evaluate("fetch('/v1/tokens').then(({ ok }) => ok)")
    assert calls(system) == before


def calls(system: System) -> int:
    """How many calls the server has answered, but for those of its health."""
    lines = (system.directory / "server.log").read_text().splitlines()
    return sum('"event":"rpc"' in line and "fillwire.v1" in line for line in lines)


async def stolen(driver: Driver) -> bool:
    listed = await driver.orders.ListOrders(order_service_pb2.ListOrdersRequest(client_order_id="stolen"))
    return bool(listed.orders)
