"""Every example of docs/rest.md runs in a shell, against a whole engine, and prints what it says it prints."""

import asyncio
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from fillwire_bridge.rest.table import TABLE
from tests.browser.chromium import executable, launched
from tests.e2e.test_examples import matches

PAGE: Final = Path(__file__).parents[3] / "docs" / "rest.md"

_BLOCK: Final = re.compile(
    r"^```sh\n(?P<text>.*?)^```$(\n\n^```(json|text)\n(?P<expected>.*?)^```$)?", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Example:
    """Some commands, and what they print; empty: no error."""

    text: str
    expected: str

    def keeps_its_word(self, said: str) -> bool:
        if self.expected:
            return matches(said.strip(), self.expected.strip())
        return '"error"' not in said


def examples() -> Iterator[Example]:
    for block in _BLOCK.finditer(PAGE.read_text()):
        yield Example(block["text"], block["expected"] or "")


async def test_every_example_prints_what_it_says(system_bridge_url: str) -> None:
    page = list(examples())
    # One shell for all of them: a reader goes from the first to the last as well.
    script = "\nprintf '\\n==\\n'\n".join(one.text for one in page)
    said = await _run(script.replace("http://localhost:8080", system_bridge_url))
    wrong = [
        (one.text, text) for one, text in zip(page, said.split("\n==\n"), strict=True) if not one.keeps_its_word(text)
    ]
    assert not wrong, "\n".join(f"{text}\n-> {printed}" for text, printed in wrong)


async def _run(script: str) -> str:
    strict = 'set -eu; curl() { command curl --max-time 15 "$@"; }\n'
    shell = await asyncio.create_subprocess_exec(
        "sh", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(100):
        said, complaints = await shell.communicate((strict + script).encode())
    assert shell.returncode == 0, (said + complaints).decode()
    return said.decode()


async def test_the_page_that_watches_an_order_sees_its_end(system_bridge_url: str) -> None:
    (script,) = re.findall(r"^```js\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    if executable() is None:
        assert not os.environ.get("FILLWIRE_REQUIRE_BROWSER"), "no Chromium on PATH"
        pytest.skip("no Chromium on PATH")
    async with launched() as browser:
        page = await browser.new_page()
        await page.goto(f"{system_bridge_url}/v1/openapi.json")
        seen = await page.evaluate(WATCHED.replace("SCRIPT", script))
    assert seen == {"seqs": ["1", "2", "3", "4", "5"], "closed": True}


WATCHED: Final = """async () => {
    const spec = { tokenIn: "SOL", tokenOut: "USDC", amountIn: "1000000", slippageBps: 5000 };
    const headers = { "Content-Type": "application/json" };
    const placed = await fetch("/v1/orders", { method: "POST", headers, body: JSON.stringify({ spec }) });
    const orderId = (await placed.json()).order.orderId, seqs = [];
    const show = ({ event }) => event && seqs.push(event.seq);
    SCRIPT
    await new Promise((ended) => events.addEventListener("end", ended));
    return { seqs, closed: events.readyState === EventSource.CLOSED };
}"""
"""Places an order, watches it as the example says, and tells what it was shown and how it left its stream."""


def test_every_route_has_an_example() -> None:
    text = "".join(one.text for one in examples())
    text = text.replace("$order", "$bridge/v1/orders/{order_id}").replace("$resting", "$bridge/v1/orders/{order_id}")
    text = text.replace("$hook", "$bridge/v1/webhooks/{webhook_id}")
    assert {row.path for row in TABLE if not re.search(re.escape(row.path) + r'["?\s]', text)} == set()


def test_an_example_that_prints_something_else_is_found() -> None:
    assert Example("", '{"a":...}').keeps_its_word('{"a":1}\n')
    assert not Example("", '{"a":...}').keeps_its_word('{"b":1}')
    assert not Example("", "").keeps_its_word('{"error":{}}')
