"""The asynchronous client, against a real gRPC server: the same as its twin."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
import pytest

import fillwire
from fillwire import (
    AccountWatch,
    AsyncAccountWatch,
    AsyncClient,
    AsyncStream,
    AsyncWatch,
    Client,
    Stream,
    Watch,
)
from fillwire.aio.line import Line
from fillwire.retry import Chance
from fillwire.settings import Settings
from fillwire.v1 import market_service_pb2, order_service_pb2
from tests.unit.client import messages
from tests.unit.client.messages import ORDER_ID, event, heartbeat, info, order, retry_info, snapshot
from tests.unit.client.scripted import Engine, Refusal, Silence, serving

UNAVAILABLE = Refusal(grpc.StatusCode.UNAVAILABLE)
STORED = order_service_pb2.SubmitOrderResponse(order=order())


class Sleeper:
    """Sleeps no time, and remembers how long it should have been."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def sleeper() -> Sleeper:
    return Sleeper()


@pytest.fixture
async def client(engine: Engine, sleeper: Sleeper) -> AsyncIterator[AsyncClient]:
    async with serving(engine) as target:
        line = Line(settings=Settings(target, "5ecret"), chance=Chance(random=lambda: 1.0), sleep=sleeper)
        async with AsyncClient(line=line) as client:
            yield client


async def seqs(watch: AsyncWatch) -> list[int]:
    return [step.seq async for step in watch]


def public(kind: type) -> dict[str, Any]:
    """Methods and their parameters with defaults, by the names they share; the protocol's own methods aside."""
    found = {
        name: [(parameter.name, parameter.default) for parameter in inspect.signature(value).parameters.values()]
        for name, value in inspect.getmembers(kind, callable)
        if not name.startswith("_")
    }
    return {"close" if name == "aclose" else name: parameters for name, parameters in found.items()}


def test_the_twins_have_the_same_methods_with_the_same_parameters() -> None:
    assert public(AsyncClient) == public(Client)
    assert public(AsyncWatch) == public(Watch)
    assert public(AsyncStream) == public(Stream)
    assert public(AsyncAccountWatch) == public(AccountWatch)
    assert {"submit", "watch", "cancel", "quote", "account"} < set(public(Client))


async def test_a_retried_submit_repeats_its_request_id(engine: Engine, client: AsyncClient, sleeper: Sleeper) -> None:
    engine.script("SubmitOrder", UNAVAILABLE)
    engine.script("SubmitOrder", Refusal(grpc.StatusCode.DEADLINE_EXCEEDED))
    engine.script("SubmitOrder", STORED)
    stored = await client.submit("SOL", "USDC", "1.5", slippage_bps=50)
    assert stored.spec.amount_in == fillwire.Amount("SOL", 1_500_000_000, 9)
    first, second, third = engine.asked["SubmitOrder"]
    assert first.request_id
    assert first == second == third
    assert sleeper.slept == [pytest.approx(0.1), pytest.approx(0.2)]


async def test_a_lost_answer_to_a_submit_is_asked_for_again_within_the_timeout(
    engine: Engine, client: AsyncClient
) -> None:
    engine.script("SubmitOrder", Silence())
    engine.script("SubmitOrder", order_service_pb2.SubmitOrderResponse(order=order(), deduplicated=True))
    await client.tokens()
    stored = await client.with_options(timeout=1.0).submit("SOL", "USDC", "1.5", slippage_bps=50)
    assert stored.deduplicated
    assert len(engine.asked["SubmitOrder"]) == 2


async def test_a_call_that_gets_no_answer_ends_with_its_timeout(engine: Engine, client: AsyncClient) -> None:
    engine.script("GetOrder", Silence())
    with pytest.raises(fillwire.DeadlineExceeded):
        await client.with_options(timeout=0.05).get(ORDER_ID)


async def test_errors_bring_what_the_engine_said(engine: Engine, client: AsyncClient) -> None:
    details = (info("INVALID_REQUEST"), messages.bad_request(spec__amount_in="must be positive"))
    engine.script("SubmitOrder", Refusal(grpc.StatusCode.INVALID_ARGUMENT, "bad", details))
    with pytest.raises(fillwire.InvalidRequest) as caught:
        await client.submit("SOL", "USDC", "0", slippage_bps=50)
    assert caught.value.reason == "INVALID_REQUEST"
    assert caught.value.violations == (fillwire.Violation("spec.amount_in", "must be positive"),)


