"""What breaks in engines of this kind, each as a test that ours passes; the numbers are those of the list."""

import asyncio
import os
import time
import uuid
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2  # type: ignore[import-untyped]
from grpc_status import rpc_status
from redis import Redis
from rq import Queue

from fillwire_dex.simulated import Fault, FaultKind, SimulatedMarket
from fillwire_orders import DEFAULT_ACCOUNT, Filter, OrderId, Pool, Reader
from fillwire_orders.jobs import QUEUE, SignedJSON
from tests.e2e.driver import Driver, statuses
from tests.e2e.system import System

WAY = ["PENDING", "ROUTING", "BUILDING", "SUBMITTED", "CONFIRMED"]


async def swaps(stores: Pool, order_id: str) -> int:
    """How often the venue's own ledger says that the order was swapped."""
    async with stores.connection() as connection:
        cursor = await connection.execute(
            "SELECT count(*) FROM market.transactions WHERE reference LIKE %s AND status = 'landed'", [f"{order_id}:%"]
        )
        (count,) = await cursor.fetchone() or (0,)
    return int(count)


def violations(error: grpc.aio.AioRpcError) -> dict[str, str]:
    """The bad fields an error names, with the rule of each."""
    status = rpc_status.from_call(error)  # type: ignore[arg-type]
    assert status is not None
    bad = error_details_pb2.BadRequest()
    assert any(detail.Unpack(bad) for detail in status.details)
    return {one.field: one.description for one in bad.field_violations}


async def test_1_who_watches_after_the_end_gets_the_whole_ordered_history_and_ok(driver: Driver) -> None:
    order = (await driver.submit()).order
    await driver.watch(order.order_id)
    events = await driver.watch(order.order_id)
    assert statuses(events) == WAY
    assert [event.seq for event in events] == [1, 2, 3, 4, 5]


async def test_2_a_watcher_dropped_after_each_event_sees_the_exact_log(driver: Driver) -> None:
    order = (await driver.submit()).order
    seen: list[int] = []
    while len(seen) < len(WAY):
        call = driver.frames(order.order_id, after_seq=seen[-1] if seen else 0)
        async for frame in call:
            if frame.HasField("event"):
                seen.append(frame.event.seq)
                break
        call.cancel()
    assert seen == [1, 2, 3, 4, 5]


async def test_3_one_watcher_leaving_does_not_silence_the_other(driver: Driver) -> None:
    order = (await driver.submit()).order
    leaves = driver.frames(order.order_id)
    stays = asyncio.create_task(driver.watch(order.order_id))
    await leaves.read()
    leaves.cancel()
    assert statuses(await stays) == WAY


async def test_4_watching_twice_swaps_once(driver: Driver, stores: Pool) -> None:
    order = (await driver.submit()).order
    first, second = await asyncio.gather(driver.watch(order.order_id), driver.watch(order.order_id))
    assert statuses(first) == statuses(second) == WAY
    assert await swaps(stores, order.order_id) == 1


async def test_5_an_order_nobody_watches_is_executed(driver: Driver) -> None:
    order = (await driver.submit()).order
    async with asyncio.timeout(20):
        while (await driver.get(order.order_id)).status != 8:
            await asyncio.sleep(0.05)


async def test_6_a_venue_that_always_fails_is_tried_four_times_and_the_order_fails_once(
    driver: Driver, market: SimulatedMarket, reader: Reader
) -> None:
    await market.script(Fault(FaultKind.REFUSE, times=4))
    order = (await driver.submit()).order
    events = await driver.watch(order.order_id)
    attempt = ["ROUTING", "BUILDING", "SUBMITTED"]
    assert statuses(events) == ["PENDING", *[*attempt, "RETRYING"] * 3, *attempt, "FAILED"]
    retries = [event for event in events if event.HasField("retrying")]
    assert [one.retrying.retry for one in retries] == [1, 2, 3]
    starts = [events[n + 1].time.ToNanoseconds() for n, event in enumerate(events) if event.HasField("retrying")]
    waited = [(start - one.time.ToNanoseconds()) / 1e9 for one, start in zip(retries, starts, strict=True)]
    assert all(wanted <= took < wanted + 1.5 for wanted, took in zip((1, 2, 4), waited, strict=True)), waited
    stored = await reader.order(DEFAULT_ACCOUNT, OrderId(order.order_id))
    assert stored.status == "FAILED"
    assert stored.failure is not None
    assert events[-1].failure.reason == 5
    assert events[-1].failure.message == stored.failure.message


