"""Items 10, 11, 13, 14 and 15 of what breaks elsewhere, for every type of order there is, through real processes.

One engine for all: each type is submitted many times over, badly, and watched by somebody else; everything is
restarted; then the prices, the times and the pools come that they wait for.
"""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from fillwire.v1 import order_pb2 as order
from fillwire.v1 import order_service_pb2 as pb
from fillwire.v1.order_service_pb2_grpc import OrderServiceStub
from fillwire_dex import PoolKind, PriceBoard, tokens
from fillwire_dex.simulated import SimulatedMarket
from fillwire_orders import AccountId, Keys, Pool, Scope
from tests.e2e.driver import statuses
from tests.e2e.ledger import landed_by_order
from tests.e2e.moving import MOVER, move
from tests.e2e.system import System

PEPPER: Final = "a pepper for tests alone"
SOL, USDC = 10**9, 10**6
REPETITIONS: Final = 10

Specs = Mapping[str, dict[str, Any]]


class Holder:
    """A client with an API key, or without one."""

    def __init__(self, channel: grpc.aio.Channel, key: str = "") -> None:
        self._stub: Any = OrderServiceStub(channel)
        self._options: dict[str, Any] = {"timeout": 60}
        if key:
            self._options["metadata"] = (("authorization", f"Bearer {key}"),)

    async def submit(self, spec: dict[str, Any], request_id: str) -> pb.SubmitOrderResponse:
        request = pb.SubmitOrderRequest(spec=order.OrderSpec(**spec), request_id=request_id)
        answer: pb.SubmitOrderResponse = await self._stub.SubmitOrder(request, **self._options)
        return answer

    async def get(self, order_id: str) -> order.Order:
        answer: pb.GetOrderResponse = await self._stub.GetOrder(pb.GetOrderRequest(order_id=order_id), **self._options)
        return answer.order

    async def watch(self, order_id: str) -> Sequence[order.OrderEvent]:
        call = self._stub.WatchOrder(pb.WatchOrderRequest(order_id=order_id, after_seq=0), **self._options)
        return [frame.event async for frame in call if frame.HasField("event")]

    async def cancel(self, order_id: str) -> pb.CancelOrderResponse:
        request = pb.CancelOrderRequest(order_id=order_id)
        answer: pb.CancelOrderResponse = await self._stub.CancelOrder(request, **self._options)
        return answer

    async def refused(self, call: Any) -> tuple[grpc.StatusCode, str]:
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await call
        return raised.value.code(), str(raised.value.details())