async def test_a_float_is_refused(client: AsyncClient) -> None:
    amount: Any = 1.5
    with pytest.raises(TypeError, match="never a float"):
        await client.submit("SOL", "USDC", amount, slippage_bps=50)


async def test_every_call_carries_the_token(engine: Engine, client: AsyncClient) -> None:
    await client.tokens()
    assert engine.metadata[0]["authorization"] == "Bearer 5ecret"


async def test_the_market_is_read(engine: Engine, client: AsyncClient) -> None:
    engine.script("GetQuote", market_service_pb2.GetQuoteResponse(quote=messages.quote()))
    engine.script("ListVenues", market_service_pb2.ListVenuesResponse(venues=[messages.venue("a", "halted")]))
    quote = await client.quote("SOL", "USDC", "1.5")
    assert str(quote.route.amount_out) == "240 USDC"
    assert [venue.reason for venue in await client.venues()] == ["halted"]
    engine.script("ListPools", market_service_pb2.ListPoolsResponse(pools=[messages.pool()]))
    assert [pool.pool for pool in await client.pools("SOL", "USDC")] == ["raydium_cpmm.1"]
    assert [token.symbol for token in await client.tokens()] == ["SOL", "USDC"]


async def test_an_order_is_explained_by_itself_or_by_its_id(engine: Engine, client: AsyncClient) -> None:
    engine.script("GetOrder", order_service_pb2.GetOrderResponse(order=order()))
    engine.script("ExplainOrder", messages.explanation())
    story = await client.explain(await client.get(ORDER_ID))
    assert [attempt.signature for attempt in story.attempts] == ["f1rst", "5econd"]
    assert await client.explain(ORDER_ID) == story
    assert [asked.order_id for asked in engine.asked["ExplainOrder"]] == [ORDER_ID, ORDER_ID]


async def test_orders_fetches_page_after_page(engine: Engine, client: AsyncClient) -> None:
    engine.script("ListOrders", order_service_pb2.ListOrdersResponse(orders=[order()] * 2, next_page_token="more"))
    engine.script("ListOrders", order_service_pb2.ListOrdersResponse(orders=[order()]))
    assert len([found async for found in client.orders(token_in="SOL")]) == 3
    assert [(asked.page_token, asked.token_in) for asked in engine.asked["ListOrders"]] == [
        ("", "SOL"),
        ("more", "SOL"),
    ]


