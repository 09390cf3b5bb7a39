"""The TypeScript client against the whole engine, through a real bridge."""

import asyncio
import os
import re
from pathlib import Path

import pytest

from tests.e2e.system import System


async def test_the_package_keeps_its_promises_on_its_own(package: Path) -> None:
    await _passes("node", "--test", *map(str, sorted((package / "dist" / "tests").glob("*.test.js"))))


@pytest.mark.parametrize("stories", ["stories", "changes", "webhooks"])
async def test_the_client_does_all_it_promises_over_both_transports(
    stories: str, package: Path, system: System
) -> None:
    told = str(package / "dist" / "live" / f"{stories}.js")
    await _passes("node", "--test", told, FILLWIRE_BRIDGE=system.bridge_url)


async def test_the_example_places_an_order_and_follows_it(package: Path, system: System) -> None:
    said = await _passes("node", str(package / "dist" / "examples" / "place-and-follow.js"), system.bridge_url)
    *events, gain = said.splitlines()
    assert events == ["1n PENDING", "2n ROUTING", "3n BUILDING", "4n SUBMITTED", "5n CONFIRMED"]
    assert re.fullmatch(r"0\.\d+ USDC", gain)


@pytest.mark.parametrize(
    ("example", "said"),
    [
        ("replace-an-order", r"true 2000000\ntrue\n"),
        (
            "dead-mans-switch",
            r"without another word all open orders are withdrawn at 20\d\d-.*Z\nthe switch is off: true\n",
        ),
        ("receive-webhooks", r"1n PENDING\n2n ROUTING\n3n BUILDING\n4n SUBMITTED\n5n CONFIRMED\n"),
    ],
)
async def test_an_example_of_the_document_says_what_is_expected(
    example: str, said: str, package: Path, system: System
) -> None:
    told = await _passes("node", str(package / "dist" / "examples" / f"{example}.js"), system.bridge_url)
    assert re.fullmatch(said, told), told


async def _passes(*command: str, **environment: str) -> str:
    """What a command prints that ends well."""
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(110):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, said.decode()
    return said.decode()
