"""A watch of the account gives every event of every order once, whatever becomes of its connections."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import grpc
import pytest

import fillwire
from fillwire import AsyncAccountWatch, AsyncClient, Kind, Status
from fillwire.aio.line import Line
from fillwire.retry import Chance
from fillwire.settings import Settings
from fillwire.v1 import order_pb2
from tests.unit.client.messages import account_event, account_heartbeat, info, receipt
from tests.unit.client.scripted import Engine, Refusal, Silence, serving, serving_beside

UNAVAILABLE = Refusal(grpc.StatusCode.UNAVAILABLE)
ENOUGH = Refusal(grpc.StatusCode.UNAUTHENTICATED)
"""Ends a watch that has no end."""
OTHER = "01890a5d-ac96-774b-bcce-b302099a8058"


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
async def client(engine: Engine) -> AsyncIterator[AsyncClient]:
    async def sleep(_: float) -> None:
        await asyncio.sleep(0)

    async with serving(engine) as target:
        line = Line(settings=Settings(target), chance=Chance(random=lambda: 1.0), sleep=sleep)
        async with AsyncClient(line=line) as client:
            yield client


async def seen(watch: AsyncAccountWatch) -> list[tuple[str, int]]:
    """All it gives until the engine has enough of it."""
    events: list[tuple[str, int]] = []
    with contextlib.suppress(fillwire.Unauthenticated):
        while True:
            event = await anext(watch)
            events.append((event.order_id[-1], event.seq))
    return events


async def test_the_events_of_several_orders_come_as_they_were_committed(engine: Engine, client: AsyncClient) -> None:
    engine.script(
        "WatchOrders",
        account_heartbeat("0"),
        account_event("1", 1),
        account_event("2", 1, order_id=OTHER),
        account_event("3", 2, order_id=OTHER),
        account_event("4", 2),
        ENOUGH,
    )
    watch = client.watch_account()
    assert await seen(watch) == [("7", 1), ("8", 1), ("8", 2), ("7", 2)]
    assert watch.cursor == "4"
    (asked,) = engine.asked["WatchOrders"]
    assert (asked.cursor, asked.from_start, asked.heartbeat_interval.seconds) == ("", False, 15)


async def test_an_event_tells_its_tokens_itself(engine: Engine, client: AsyncClient) -> None:
    fired = order_pb2.Fired(condition=order_pb2.ORDER_TYPE_STOP, price="139.9")
    done = account_event("2", 4, "CONFIRMED", receipt=receipt())
    engine.script("WatchOrders", account_event("1", 3, "ROUTING", fired=fired), done)
    async with client.watch_account(cursor="0") as watch:
        first, second = await anext(watch), await anext(watch)
    assert isinstance(first.detail, fillwire.Fired)
    assert first.detail.condition is Kind.STOP
    assert isinstance(second.detail, fillwire.Receipt)
    assert (second.token_in, second.token_out, str(second.detail.amount_out)) == ("SOL", "USDC", "239.99 USDC")


async def test_a_lost_connection_goes_on_behind_the_last_cursor_also_of_a_heartbeat(
    engine: Engine, client: AsyncClient
) -> None:
    engine.script("WatchOrders", account_heartbeat("0"), account_event("1", 1), account_heartbeat("5"), UNAVAILABLE)
    engine.script("WatchOrders", account_heartbeat("5"), account_event("6", 2), UNAVAILABLE)
    engine.script("WatchOrders", account_event("7", 3), ENOUGH)
    assert await seen(client.watch_account(from_start=True)) == [("7", 1), ("7", 2), ("7", 3)]
    asked = [(request.cursor, request.from_start) for request in engine.asked["WatchOrders"]]
    assert asked == [("", True), ("5", False), ("6", False)]


async def test_a_stream_that_ends_well_is_opened_again_for_an_account_has_no_end(
    engine: Engine, client: AsyncClient
) -> None:
    engine.script("WatchOrders", account_event("1", 1))
    engine.script("WatchOrders", account_event("2", 2), ENOUGH)
    assert await seen(client.watch_account(cursor="0")) == [("7", 1), ("7", 2)]


async def test_an_event_that_comes_again_is_not_given_again(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrders", account_event("1", 4), account_event("2", 5), account_event("2", 5), UNAVAILABLE)
    engine.script(
        "WatchOrders", account_event("1", 4), account_event("2", 5), account_event("3", 1, order_id=OTHER), ENOUGH
    )
    watch = client.watch_account(cursor="0")
    assert await seen(watch) == [("7", 4), ("7", 5), ("8", 1)]


async def test_a_gap_in_an_order_is_asked_for_again_from_before_it(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrders", account_event("1", 1), account_event("3", 3))
    engine.script("WatchOrders", account_event("2", 2), account_event("3", 3), ENOUGH)
    assert await seen(client.watch_account(cursor="0")) == [("7", 1), ("7", 2), ("7", 3)]
    assert [request.cursor for request in engine.asked["WatchOrders"]] == ["0", "1"]


async def test_an_engine_that_leaves_the_same_event_out_again_is_not_asked_for_ever(
    engine: Engine, client: AsyncClient
) -> None:
    engine.script("WatchOrders", account_event("1", 1), account_event("3", 3))
    engine.script("WatchOrders", account_event("3", 3))
    with pytest.raises(fillwire.Internal, match="events 2 to 2") as caught:
        async for _ in client.watch_account(cursor="0"):
            pass
    assert caught.value.reason == "GAP"
    assert len(engine.asked["WatchOrders"]) == 2


async def test_what_a_filter_leaves_out_is_no_gap(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrders", account_event("1", 1), account_event("3", 3, "BUILDING"), ENOUGH)
    watch = client.watch_account(cursor="0", statuses=[Status.PENDING, Status.BUILDING], token_in="SOL")
    assert await seen(watch) == [("7", 1), ("7", 3)]
    (asked,) = engine.asked["WatchOrders"]
    assert (list(asked.statuses), asked.token_in) == ([1, 4], "SOL")


async def test_only_final_events_are_asked_for(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrders", account_event("1", 5), account_event("2", 5, order_id=OTHER), ENOUGH)
    watch = client.watch_account(cursor="0", terminal_only=True, client_order_id="mine")
    assert await seen(watch) == [("7", 5), ("8", 5)]
    (asked,) = engine.asked["WatchOrders"]
    assert (asked.terminal_only, asked.client_order_id) == (True, "mine")


async def test_a_block_begins_when_the_engine_follows(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrders", account_heartbeat("9"), account_event("10", 1), ENOUGH)
    async with client.watch_account() as watch:
        assert watch.cursor == "9"
        assert await seen(watch) == [("7", 1)]


async def test_a_block_with_a_cursor_opens_nothing_by_itself(engine: Engine, client: AsyncClient) -> None:
    async with client.watch_account(cursor="9"), client.watch_account(from_start=True):
        assert not engine.asked["WatchOrders"]


async def test_a_block_of_an_engine_that_refuses_does_not_begin(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrders", Refusal(grpc.StatusCode.OUT_OF_RANGE, "other", (info("CURSOR_FOREIGN"),)))
    with pytest.raises(fillwire.OutOfRange):
        async with client.watch_account():
            pytest.fail("it began")


async def test_a_silent_connection_is_given_up_and_resumed(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrders", account_heartbeat("0"), account_event("1", 1), Silence())
    engine.script("WatchOrders", account_event("2", 2), ENOUGH)
    assert await seen(client.watch_account(heartbeat_seconds=0.02)) == [("7", 1), ("7", 2)]


async def test_a_watch_of_the_account_ends_with_its_own_timeout(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrders", account_heartbeat("0"), Silence())
    with pytest.raises(fillwire.DeadlineExceeded, match="behind its cursor"):
        async for _ in client.watch_account(timeout=0.1):
            pass


def test_the_synchronous_twin_does_the_same(engine: Engine) -> None:
    engine.script("WatchOrders", account_heartbeat("0"), account_event("1", 1), UNAVAILABLE)
    engine.script("WatchOrders", account_event("2", 2), account_event("3", 3), ENOUGH)
    with serving_beside(engine) as target, fillwire.Client(target) as client, client.watch_account() as watch:
        assert watch.cursor == "0"
        assert [next(watch).seq for _ in range(3)] == [1, 2, 3]
        assert watch.cursor == "3"
        with pytest.raises(fillwire.Unauthenticated):
            next(watch)
    assert engine.asked["WatchOrders"][1].cursor == "1"
