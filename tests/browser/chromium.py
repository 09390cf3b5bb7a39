"""Debian's Chromium, as Playwright drives it; Playwright never downloads one of its own."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Browser, async_playwright

__all__ = ["REBOUND", "executable", "launched"]

REBOUND: Final = "rebound.example"
"""A name of somebody else's that leads to this machine, as after a DNS rebinding."""

_NAMES: Final = ("chromium-headless-shell", "chromium")

_FLAGS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-first-run",
    f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1",
)


def executable() -> str | None:
    """Where Chromium is; None where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A browser for as long as the block runs; its sandbox is off for root, for whom it has none."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable(), chromium_sandbox=os.geteuid() != 0, args=_FLAGS
        )
        async with browser:
            yield browser