async def test_6_a_venue_that_fails_once_costs_one_retry(driver: Driver, market: SimulatedMarket, stores: Pool) -> None:
    await market.script(Fault(FaultKind.REFUSE, times=1))
    order = (await driver.submit()).order
    assert statuses(await driver.watch(order.order_id))[-2:] == ["SUBMITTED", "CONFIRMED"]
    assert await swaps(stores, order.order_id) == 1


async def test_10_a_hundred_parallel_submits_of_one_request_make_one_order(driver: Driver, reader: Reader) -> None:
    key, mine = str(uuid.uuid4()), str(uuid.uuid4())
    answers = await asyncio.gather(*(driver.submit(key, client_order_id=mine) for _ in range(100)))
    assert len({answer.order.order_id for answer in answers}) == 1
    assert sum(not answer.deduplicated for answer in answers) == 1
    assert len(await reader.page(DEFAULT_ACCOUNT, Filter(client_order_id=mine), limit=9, after=None)) == 1


async def test_10_another_amount_under_the_same_request_id_is_refused_by_name(driver: Driver) -> None:
    key = str(uuid.uuid4())
    await driver.submit(key)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await driver.submit(key, amount_in="2000000")
    assert refused.value.code() == grpc.StatusCode.ALREADY_EXISTS
    assert "amount_in" in str(rpc_status.from_call(refused.value))  # type: ignore[arg-type]


BAD_AMOUNTS = [
    "-5",
    "0",
    "NaN",
    "1e30",
    "1e-19",
    "0x10",
    "true",
    "",
    "\u0661\u0662\u0663",
    "1.5",
    " 1",
    "1_000",
    str(2**64),
]


@pytest.mark.parametrize("amount", BAD_AMOUNTS)
async def test_11_a_bad_amount_is_refused_by_name(driver: Driver, amount: str) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await driver.submit(amount_in=amount)
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert "spec.amount_in" in violations(refused.value) or "spec.amount" in violations(refused.value)


async def test_11_every_bad_field_is_named_at_once(driver: Driver) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await driver.submit("banana", token_in="SOL", token_out="SOL", amount_in="-5", slippage_bps=10_001)
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert {"request_id", "spec.token_out", "spec.amount_in", "spec.slippage_bps"} <= violations(refused.value).keys()


async def test_11_an_unknown_token_is_refused_by_name(driver: Driver) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await driver.submit(token_in="BANANA")
    assert "spec.token_in" in violations(refused.value)


async def test_12_an_order_never_confirms_below_its_minimum(driver: Driver, stores: Pool) -> None:
    fair = int((await driver.quote("1000000")).route.amount_out)
    order = (await driver.submit(slippage_bps=None, min_amount_out=str(fair * 2))).order
    events = await driver.watch(order.order_id)
    assert statuses(events)[-1] == "FAILED"
    assert events[-1].failure.reason == 3
    assert await swaps(stores, order.order_id) == 0


async def test_12_a_price_that_moves_while_the_order_is_on_its_way_is_refused_at_landing(
    driver: Driver, stores: Pool
) -> None:
    """Two orders that empty the same pools, each with no slippage to give: both confirm only at their own minimum."""
    orders = await asyncio.gather(*(driver.submit(amount_in="2000000000", slippage_bps=0) for _ in range(6)))
    for one in orders:
        events = await driver.watch(one.order.order_id, seconds=60)
        stored = await driver.get(one.order.order_id)
        if statuses(events)[-1] == "CONFIRMED":
            assert int(stored.receipt.amount_out) >= int(stored.floor_amount_out)
            assert await swaps(stores, one.order.order_id) == 1
        else:
            assert events[-1].failure.reason == 3
            assert await swaps(stores, one.order.order_id) == 0


