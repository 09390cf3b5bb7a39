"""Takes the pictures of the README: the dashboard's views with real orders in them, in both colour schemes.

`python -m tests.browser.pictures` writes them to docs/pictures, always of the same size. What they show is a market that
moves by itself, and a minute of orders, on stores of their own.
"""

import argparse
import asyncio
import sys
from base64 import b64decode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Page

from fillwire_stack.migrate import set_motion, upgrade
from fillwire_stack.postgres import Postgres
from fillwire_stack.services import Process
from fillwire_stack.valkey import Valkey
from tests.browser.chromium import launched
from tests.browser.dashboard import Dashboard
from tests.browser.tab import opened
from tests.browser.trading import trade
from tests.e2e.system import System
from tests.servers import directory, started

SCHEMES: Final = ("light", "dark")
DESK: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 800}, "device_scale_factor": 2}
PHONE: Final[dict[str, Any]] = {**DESK, "viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True}


def main(argv: Sequence[str] | None = None) -> int:
    """Takes them all."""
    parser = argparse.ArgumentParser(prog="pictures", description=main.__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"), help="the folder they go to")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long orders come in before")
    given = parser.parse_args(argv)
    given.out.mkdir(parents=True, exist_ok=True)
    with (
        directory() as place,
        started(Postgres(place / "postgres")) as postgres,
        started(Valkey(place / "valkey")) as valkey,
    ):
        upgrade(postgres.url)
        set_motion(postgres.url, "moving")
        with System(
            place, kind=Process, database_url=postgres.url, redis_url=valkey.url, triggers=1, bridge=True
        ) as system:
            asyncio.run(_take(system, given.out, given.seconds))
    return 0


async def _take(system: System, out: Path, seconds: float) -> None:
    async with launched() as browser, _markets(browser, system) as markets:
        await trade(system.target, seconds=seconds)
        for scheme, market in markets.items():
            await _shot(market, out / f"market-{scheme}.webp")
            async with _shown(browser, system, scheme, DESK) as dashboard:
                await _desk(dashboard, out, scheme)
            async with _shown(browser, system, scheme, PHONE) as dashboard:
                await dashboard.shows("proof")
                await _shot(dashboard.page, out / f"phone-{scheme}.webp")


async def _desk(dashboard: Dashboard, out: Path, scheme: str) -> None:
    """An order is placed; then everything else is looked at."""
    await dashboard.types("1250", "Enter")
    order_id = await dashboard.follows("SUBMITTED", "CONFIRMED")
    await dashboard.shows("tape-row", "1,250 SOL", order_id=order_id, status="CONFIRMED")
    await dashboard.shows("ticket-submit", "Sell")
    await _shot(dashboard.page, out / f"trade-{scheme}.webp")
    await dashboard.open(f"#/orders/{order_id}")
    await dashboard.shows("receipt")
    await dashboard.follows("CONFIRMED")
    await _shot(dashboard.page, out / f"order-{scheme}.webp")
    await dashboard.open("#/quality")
    await dashboard.shows("quality-plot", "Confirmed", name="outcomes")
    await _shot(dashboard.page, out / f"quality-{scheme}.webp")


@asynccontextmanager
async def _markets(browser: Browser, system: System) -> AsyncIterator[dict[str, Page]]:
    """The market by scheme, from now on: its plots begin when it is opened."""
    light, dark = (_shown(browser, system, scheme, DESK, "#/market") for scheme in SCHEMES)
    async with light as one, dark as other:
        yield dict(zip(SCHEMES, (one.page, other.page), strict=True))


@asynccontextmanager
async def _shown(
    browser: Browser, system: System, scheme: str, screen: dict[str, Any], place: str = "#/"
) -> AsyncIterator[Dashboard]:
    async with opened(browser, system.bridge_url, color_scheme=scheme, **screen) as tab:
        dashboard = Dashboard(tab)
        await dashboard.open(place)
        yield dashboard


async def _shot(page: Page, path: Path) -> None:
    """What is to be seen in the window, as WebP, which Playwright itself does not offer."""
    await page.bring_to_front()
    devtools = await page.context.new_cdp_session(page)
    picture = await devtools.send("Page.captureScreenshot", {"format": "webp", "quality": 90})
    await asyncio.to_thread(path.write_bytes, b64decode(picture["data"]))


if __name__ == "__main__":
    sys.exit(main())
