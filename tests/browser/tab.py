"""A page in a browser, and all that it complained of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Page, Request

__all__ = ["Tab", "opened"]

_QUIET: Final = frozenset({"log", "info", "debug"})


class Tab:
    """A page that keeps every warning, error, failed request and request to another host in `complaints`."""

    def __init__(self, page: Page, *origins: str) -> None:
        self.page: Final = page
        self.complaints: list[str] = []
        self._hosts = {urlsplit(origin).netloc for origin in origins}
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error.stack or error}"))
        page.on("requestfailed", self._failed)
        page.on("request", self._asked)
        page.on("websocket", lambda socket: self._went(socket.url))

    def forgive(self, *texts: str) -> None:
        """Drops the complaints that have one of `texts` in them: the test itself has caused them."""
        self.complaints = [one for one in self.complaints if not any(text in one for text in texts)]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type not in _QUIET:
            self.complaints.append(f"console {message.type}: {message.text} at {message.location.get('url')}")

    def _failed(self, request: Request) -> None:
        self.complaints.append(f"failed: {request.url}: {request.failure}")

    def _asked(self, request: Request) -> None:
        self._went(request.url)

    def _went(self, url: str) -> None:
        at = urlsplit(url)
        if at.scheme not in {"data", "blob"} and at.netloc not in self._hosts:
            self.complaints.append(f"asked another host: {url}")


@asynccontextmanager
async def opened(browser: Browser, home: str, *others: str, **context: Any) -> AsyncIterator[Tab]:
    """A page of a fresh profile, with nothing loaded yet; it is to speak to its own origin and `others` alone."""
    profile = await browser.new_context(base_url=home, **context)
    async with profile:
        profile.set_default_timeout(20_000)
        yield Tab(await profile.new_page(), home, *others)