async def test_a_watch_gives_all_events_and_ends_after_the_final_one(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrder", snapshot(), *(event(seq) for seq in range(1, 6)), Silence())
    watch = client.watch(ORDER_ID)
    assert await seqs(watch) == [1, 2, 3, 4, 5]
    assert (watch.last_seq, watch.status) == (5, fillwire.Status.CONFIRMED)


@pytest.mark.parametrize("cut", range(5))
async def test_a_lost_connection_is_resumed_after_the_last_event(cut: int, engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrder", snapshot(), *(event(seq) for seq in range(1, cut + 1)), UNAVAILABLE)
    engine.script("WatchOrder", snapshot(), *(event(seq) for seq in range(cut + 1, 6)))
    assert await seqs(client.watch(ORDER_ID)) == [1, 2, 3, 4, 5]
    assert [asked.after_seq for asked in engine.asked["WatchOrder"]] == [0, cut]


async def test_doubled_and_missing_events_are_put_right(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrder", snapshot(), event(1), event(1), event(2), event(4))
    engine.script("WatchOrder", snapshot(), event(2), event(3), heartbeat(4))
    engine.script("WatchOrder", snapshot(), event(4), event(5))
    assert await seqs(client.watch(ORDER_ID)) == [1, 2, 3, 4, 5]
    assert [asked.after_seq for asked in engine.asked["WatchOrder"]] == [0, 2, 3]


async def test_a_connection_without_a_frame_for_three_heartbeats_is_given_up_and_resumed(
    engine: Engine, client: AsyncClient
) -> None:
    engine.script("WatchOrder", snapshot(), event(1), Silence())
    engine.script("WatchOrder", snapshot(), *(event(seq) for seq in range(2, 6)))
    assert await seqs(client.watch(ORDER_ID, heartbeat_seconds=0.02)) == [1, 2, 3, 4, 5]
    assert [asked.after_seq for asked in engine.asked["WatchOrder"]] == [0, 1]


async def test_a_draining_engine_is_given_the_time_it_asks_for_and_with_the_worst_luck_as_long_again(
    engine: Engine, client: AsyncClient, sleeper: Sleeper
) -> None:
    draining = Refusal(grpc.StatusCode.UNAVAILABLE, "bye", (info("SERVER_DRAINING"), retry_info(1.0)))
    engine.script("WatchOrder", snapshot(), event(1), draining)
    engine.script("WatchOrder", snapshot(), *(event(seq) for seq in range(2, 6)))
    assert await seqs(client.watch(ORDER_ID)) == [1, 2, 3, 4, 5]
    assert sleeper.slept == [2.0]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (grpc.StatusCode.INVALID_ARGUMENT, fillwire.InvalidRequest),
        (grpc.StatusCode.NOT_FOUND, fillwire.NotFound),
        (grpc.StatusCode.OUT_OF_RANGE, fillwire.OutOfRange),
        (grpc.StatusCode.UNAUTHENTICATED, fillwire.Unauthenticated),
        (grpc.StatusCode.PERMISSION_DENIED, fillwire.PermissionDenied),
        (grpc.StatusCode.UNIMPLEMENTED, fillwire.Unimplemented),
    ],
)
async def test_what_asking_again_cannot_mend_is_raised(
    code: grpc.StatusCode, kind: type[fillwire.ApiError], engine: Engine, client: AsyncClient
) -> None:
    engine.script("WatchOrder", Refusal(code))
    with pytest.raises(kind):
        await seqs(client.watch(ORDER_ID))
    assert len(engine.asked["WatchOrder"]) == 1


async def test_an_engine_that_is_not_there_is_not_asked_for_ever(sleeper: Sleeper) -> None:
    line = Line(settings=Settings("127.0.0.1:1"), chance=Chance(random=lambda: 0.0), sleep=sleeper)
    async with AsyncClient(line=line) as client:
        with pytest.raises(fillwire.Unavailable):
            await seqs(client.watch(ORDER_ID))
    assert len(sleeper.slept) == 2


async def leave_by_break(watch: AsyncWatch) -> None:
    async with watch:
        async for _ in watch:
            break


async def leave_by_close(watch: AsyncWatch) -> None:
    reading = asyncio.create_task(seqs(watch))
    while watch.last_seq != 1:
        await asyncio.sleep(0)
    await watch.aclose()
    assert await reading == [1]


async def leave_by_cancel(watch: AsyncWatch) -> None:
    reading = asyncio.create_task(seqs(watch))
    while watch.last_seq != 1:
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def leave_by_timeout(watch: AsyncWatch) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await seqs(watch)


@pytest.mark.parametrize("leave", [leave_by_break, leave_by_close, leave_by_cancel, leave_by_timeout])
async def test_whichever_way_a_watch_is_left_its_stream_is_given_back(
    leave: Callable[[AsyncWatch], Awaitable[None]], engine: Engine, client: AsyncClient
) -> None:
    engine.script("WatchOrder", snapshot(), event(1), Silence())
    await leave(client.watch(ORDER_ID))
    async with asyncio.timeout(10):
        await engine.streams_closed.wait()
    assert engine.open_streams == 0
    assert len(engine.asked["WatchOrder"]) == 1


async def test_a_watch_ends_with_its_own_timeout(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrder", snapshot(), event(1), Silence())
    with pytest.raises(fillwire.DeadlineExceeded, match="PENDING"):
        await seqs(client.watch(ORDER_ID, timeout=0.1))


async def test_wait_gives_the_confirmed_order(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrder", snapshot(), event(5))
    engine.script("GetOrder", order_service_pb2.GetOrderResponse(order=order("CONFIRMED", 5)))
    assert (await client.wait(ORDER_ID)).status is fillwire.Status.CONFIRMED
    assert engine.asked["WatchOrder"][0].terminal_only


async def test_wait_raises_the_order_that_came_to_nothing(engine: Engine, client: AsyncClient) -> None:
    engine.script("WatchOrder", snapshot("FAILED", 5), event(5, "FAILED"))
    with pytest.raises(fillwire.OrderFailed) as caught:
        await client.wait(ORDER_ID)
    assert caught.value.order.status is fillwire.Status.FAILED
