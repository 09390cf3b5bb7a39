"""What breaks elsewhere must not break in a browser either: over the WebSocket and over gRPC-Web, on real processes.

The numbers are those of the list that test_failures.py goes by.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from pathlib import Path
from typing import Any

import pytest

from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as service
from fillwire_dex.simulated import Fault, FaultKind, SimulatedMarket
from fillwire_orders import AccountId, Keys, Pool, Scope
from fillwire_stack.children import stop_together
from tests.e2e.browser_transports import TRANSPORTS, Ended, Lost, Transport
from tests.e2e.driver import SPEC, statuses
from tests.e2e.system import System
from tests.e2e.test_failures import WAY, swaps

PEPPER = "a pepper for tests alone"
SECONDS = 60

Open = Callable[..., AbstractAsyncContextManager[Transport]]


@pytest.fixture(params=sorted(TRANSPORTS))
def opened(request: pytest.FixtureRequest) -> Open:
    """Opens a transport to a bridge; every test here is about each of them."""
    return TRANSPORTS[request.param]


@pytest.fixture(scope="module")
def bridge_url(system: System) -> Iterator[str]:
    """A bridge to the shared engine."""
    system.bridge = system.process("bridge", "fillwire_bridge")
    system.bridge.start()
    system.wait_ready()
    yield system.bridge_url
    stop_together([system.bridge], seconds=12)
    system.bridge = None


@pytest.fixture
async def page(opened: Open, bridge_url: str) -> AsyncIterator[Transport]:
    """A page's connection to that bridge."""
    async with opened(bridge_url) as page:
        yield page


def submission() -> service.SubmitOrderRequest:
    """A small market order that nobody has asked for yet."""
    spec: Any = SPEC
    return service.SubmitOrderRequest(spec=order_pb2.OrderSpec(**spec), request_id=str(uuid.uuid4()))


async def submitted(page: Transport, request: service.SubmitOrderRequest) -> service.SubmitOrderResponse:
    async with asyncio.timeout(SECONDS):
        answers = page.messages("OrderService/SubmitOrder", request, service.SubmitOrderResponse)
        (answer,) = [answer async for answer in answers]
        return answer


async def submit(page: Transport) -> str:
    """The id of an order that is stored."""
    return (await submitted(page, submission())).order.order_id


def frames(page: Transport, order_id: str, after_seq: int = 0) -> Any:
    """What a watch says; to be closed."""
    request = service.WatchOrderRequest(order_id=order_id, after_seq=after_seq)
    return page.messages("OrderService/WatchOrder", request, service.WatchOrderResponse)


async def watch(page: Transport, order_id: str, after_seq: int = 0) -> Sequence[order_pb2.OrderEvent]:
    """All events, to the clean end."""
    async with asyncio.timeout(SECONDS), aclosing(frames(page, order_id, after_seq)) as heard:
        return [frame.event async for frame in heard if frame.HasField("event")]


async def next_seq(page: Transport, order_id: str, *, after_seq: int) -> int:
    """That of the first event of a watch, which is then left."""
    async with asyncio.timeout(SECONDS), aclosing(frames(page, order_id, after_seq)) as heard:
        return await anext(frame.event.seq async for frame in heard if frame.HasField("event"))


class Watcher:
    """Follows an order as a page does: whatever is lost, it connects again and resumes behind the last event."""

    def __init__(self, opened: Open, bridge_url: str, order_id: str) -> None:
        self._opened = opened
        self._bridge_url = bridge_url
        self._order_id = order_id
        self._news = asyncio.Condition()
        self.events: list[order_pb2.OrderEvent] = []
        self.losses = 0

    async def follow(self) -> None:
        """To the clean end."""
        async with asyncio.timeout(SECONDS):
            while not await self._once():
                self.losses += 1
                await asyncio.sleep(0.05)

    async def saw(self, status: str) -> None:
        """Returns when the order has entered `status`."""
        async with asyncio.timeout(SECONDS), self._news:
            await self._news.wait_for(lambda: status in statuses(self.events))

    async def _once(self) -> bool:
        try:
            async with self._opened(self._bridge_url) as page:
                async with aclosing(frames(page, self._order_id, self.seqs[-1] if self.events else 0)) as heard:
                    async for frame in heard:
                        await self._take(frame)
                return True
        except Lost:
            return False
        except Ended as ended:
            if ended.status["code"] != "UNAVAILABLE":
                raise
            return False

    async def _take(self, frame: service.WatchOrderResponse) -> None:
        if frame.HasField("event"):
            self.events.append(frame.event)
            async with self._news:
                self._news.notify_all()

    @property
    def seqs(self) -> list[int]:
        return [event.seq for event in self.events]


async def test_1_who_watches_after_the_end_gets_the_whole_ordered_history_and_ok(page: Transport) -> None:
    order_id = await submit(page)
    await watch(page, order_id)
    events = await watch(page, order_id)
    assert statuses(events) == WAY
    assert [event.seq for event in events] == [1, 2, 3, 4, 5]


async def test_2_a_page_that_loses_its_connection_after_each_event_sees_the_exact_log(
    opened: Open, bridge_url: str
) -> None:
    async with opened(bridge_url) as page:
        order_id = await submit(page)
    seen: list[int] = []
    while len(seen) < len(WAY):
        async with opened(bridge_url) as page:
            seen.append(await next_seq(page, order_id, after_seq=seen[-1] if seen else 0))
    assert seen == [1, 2, 3, 4, 5]


async def test_2_a_watch_that_is_left_after_each_event_and_begun_again_sees_the_exact_log(page: Transport) -> None:
    order_id = await submit(page)
    seen: list[int] = []
    while len(seen) < len(WAY):
        seen.append(await next_seq(page, order_id, after_seq=seen[-1] if seen else 0))
    assert seen == [1, 2, 3, 4, 5]


