"""A submit that is watched makes one order, whenever its connection is lost, and gives every event of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest

import fillwire
from fillwire import AsyncClient, AsyncWatch
from fillwire.aio.line import Line
from fillwire.retry import Chance
from fillwire.settings import Settings
from fillwire.v1 import order_service_pb2
from tests.unit.client.messages import ORDER_ID, REQUEST_ID, event, info, order, snapshot
from tests.unit.client.scripted import Engine, Refusal, Silence, serving, serving_beside

UNAVAILABLE = Refusal(grpc.StatusCode.UNAVAILABLE)
Frame = order_service_pb2.SubmitAndWatchOrderResponse


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


def submitted(status: str = "PENDING", last_seq: int = 1, **changes: Any) -> Frame:
    return Frame(submitted=order_service_pb2.SubmitOrderResponse(order=order(status, last_seq), **changes))


def step(seq: int) -> Frame:
    return Frame(event=event(seq).event)


def beat(last_seq: int) -> Frame:
    return Frame(heartbeat=order_service_pb2.Heartbeat(last_seq=last_seq))


async def seqs(watch: AsyncWatch) -> list[int]:
    return [seen.seq async for seen in watch]


def begin(client: AsyncClient, **terms: Any) -> AsyncWatch:
    return client.submit_and_watch("SOL", "USDC", "1.5", slippage_bps=50, **terms)


async def test_one_call_submits_and_gives_every_event(engine: Engine, client: AsyncClient) -> None:
    engine.script("SubmitAndWatchOrder", submitted(), step(1), step(2), beat(2), step(3), step(4), step(5), Silence())
    watch = begin(client, request_id=REQUEST_ID, client_order_id="mine", heartbeat_seconds=10)
    assert not engine.asked["SubmitAndWatchOrder"]
    assert await seqs(watch) == [1, 2, 3, 4, 5]
    assert (watch.order_id, watch.status, watch.last_seq) == (ORDER_ID, fillwire.Status.CONFIRMED, 5)
    (asked,) = engine.asked["SubmitAndWatchOrder"]
    assert (asked.order.request_id, asked.order.validate_only) == (REQUEST_ID, False)
    assert (asked.order.spec.amount_in, asked.order.spec.client_order_id) == ("1500000000", "mine")
    assert (asked.heartbeat_interval.seconds, asked.terminal_only) == (10, False)


async def test_a_connection_lost_before_the_answer_submits_the_same_again(engine: Engine, client: AsyncClient) -> None:
    engine.script("SubmitAndWatchOrder", UNAVAILABLE)
    engine.script("SubmitAndWatchOrder", submitted(deduplicated=True), *(step(seq) for seq in range(1, 6)))
    watch = begin(client)
    assert await seqs(watch) == [1, 2, 3, 4, 5]
    first, second = engine.asked["SubmitAndWatchOrder"]
    assert first == second
    assert watch.snapshot is not None
    assert watch.snapshot.deduplicated


@pytest.mark.parametrize("cut", range(5))
async def test_a_connection_lost_later_is_resumed_as_a_watch(cut: int, engine: Engine, client: AsyncClient) -> None:
    engine.script("SubmitAndWatchOrder", submitted(), *(step(seq) for seq in range(1, cut + 1)), UNAVAILABLE)
    engine.script("WatchOrder", snapshot(), *(event(seq) for seq in range(cut + 1, 6)))
    assert await seqs(begin(client)) == [1, 2, 3, 4, 5]
    assert len(engine.asked["SubmitAndWatchOrder"]) == 1
    (asked,) = engine.asked["WatchOrder"]
    assert (asked.order_id, asked.after_seq) == (ORDER_ID, cut)


async def test_a_gap_is_filled_from_the_log(engine: Engine, client: AsyncClient) -> None:
    engine.script("SubmitAndWatchOrder", submitted(), step(1), beat(2))
    engine.script("WatchOrder", snapshot(), *(event(seq) for seq in range(2, 6)))
    assert await seqs(begin(client)) == [1, 2, 3, 4, 5]


async def test_an_order_that_had_ended_before_is_told_from_its_first_event(engine: Engine, client: AsyncClient) -> None:
    engine.script(
        "SubmitAndWatchOrder", submitted("CONFIRMED", 5, deduplicated=True), *(step(seq) for seq in range(1, 6))
    )
    assert await seqs(begin(client, request_id=REQUEST_ID)) == [1, 2, 3, 4, 5]


async def test_a_refusal_is_raised_at_once(engine: Engine, client: AsyncClient) -> None:
    reused = Refusal(grpc.StatusCode.ALREADY_EXISTS, "other body", (info("REQUEST_ID_REUSED", fields="amount_in"),))
    engine.script("SubmitAndWatchOrder", reused)
    with pytest.raises(fillwire.RequestIdReused):
        await seqs(begin(client, request_id=REQUEST_ID))
    with pytest.raises(fillwire.InvalidRequest):
        await seqs(client.submit_and_watch("SOL", "USDC", "1.0000000001", slippage_bps=50))
    assert len(engine.asked["SubmitAndWatchOrder"]) == 1


async def test_an_engine_that_is_not_reached_leaves_open_whether_there_is_an_order(
    engine: Engine, client: AsyncClient
) -> None:
    engine.script("SubmitAndWatchOrder", UNAVAILABLE)
    with pytest.raises(fillwire.Unavailable):
        await seqs(begin(client))
    assert len(engine.asked["SubmitAndWatchOrder"]) == 3
    engine.script("SubmitAndWatchOrder", Silence())
    with pytest.raises(fillwire.DeadlineExceeded):
        await seqs(begin(client, timeout=0.1))


def test_the_synchronous_twin_does_the_same(engine: Engine) -> None:
    engine.script("SubmitAndWatchOrder", submitted(), step(1), UNAVAILABLE)
    engine.script("WatchOrder", snapshot(), *(event(seq) for seq in range(2, 6)))
    with serving_beside(engine) as target, fillwire.Client(target) as client:
        watch = client.submit_and_watch("SOL", "USDC", "1.5", slippage_bps=50)
        assert [seen.seq for seen in watch] == [1, 2, 3, 4, 5]
        assert watch.order_id == ORDER_ID


async def test_an_order_is_waited_for_until_it_rests(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrder", snapshot("RESTING", 2), event(1), event(2, "RESTING"), Silence())
    assert (await client.wait(ORDER_ID, until=fillwire.Status.RESTING)).last_seq == 2
    assert not engine.asked["WatchOrder"][0].terminal_only


async def test_an_order_that_has_gone_on_is_given_as_it_is_now(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrder", snapshot("ROUTING", 3), event(1), event(2, "RESTING"), Silence())
    engine.script("GetOrder", order_service_pb2.GetOrderResponse(order=order("ROUTING", 3)))
    assert (await client.wait(ORDER_ID, until=fillwire.Status.RESTING)).status is fillwire.Status.ROUTING


@pytest.mark.parametrize("until", [fillwire.Status.RESTING, fillwire.Status.CONFIRMED])
async def test_an_order_that_ended_otherwise_is_raised(
    until: fillwire.Status, engine: Engine, client: AsyncClient
) -> None:
    engine.script("WatchOrder", snapshot("CANCELLED", 2), event(1), event(2, "CANCELLED"))
    with pytest.raises(fillwire.OrderFailed):
        await client.wait(ORDER_ID, until=until)


@pytest.mark.parametrize("until", [fillwire.Status.RESTING, fillwire.Status.CANCELLED])
async def test_a_confirmed_order_is_given_whatever_was_waited_for(
    until: fillwire.Status, engine: Engine, client: AsyncClient
) -> None:
    engine.script("WatchOrder", snapshot("CONFIRMED", 5), *(event(seq) for seq in range(1, 6)))
    assert (await client.wait(ORDER_ID, until=until)).status is fillwire.Status.CONFIRMED
