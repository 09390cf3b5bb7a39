"""The dashboard as a person uses it: what is to be seen on it, and what can be done there."""

import re
from collections.abc import Sequence
from typing import Final

from playwright.async_api import Locator, expect

from tests.browser.tab import Tab

__all__ = ["SECONDS", "Dashboard"]

SECONDS: Final = 30.0
"""Within which everything that is waited for has come."""

_PATIENCE: Final = SECONDS * 1000


class Dashboard:
    """The page in a tab. What is waited for and does not come within `SECONDS` is an AssertionError."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.page = tab.page

    async def open(self, place: str = "#/") -> None:
        """Goes to a place of the page, and waits until it is connected."""
        await self.page.goto("/" + place)
        await self.is_connected()

    async def is_connected(self, state: str = "open") -> None:
        await expect(self.part("connection")).to_have_attribute("data-state", state, timeout=_PATIENCE)

    async def types(self, *keys: str) -> None:
        """Types without a look at where the focus is: it is to be in the amount. Each of `keys` is a text or a key's name."""
        await expect(self.part("ticket-amount")).to_be_focused(timeout=_PATIENCE)
        for key in keys:
            await (self.page.keyboard.press if key.isalpha() else self.page.keyboard.type)(key)

    def part(self, name: str, /, **attributes: str) -> Locator:
        """What carries this `data-test`, and these `data-` attributes."""
        having = "".join(f'[data-{key.replace("_", "-")}="{value}"]' for key, value in attributes.items())
        return self.page.locator(f'[data-test="{name}"]{having}')

    async def shows(self, name: str, /, text: str | re.Pattern[str] = re.compile(r"\S"), **attributes: str) -> None:
        """Waits until a part of the page is to be seen, with `text` in it."""
        part = self.part(name, **attributes).first
        await expect(part).to_be_visible(timeout=_PATIENCE)
        await expect(part).to_contain_text(text, timeout=_PATIENCE)

    async def follows(self, *statuses: str) -> str:
        """Waits until the timeline on the page ends with these; gives the id of its order."""
        last = self.part("timeline").locator('[data-test="event"]').last
        await expect(last).to_have_attribute("data-status", statuses[-1], timeout=_PATIENCE)
        assert [status for _, status in await self.events()][-len(statuses) :] == list(statuses)
        return str(await self.part("timeline").get_attribute("data-order-id"))

    async def events(self) -> Sequence[tuple[int, str]]:
        """Seq and status of all events in the timeline, from the first to the last."""
        found = (
            await self.part("timeline")
            .locator('[data-test="event"]')
            .evaluate_all("events => events.map(({ dataset }) => [Number(dataset.seq), dataset.status])")
        )
        return sorted((seq, status) for seq, status in found)

    async def has_event(self, seq: int) -> None:
        """Waits until the timeline shows the event."""
        await expect(self.part("event", seq=str(seq))).to_be_visible(timeout=_PATIENCE)