async def every_type(market: SimulatedMarket) -> Specs:
    """An order of each type that waits for something that has not come, and a market order."""
    async with PriceBoard(market) as board:
        mid = board.prices["SOL", "USDC"]
    above, below = _text(mid * Decimal("1.003")), _text(mid * Decimal("0.99"))
    soon = Timestamp()
    soon.FromDatetime(datetime.now(UTC) + timedelta(seconds=15))
    twap = order.TwapOrder(slices=2, start_time=soon)
    twap.interval.FromMilliseconds(1_000)
    waits: dict[str, Any] = {
        "market": order.MarketOrder(),
        "limit": order.LimitOrder(limit_price=above),
        "stop": order.StopOrder(trigger_price=below),
        "take_profit": order.TakeProfitOrder(trigger_price=above),
        "trailing_stop": order.TrailingStopOrder(trail_bps=100),
        "scheduled": order.ScheduledOrder(execute_time=soon),
        "twap": twap,
        "sniper": order.SniperOrder(trigger=order.SniperOrder.TRIGGER_POOL_CREATED),
        "oco": order.OcoOrder(
            limit=order.LimitOrder(limit_price=_text(mid * 3)), stop=order.StopOrder(trigger_price=below)
        ),
    }
    pair = {"token_in": "SOL", "token_out": "USDC", "slippage_bps": 500}
    return {name: {**pair, "amount_in": str(SOL // 10), name: wait} for name, wait in waits.items()}


async def all_comes_that_they_wait_for(market: SimulatedMarket) -> None:
    """The price rises, then falls; a pool is founded; and time goes by."""
    await market.found_pool(PoolKind.RAYDIUM_CPMM, tokens.SOL, tokens.USDC, depth=50_000)
    await move(market, "USDC", "SOL", 3_000_000 * USDC)
    await asyncio.sleep(2)  # somebody is to see the peak
    await move(market, "SOL", "USDC", 60_000 * SOL)


async def test_every_type_is_submitted_once_survives_a_restart_and_is_swapped_once(
    server_directory: Path, database_url: str, redis_url: str, own_stores: Pool, own_market: SimulatedMarket
) -> None:
    def engine() -> System:
        return System(
            server_directory,
            database_url=database_url,
            redis_url=redis_url,
            triggers=1,
            FILLWIRE_KEY_PEPPER=PEPPER,
            FILLWIRE_ORDERS_PER_MINUTE="0",
        )

    keys = Keys(own_stores)
    owner, other = [
        (await keys.create(AccountId(account), [Scope.TRADE, Scope.READ], PEPPER)).text for account in ("mine", "yours")
    ]
    specs = await every_type(own_market)
    assert set(specs) == {field.name for field in order.OrderSpec.DESCRIPTOR.oneofs_by_name["type"].fields}
    with engine() as system:
        async with grpc.aio.insecure_channel(system.target) as channel:
            mine, yours = Holder(channel, owner), Holder(channel, other)
            placed = {name: await _submitted_once(mine, spec) for name, spec in specs.items()}
            for spec in specs.values():
                await _refuses_what_is_wrong(mine, spec)
            for order_id in placed.values():
                await _is_absent_to(yours, order_id)
    with engine() as system:
        async with grpc.aio.insecure_channel(system.target) as channel:
            mine = Holder(channel, owner)
            told = {name: (await mine.get(order_id)).status for name, order_id in placed.items()}
            still = {name for name, status in told.items() if status == order.ORDER_STATUS_RESTING}
            assert still >= set(specs) - {"market", "scheduled", "twap"}  # their time may have come meanwhile
            await all_comes_that_they_wait_for(own_market)
            logs = dict(zip(placed, await asyncio.gather(*(mine.watch(one) for one in placed.values())), strict=True))
            ended = {name: await mine.get(order_id) for name, order_id in placed.items()}
    assert {name: statuses(log)[-1] for name, log in logs.items()} == dict.fromkeys(specs, "CONFIRMED"), system.logs()
    for name, it in ended.items():
        _receipt_adds_up(it)
        assert it.filled_amount_in == specs[name]["amount_in"]
    assert logs["oco"][2].fired.condition == order.ORDER_TYPE_STOP
    assert logs["sniper"][2].fired.pool
    landed = await landed_by_order(database_url)
    children = {event.progress.child_order_id for event in logs["twap"] if event.HasField("progress")}
    swapped = (set(placed.values()) - {placed["twap"]}) | children
    assert {key: count for key, count in landed.items() if key != MOVER} == dict.fromkeys(swapped, 1)


async def test_every_type_that_waits_can_be_withdrawn_for_good(
    server_directory: Path, database_url: str, redis_url: str, own_market: SimulatedMarket
) -> None:
    specs = {name: spec for name, spec in (await every_type(own_market)).items() if name != "market"}
    with System(server_directory, database_url=database_url, redis_url=redis_url, triggers=2) as system:
        async with grpc.aio.insecure_channel(system.target) as channel:
            client = Holder(channel)
            placed = [(await client.submit(spec, str(uuid.uuid4()))).order.order_id for spec in specs.values()]
            answers = [await client.cancel(order_id) for order_id in placed]
            assert {answer.result for answer in answers} == {pb.CANCEL_RESULT_CANCELLED}
            await all_comes_that_they_wait_for(own_market)
            await asyncio.sleep(2)  # nothing more is to happen, which cannot be waited for
            logs = [statuses(await client.watch(order_id)) for order_id in placed]
    assert logs == [["PENDING", "RESTING", "CANCELLED"]] * len(specs)
    assert set(await landed_by_order(database_url)) <= {MOVER}


async def _submitted_once(client: Holder, spec: dict[str, Any]) -> str:
    request_id = str(uuid.uuid4())
    answers = await asyncio.gather(*(client.submit(spec, request_id) for _ in range(REPETITIONS)))
    [order_id] = {answer.order.order_id for answer in answers}
    assert sum(not answer.deduplicated for answer in answers) == 1
    code, text = await client.refused(client.submit({**spec, "amount_in": "77"}, request_id))
    assert code is grpc.StatusCode.ALREADY_EXISTS
    assert "amount_in" in text
    return order_id


async def _refuses_what_is_wrong(client: Holder, spec: dict[str, Any]) -> None:
    for changes, field in (
        ({"amount_in": "-5"}, "spec.amount_in"),
        ({"amount_in": "1e30"}, "spec.amount_in"),
        ({"amount_in": "\u0663"}, "spec.amount_in"),
        ({"token_out": "SOL"}, "spec.token_out"),
        ({"token_in": "banana"}, "spec.token_in"),
        ({"slippage_bps": 10_001}, "spec.slippage_bps"),
    ):
        code, text = await client.refused(client.submit({**spec, **changes}, str(uuid.uuid4())))
        assert (code, field in text) == (grpc.StatusCode.INVALID_ARGUMENT, True), text


async def _is_absent_to(client: Holder, order_id: str) -> None:
    absent = str(uuid.uuid4())
    for ask in (client.get, client.watch, client.cancel):
        code, text = await client.refused(ask(order_id))
        assert (code, text.replace(order_id, absent)) == await client.refused(ask(absent))
        assert code is grpc.StatusCode.NOT_FOUND


def _receipt_adds_up(it: order.Order) -> None:
    receipt = it.receipt
    price = Decimal(receipt.amount_out) / Decimal(receipt.amount_in) * 1000
    assert Decimal(receipt.price) == pytest.approx(price, rel=Decimal("1e-9"))
    assert (it.filled_amount_in, it.filled_amount_out) == (receipt.amount_in, receipt.amount_out)
    if receipt.legs:  # a TWAP order has its children's
        assert sum(int(leg.amount_out) for leg in receipt.legs if leg.token_out == "USDC") == int(receipt.amount_out)
        assert int(it.floor_amount_out) <= int(receipt.amount_out)
        slippage = (int(receipt.amount_out) / int(receipt.quoted_amount_out) - 1) * 10_000
        assert receipt.slippage_bps == pytest.approx(slippage, abs=0.01)


def _text(price: Decimal) -> str:
    return f"{price:.6f}"
