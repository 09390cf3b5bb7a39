"""What an account may submit, and what it is told when it may not."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest

from fillwire.v1.order_service_pb2_grpc import OrderServiceStub
from fillwire_orders import DEFAULT_ACCOUNT, Accounts, OwnLimits, Pool
from fillwire_server.server import running_server
from fillwire_server.settings import ServerSettings
from tests.builders import request_id
from tests.integration.server.calls import refused, told
from tests.unit.server.requests import submit


@pytest.fixture
def limited(settings: ServerSettings, monkeypatch: pytest.MonkeyPatch) -> ServerSettings:
    monkeypatch.setenv("FILLWIRE_ORDERS_PER_MINUTE", "3")
    return ServerSettings()


@pytest.fixture
async def two_servers(limited: ServerSettings) -> AsyncIterator[list[Any]]:
    async with (
        running_server(limited) as one,
        running_server(limited) as two,
        grpc.aio.insecure_channel(f"127.0.0.1:{one}") as first,
        grpc.aio.insecure_channel(f"127.0.0.1:{two}") as second,
    ):
        yield [OrderServiceStub(first), OrderServiceStub(second)]


async def codes(*calls: Any) -> list[str]:
    async def code(call: Any) -> str:
        try:
            await call
        except grpc.aio.AioRpcError as error:
            return str(error.code().name)
        return "OK"

    return [await code(call) for call in calls]


async def test_two_servers_together_let_in_no_more_than_the_limit(two_servers: list[Any]) -> None:
    said = await codes(*(server.SubmitOrder(submit(request_id())) for server in two_servers for _ in range(5)))
    assert sorted(said) == ["OK"] * 3 + ["RESOURCE_EXHAUSTED"] * 7


async def test_who_is_refused_is_told_the_limit_and_when_to_come_again(two_servers: list[Any]) -> None:
    first, _ = two_servers
    await codes(*(first.SubmitOrder(submit(request_id())) for _ in range(3)))
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await first.SubmitOrder(submit(request_id()))
    said = told(raised.value)
    assert (said.code, said.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "RATE_LIMITED")
    assert said.metadata == {"limit": "3"}
    assert 50 < said.details["RetryInfo"].retry_delay.seconds <= 61
    assert said.details["QuotaFailure"].violations[0].subject == "account"
    left = dict(raised.value.trailing_metadata())
    assert (left["x-ratelimit-limit"], left["x-ratelimit-remaining"]) == ("3", "0")
    assert 50 < int(str(left["x-ratelimit-reset"])) <= 61


async def test_every_submit_says_what_is_left(two_servers: list[Any]) -> None:
    left = []
    for server in (*two_servers, two_servers[0]):
        call = server.SubmitOrder(submit(request_id()))
        await call
        left.append(dict(await call.trailing_metadata())["x-ratelimit-remaining"])
    assert left == ["2", "1", "0"]


async def test_a_repetition_is_answered_when_nothing_is_left_and_costs_nothing(two_servers: list[Any]) -> None:
    first, second = two_servers
    key = request_id()
    stored = await first.SubmitOrder(submit(key))
    for _ in range(5):
        assert (await second.SubmitOrder(submit(key))).deduplicated
    assert await codes(*(first.SubmitOrder(submit(request_id())) for _ in range(3))) == [
        "OK",
        "OK",
        "RESOURCE_EXHAUSTED",
    ]
    again = await second.SubmitOrder(submit(key))
    assert (again.order.order_id, again.deduplicated) == (stored.order.order_id, True)
    assert (await refused(second.SubmitOrder(submit(key, amount_in="7")))).reason == "REQUEST_ID_REUSED"


async def test_what_is_refused_or_only_checked_costs_nothing(two_servers: list[Any]) -> None:
    first, _ = two_servers
    for _ in range(5):
        request = submit(request_id())
        request.validate_only = True
        await first.SubmitOrder(request)
        await refused(first.SubmitOrder(submit(request_id(), amount_in="0")))
    assert await codes(*(first.SubmitOrder(submit(request_id())) for _ in range(4))) == ["OK"] * 3 + [
        "RESOURCE_EXHAUSTED"
    ]


async def test_another_body_under_a_known_request_id_costs_nothing(two_servers: list[Any]) -> None:
    first, _ = two_servers
    key = request_id()
    await first.SubmitOrder(submit(key))
    for _ in range(4):
        assert (await refused(first.SubmitOrder(submit(key, amount_in="7")))).reason == "REQUEST_ID_REUSED"
    assert await codes(*(first.SubmitOrder(submit(request_id())) for _ in range(3))) == [
        "OK",
        "OK",
        "RESOURCE_EXHAUSTED",
    ]


async def test_an_account_s_own_limit_holds_within_two_seconds(two_servers: list[Any], pool: Pool) -> None:
    first, _ = two_servers
    await codes(*(first.SubmitOrder(submit(request_id())) for _ in range(3)))
    await Accounts(pool).limit(DEFAULT_ACCOUNT, OwnLimits(orders_per_minute=0))
    async with asyncio.timeout(6):
        while await codes(first.SubmitOrder(submit(request_id()))) != ["OK"]:
            await asyncio.sleep(0.1)


async def test_open_orders_are_capped(settings: ServerSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILLWIRE_MAX_OPEN_ORDERS", "2")
    async with (
        running_server(ServerSettings()) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        orders = OrderServiceStub(channel)
        key = request_id()
        assert await codes(*(orders.SubmitOrder(submit(one)) for one in (key, request_id()))) == ["OK", "OK"]
        told_ = await refused(orders.SubmitOrder(submit(request_id())))
        assert (told_.code, told_.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "OPEN_ORDERS")
        assert "RetryInfo" not in told_.details
        assert (await orders.SubmitOrder(submit(key))).deduplicated


async def test_without_limits_nothing_is_counted(orders: Any, pool: Pool) -> None:
    call = orders.SubmitOrder(submit(request_id()))
    await call
    assert not [name for name, _ in await call.trailing_metadata() if name.startswith("x-ratelimit")]
    async with pool.connection() as connection:
        assert not await (await connection.execute("SELECT * FROM fillwire.order_quotas")).fetchall()
