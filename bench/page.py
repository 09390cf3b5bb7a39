"""A page in a real browser that watches orders on one WebSocket, each event timed as its script gets it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Page

from tests.browser.chromium import launched

__all__ = ["blank", "watch"]

# The engine's times are finer than a Date: their fraction is read apart.
_WATCH: Final = """
(orderIds) => new Promise((resolve) => {
  const late = [];
  let open = orderIds.length;
  const millis = (time) => Date.parse(time.slice(0, 19) + "Z") + Number("0." + (time.slice(20, -1) || "0")) * 1000;
  const began = performance.timeOrigin + performance.now();
  const socket = new WebSocket(`ws://${location.host}/v1/ws`);
  const call = (orderId, id) =>
    socket.send(JSON.stringify({ id: String(id), call: "OrderService/WatchOrder", request: { orderId, afterSeq: "0" } }));
  socket.onopen = () => orderIds.forEach(call);
  socket.onmessage = ({ data }) => {
    const now = performance.timeOrigin + performance.now();
    const { message, end } = JSON.parse(data);
    if (message?.event && millis(message.event.time) > began) late.push(now - millis(message.event.time));
    if (end && --open === 0) resolve(late);
  };
})
"""


@asynccontextmanager
async def blank(url: str) -> AsyncIterator[Page]:
    """A page of the bridge at `url`, with no script of its own."""
    async with launched() as browser:
        page = await browser.new_page()
        await page.goto(url + "/healthz")
        yield page


async def watch(page: Page, order_ids: Sequence[str]) -> Sequence[float]:
    """Watches all of them to their end; how late each event came that was recorded since, in milliseconds."""
    late: Sequence[float] = await page.evaluate(_WATCH, list(order_ids))
    return late
