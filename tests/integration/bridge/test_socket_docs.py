"""What docs/socket.md shows is what happens."""

import asyncio
import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.integration.bridge.talking import talking

DOCS = Path("docs/socket.md").read_text()
SPEC = {"tokenIn": "SOL", "tokenOut": "USDC", "amountIn": "1000000", "slippageBps": 5000}
SECONDS = 60


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", DOCS, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def node() -> str:
    found = shutil.which("node")
    if found is None:
        assert not os.environ.get("FILLWIRE_REQUIRE_BROWSER"), "node is not there"
        pytest.skip("node is not there")
    return found


async def test_the_watch_that_resumes_follows_an_order_to_its_end(node: str, system_bridge_url: str) -> None:
    async with talking(system_bridge_url) as talk:
        (answer,), _ = await talk.ask("OrderService/SubmitOrder", spec=SPEC)
    host, order_id = system_bridge_url.removeprefix("http://"), answer["order"]["orderId"]
    show = "onEvent: (event) => console.log(event.status), onEnd: (end) => console.log(end.code)"
    script = f"globalThis.location = {{ host: {json.dumps(host)} }};\n{block('js')}\nwatch('{order_id}', {{ {show} }});"
    running = await asyncio.create_subprocess_exec(
        node, "--experimental-websocket", "--eval", script, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(SECONDS):
        said, _ = await running.communicate()
    ways = ["PENDING", "ROUTING", "BUILDING", "SUBMITTED", "CONFIRMED"]
    assert said.decode().split() == [*(f"ORDER_STATUS_{way}" for way in ways), "OK"]


async def test_an_error_looks_as_it_is_shown(bridge_url: str) -> None:
    shown = json.loads(block("json"))
    async with talking(bridge_url) as talk:
        await talk.call("7", "OrderService/SubmitOrder", spec=SPEC | {"slippageBps": None})
        assert await talk.hear() == shown
