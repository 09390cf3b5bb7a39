"""Many watches in one page, on one connection: browsers allow six of those to a host."""

import asyncio

from fillwire.v1 import order_pb2
from fillwire_stack.services import Process
from tests.browser.tab import Tab
from tests.e2e.driver import Driver
from tests.e2e.system import System

WATCHES = 40

WATCH = """
async (orderIds) => {
  const { Link } = await import("/link.js");
  const link = new Link(`ws://${location.host}/v1/ws`);
  window.seen = Object.fromEntries(orderIds.map((orderId) => [orderId, []]));
  window.ended = {};
  for (const [orderId, seqs] of Object.entries(window.seen)) {
    link.watch("OrderService/WatchOrder", () => ({ orderId, afterSeq: String(seqs.at(-1) ?? 0) }), {
      message: ({ event }) => event && seqs.push(Number(event.seq)),
      end: ({ code }) => (window.ended[orderId] = code),
    });
  }
}
"""
"""Watches with the dashboard's own link, in a page that shows nothing."""

ALL_SEEN = "(past) => Object.values(seen).every((seqs) => seqs.length >= past)"
ALL_ENDED = "(watches) => Object.keys(ended).length === watches"


async def test_forty_watches_of_one_page_share_a_connection_and_resume_when_the_bridge_dies(
    tab: Tab, driver: Driver, system: System, bridge: Process
) -> None:
    connections: list[str] = []
    tab.page.on("websocket", lambda socket: connections.append(socket.url))
    order_ids = await due_in(driver, seconds=6)
    await tab.page.goto("/healthz")
    await tab.page.evaluate(WATCH, order_ids)
    await tab.page.wait_for_function(ALL_SEEN, arg=2)
    assert len(connections) == 1
    system.kill(bridge)
    logs = await asyncio.gather(*(driver.watch(order_id) for order_id in order_ids))
    bridge.start()
    await tab.page.wait_for_function(ALL_ENDED, arg=WATCHES)
    wanted = {order_id: [event.seq for event in log] for order_id, log in zip(order_ids, logs, strict=True)}
    assert await tab.page.evaluate("seen") == wanted
    assert set((await tab.page.evaluate("ended")).values()) == {"OK"}
    tab.forgive("WebSocket connection to")


async def due_in(driver: Driver, *, seconds: float) -> list[str]:
    """The ids of orders that all fall due after so long."""
    scheduled = order_pb2.ScheduledOrder()
    scheduled.execute_time.GetCurrentTime()
    scheduled.execute_time.FromNanoseconds(scheduled.execute_time.ToNanoseconds() + int(seconds * 1e9))
    answers = await asyncio.gather(*(driver.submit(scheduled=scheduled) for _ in range(WATCHES)))
    return [answer.order.order_id for answer in answers]
