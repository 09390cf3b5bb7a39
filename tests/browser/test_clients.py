"""The published clients of gRPC-Web, unmodified, and our own package, in a page of another site that the bridge lets in."""

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from google.rpc import code_pb2, error_details_pb2, status_pb2  # type: ignore[import-untyped]
from playwright.async_api import Browser

from fillwire.v1 import order_pb2, order_service_pb2
from tests.browser.tab import Tab, opened
from tests.e2e.driver import Driver
from tests.e2e.system import System

SPEC = {"tokenIn": "SOL", "tokenOut": "USDC", "amountIn": "1000000", "slippageBps": 5000}
RESTING = {"tokenIn": "SOL", "tokenOut": "USDC", "amountIn": "1000000", "limitPrice": "100000"}


class Client:
    """A page with one of the clients in it."""

    def __init__(self, tab: Tab, module: str, bridge: str) -> None:
        self.tab = tab
        self._call = f"async (given) => (await import('/pages/{module}.js'))"
        self._bridge = bridge

    async def does(self, what: str, given: Any) -> Any:
        """Calls a function of the page's module."""
        return await self.tab.page.evaluate(f"{self._call}.{what}({json.dumps(self._bridge)}, given)", given)

    async def sees(self, seqs: list[int]) -> None:
        """Waits until these events have come, in this order, and no other."""
        await self.tab.page.wait_for_function(
            "wanted => JSON.stringify(seen) === wanted", arg=json.dumps(seqs).replace(" ", "")
        )


@pytest_asyncio.fixture(params=["connect_web", "grpc_web", "fillwire"], loop_scope="session")
async def client(
    request: pytest.FixtureRequest, browser: Browser, system: System, friend: str, packages: Path
) -> AsyncIterator[Client]:
    async with opened(browser, friend, system.bridge_url) as tab:
        await tab.page.goto("/")
        await tab.page.evaluate("window.seen = []")
        yield Client(tab, request.param, system.bridge_url)
        tab.forgive("net::ERR_ABORTED")  # connect-web may hang up once it has the trailers
        assert tab.complaints == []


async def test_an_order_is_placed_and_followed_to_its_end(client: Client, driver: Driver) -> None:
    order_id = await client.does("submit", SPEC)
    assert await client.does("watch", order_id) == code_pb2.OK
    await client.sees([1, 2, 3, 4, 5])
    assert (await driver.get(order_id)).status == order_pb2.ORDER_STATUS_CONFIRMED


async def test_events_come_while_the_stream_is_open(client: Client, driver: Driver) -> None:
    order_id = await client.does("submit", RESTING)
    async with asyncio.TaskGroup() as group:
        ended = group.create_task(client.does("watch", order_id))
        await client.sees([1, 2])
        assert not ended.done()
        await driver.orders.CancelOrder(order_service_pb2.CancelOrderRequest(order_id=order_id))
    assert ended.result() == code_pb2.OK
    await client.sees([1, 2, 3])


async def test_what_is_wrong_with_an_order_comes_whole(client: Client) -> None:
    told = await client.does("refused", SPEC | {"slippageBps": 10_001, "tokenOut": "SOL"})
    assert told["code"] == code_pb2.INVALID_ARGUMENT
    assert set(fields(told)) == {"spec.slippage_bps", "spec.token_out"}


def fields(told: dict[str, Any]) -> list[str]:
    """The bad fields, as connect-web has read them or from the status as grpc-web hands it on."""
    if "fields" in told:
        return list(told["fields"])
    status = status_pb2.Status.FromString(b64decode(told["status"] + "=="))
    bad = error_details_pb2.BadRequest()
    assert any(detail.Unpack(bad) for detail in status.details)
    return [violation.field for violation in bad.field_violations]