async def test_14_quote_fill_fee_and_price_are_one_story(driver: Driver) -> None:
    quote = await driver.quote("1000000")
    order = (await driver.submit()).order
    await driver.watch(order.order_id)
    done = await driver.get(order.order_id)
    receipt = done.receipt
    sold = [int(leg.amount_in) for leg in receipt.legs if leg.token_in == "SOL"]
    bought = [int(leg.amount_out) for leg in receipt.legs if leg.token_out == "USDC"]
    assert int(receipt.amount_in) == 1_000_000 == sum(sold)
    assert int(receipt.amount_out) == sum(bought)
    assert float(receipt.price) == pytest.approx(
        int(receipt.amount_out) / 1e6 / (int(receipt.amount_in) / 1e9), rel=1e-9
    )
    assert receipt.quoted_amount_out == done.route.amount_out
    assert int(receipt.amount_out) >= int(done.floor_amount_out)
    assert int(quote.route.amount_out) == pytest.approx(int(receipt.amount_out), rel=0.01)
    assert all(int(leg.fee_in) or int(leg.fee_out) for leg in receipt.legs)


async def test_18_a_made_up_order_is_not_found(driver: Driver) -> None:
    nobody = str(uuid.uuid4())
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await driver.watch(nobody)
    assert refused.value.code() == grpc.StatusCode.NOT_FOUND
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await driver.get(nobody)
    assert refused.value.code() == grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize(("token_in", "token_out"), [("SOL", "USDC"), ("USDC", "SOL")])
@pytest.mark.parametrize("amount_in", ["1000000", "5000000000", "100000000000"])
async def test_19_the_route_is_the_best_for_this_amount_and_proves_it(
    driver: Driver, token_in: str, token_out: str, amount_in: str
) -> None:
    route = (await driver.quote(amount_in, token_in, token_out, max_legs=16)).route
    alone = [int(one.amount_out) for one in route.candidates if one.amount_out]
    assert len(route.candidates) >= 6
    assert int(route.amount_out) >= max(alone)
    assert int(route.best_single_amount_out) == max(alone)
    assert int(route.amount_out) <= int(route.upper_bound)
    # 0.05 bps, or what whole units cost: each leg and the bound itself are rounded, and a cheap token's unit is dear.
    assert int(route.upper_bound) - int(route.amount_out) <= max(int(route.amount_out) * 5e-6, 2 * len(route.legs) + 1)
    assert sum(int(leg.amount_in) for leg in route.legs if leg.token_in == token_in) == int(amount_in)
    assert sum(int(leg.amount_out) for leg in route.legs if leg.token_out == token_out) == int(route.amount_out)


def forge(system: System, function: str, args: Any, *, serializer: Any = None) -> str:
    """Enqueues as somebody would who can write to Redis and nothing else."""
    connection = Redis.from_url(system.redis_url)
    job = Queue(QUEUE, connection=connection, serializer=serializer).enqueue(function, args=args)
    return str(job.id)


async def test_20_a_job_that_names_another_function_is_refused_and_counted_and_the_worker_lives(
    driver: Driver, system: System
) -> None:
    proof = system.directory / "executed"
    redis = Redis.from_url(system.redis_url)
    before = int(redis.get("fillwire:jobs:refused") or 0)
    command = (f"touch {proof}",)
    forge(system, "os.system", command)
    forge(system, "os.system", command, serializer="json")
    forge(system, "os.system", command, serializer=SignedJSON("not the key"))
    forge(system, "execute", (str(uuid.uuid4()),), serializer=SignedJSON("not the key"))
    redis.hset("rq:job:torn", mapping={"data": b"\x80", "created_at": "banana"})
    redis.rpush("rq:queue:orders", "torn", "absent")
    order = (await driver.submit()).order
    assert statuses(await driver.watch(order.order_id)) == WAY
    async with asyncio.timeout(10):
        while int(redis.get("fillwire:jobs:refused") or 0) < before + 5:
            await asyncio.sleep(0.05)
    assert not proof.exists()
    worker = system.workers[0].child
    assert worker is not None
    assert worker.exit_code is None
    os.kill(worker.pid, 0)


async def test_what_was_submitted_is_acknowledged_at_once(driver: Driver) -> None:
    await driver.submit()
    began = time.monotonic()
    await driver.submit()
    assert time.monotonic() - began < 2.0