async def test_3_one_watcher_leaving_does_not_silence_the_other_of_the_same_page(page: Transport) -> None:
    order_id = await submit(page)
    stays = asyncio.create_task(watch(page, order_id))
    async with aclosing(frames(page, order_id)) as leaves:
        await anext(leaves)
    assert statuses(await stays) == WAY


async def test_3_one_page_leaving_does_not_silence_the_other(opened: Open, bridge_url: str) -> None:
    async with opened(bridge_url) as page:
        order_id = await submit(page)
        stays = asyncio.create_task(watch(page, order_id))
        async with opened(bridge_url) as other, aclosing(frames(other, order_id)) as leaves:
            await anext(leaves)
        assert statuses(await stays) == WAY


async def test_4_watching_twice_swaps_once(page: Transport, stores: Pool) -> None:
    order_id = await submit(page)
    first, second = await asyncio.gather(watch(page, order_id), watch(page, order_id))
    assert statuses(first) == statuses(second) == WAY
    assert await swaps(stores, order_id) == 1


async def test_4_a_submit_that_is_sent_again_swaps_once(page: Transport, stores: Pool) -> None:
    request = submission()
    answers = [await submitted(page, request) for _ in range(3)]
    assert [answer.deduplicated for answer in answers] == [False, True, True]
    order_id = answers[0].order.order_id
    await watch(page, order_id)
    assert await swaps(stores, order_id) == 1


async def test_15_with_another_accounts_key_an_order_is_as_if_it_did_not_exist(
    opened: Open, server_directory: Path, database_url: str, redis_url: str, own_stores: Pool
) -> None:
    keys = Keys(own_stores)
    mine, yours = [(await keys.create(AccountId(account), [Scope.TRADE], PEPPER)).text for account in ("mine", "yours")]
    engine = System(
        server_directory, database_url=database_url, redis_url=redis_url, bridge=True, FILLWIRE_KEY_PEPPER=PEPPER
    )
    with engine as system:
        async with opened(system.bridge_url, mine) as page:
            order_id = await submit(page)
            assert statuses(await watch(page, order_id)) == WAY
        absent = str(uuid.uuid4())
        async with opened(system.bridge_url, yours) as page:
            told = [await refused(page, one) for one in (order_id, absent)]
        assert told[0]["code"] == "NOT_FOUND"
        assert repr(told[0]).replace(order_id, absent) == repr(told[1])


async def refused(page: Transport, order_id: str) -> Any:
    with pytest.raises(Ended) as ended:
        await watch(page, order_id)
    return ended.value.status


@pytest.fixture
async def breakable(
    server_directory: Path, database_url: str, redis_url: str, own_market: SimulatedMarket
) -> AsyncIterator[System]:
    """An engine of the test's own, with a bridge, whose next order is refused twice, and so takes three seconds."""
    await own_market.script(Fault(FaultKind.REFUSE, times=2))
    with System(server_directory, database_url=database_url, redis_url=redis_url, bridge=True) as system:
        yield system


RETRIED = ["PENDING", *["ROUTING", "BUILDING", "SUBMITTED", "RETRYING"] * 2, *WAY[1:]]


async def followed_while(system: System, opened: Open, breaks: Callable[[], None]) -> Watcher:
    """A watcher of an order in the middle of which `breaks` was called."""
    async with opened(system.bridge_url) as page:
        order_id = await submit(page)
    watcher = Watcher(opened, system.bridge_url, order_id)
    following = asyncio.create_task(watcher.follow())
    await watcher.saw("RETRYING")
    await asyncio.to_thread(breaks)
    await following
    return watcher


async def test_a_bridge_that_is_killed_and_restarted_costs_no_event_and_doubles_none(
    breakable: System, opened: Open
) -> None:
    bridge = breakable.bridge
    assert bridge is not None

    def breaks() -> None:
        breakable.kill(bridge)
        bridge.start()

    watcher = await followed_while(breakable, opened, breaks)
    assert statuses(watcher.events) == RETRIED
    assert watcher.seqs == list(range(1, len(RETRIED) + 1))
    assert watcher.losses


async def test_a_bridge_that_is_stopped_in_order_has_its_watchers_resume(breakable: System, opened: Open) -> None:
    bridge = breakable.bridge
    assert bridge is not None

    def breaks() -> None:
        stop_together([bridge], seconds=12)
        assert bridge.child is not None
        assert bridge.child.exit_code == 0
        bridge.start()

    watcher = await followed_while(breakable, opened, breaks)
    assert statuses(watcher.events) == RETRIED
    assert watcher.seqs == list(range(1, len(RETRIED) + 1))
    assert watcher.losses


async def test_a_server_that_is_killed_and_restarted_behind_the_bridge_costs_no_event_and_doubles_none(
    breakable: System, opened: Open
) -> None:
    def breaks() -> None:
        breakable.kill(breakable.server)
        breakable.server.start()

    watcher = await followed_while(breakable, opened, breaks)
    assert statuses(watcher.events) == RETRIED
    assert watcher.seqs == list(range(1, len(RETRIED) + 1))
    assert watcher.losses
    assert breakable.bridge is not None
    assert breakable.bridge.child is not None
    assert breakable.bridge.child.exit_code is None


async def test_forty_orders_are_followed_by_one_page(bridge_url: str) -> None:
    async with TRANSPORTS["socket"](bridge_url) as page:
        orders = [await submit(page) for _ in range(40)]
        watched = await asyncio.gather(*(watch(page, order_id) for order_id in orders))
    assert [statuses(events) for events in watched] == [WAY] * 40
    assert [{event.order_id for event in events} for events in watched] == [{order_id} for order_id in orders]
