"""Events are delivered to webhooks: in order, signed, until they are taken, and on from where they were."""

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

import grpc
import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from fillwire.v1 import account_service_pb2 as pb
from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as orders_pb
from fillwire.v1.account_service_pb2_grpc import AccountServiceStub
from fillwire_orders import AccountFeed, AccountLog, Pool, Webhooks
from fillwire_orders.listening import Listening
from fillwire_server.courier.courier import Courier
from fillwire_server.courier.posting import Post
from fillwire_server.server import running_server
from fillwire_server.settings import ServerSettings
from tests.integration.server.calls import refused
from tests.receiver import Receiver, receiving
from tests.unit.server.requests import spec

if TYPE_CHECKING:
    from fillwire.v1.account_service_pb2_grpc import AccountServiceAsyncStub
    from fillwire.v1.order_service_pb2_grpc import OrderServiceAsyncStub


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def channel(settings: ServerSettings) -> AsyncIterator[grpc.aio.Channel]:
    """A server that lets webhooks stay on this machine."""
    near = settings.model_copy(update={"webhooks_allow_private": True})
    async with running_server(near) as port, grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield channel


@pytest.fixture
def accounts(channel: grpc.aio.Channel) -> "AccountServiceAsyncStub":
    return AccountServiceStub(channel)


Start = Callable[[str], Awaitable[asyncio.Task[None]]]


@pytest.fixture
async def start(pool: Pool, redis_url: str) -> AsyncIterator[Start]:
    """Starts couriers, in this process."""
    async with contextlib.AsyncExitStack() as stack:
        listening = await stack.enter_async_context(Listening(redis_url))
        feed = await stack.enter_async_context(AccountFeed(listening, AccountLog(pool)))
        post = await stack.enter_async_context(Post(allow_private=True))
        tasks: list[asyncio.Task[None]] = []

        async def start(name: str) -> asyncio.Task[None]:
            tasks.append(asyncio.create_task(Courier(name, Webhooks(pool), feed, post).run()))
            return tasks[-1]

        yield start
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def rest(orders: "OrderServiceAsyncStub") -> order_pb2.Order:
    request = orders_pb.SubmitOrderRequest(spec=spec(stop=order_pb2.StopOrder(trigger_price="1")))
    return (await orders.SubmitOrder(request)).order


async def test_every_event_is_delivered_once_in_order_and_signed(
    accounts: "AccountServiceAsyncStub", orders: "OrderServiceAsyncStub", receiver: Receiver, start: Start
) -> None:
    before = await rest(orders)
    made = await accounts.CreateWebhook(pb.CreateWebhookRequest(url=receiver.url))
    await start("one")
    order = await rest(orders)
    await orders.CancelOrder(orders_pb.CancelOrderRequest(order_id=order.order_id))
    told = await receiver.until(3)
    assert [(one["orderId"], one["seq"]) for one in told] == [(order.order_id, str(seq)) for seq in (1, 2, 3)]
    assert told[2]["status"] == "ORDER_STATUS_CANCELLED"
    assert before.order_id not in {one["orderId"] for one in told}
    for headers, body in receiver.got:
        Verifier(made.secret).verify(body, headers)
        assert headers["webhook-id"] == f"{order.order_id}:{json.loads(body)['seq']}"
        assert headers["content-type"] == "application/json"
    log = (await orders.ExplainOrder(orders_pb.ExplainOrderRequest(order_id=order.order_id))).events
    assert [one["hash"] for one in told] == [base64.b64encode(event.hash).decode() for event in log]


async def test_what_is_not_taken_is_posted_again_and_nothing_passes_it(
    accounts: "AccountServiceAsyncStub", orders: "OrderServiceAsyncStub", receiver: Receiver, start: Start
) -> None:
    receiver.answers = [500, 302]
    await accounts.CreateWebhook(pb.CreateWebhookRequest(url=receiver.url))
    await start("one")
    await rest(orders)
    told = await receiver.until(4)
    assert [one["seq"] for one in told] == ["1", "1", "1", "2"]
    assert len({headers["webhook-id"] for headers, _ in receiver.got[:3]}) == 1
    async with asyncio.timeout(10):
        while (await accounts.ListWebhooks(pb.ListWebhooksRequest())).webhooks[0].failures:
            await asyncio.sleep(0.05)


async def test_a_receiver_that_is_away_is_told_of_and_waited_for(
    accounts: "AccountServiceAsyncStub", orders: "OrderServiceAsyncStub", receiver: Receiver, start: Start
) -> None:
    await accounts.CreateWebhook(pb.CreateWebhookRequest(url="http://127.0.0.1:1/nobody"))
    await accounts.CreateWebhook(pb.CreateWebhookRequest(url=receiver.url))
    await start("one")
    await rest(orders)
    await receiver.until(2)  # the other one holds up nobody
    async with asyncio.timeout(10):
        while not (dead := (await accounts.ListWebhooks(pb.ListWebhooksRequest())).webhooks[0]).failures:
            await asyncio.sleep(0.05)
    assert "ConnectError" in dead.last_error
    assert dead.HasField("retry_time")


async def test_another_courier_goes_on_where_the_first_one_was(
    accounts: "AccountServiceAsyncStub", orders: "OrderServiceAsyncStub", receiver: Receiver, start: Start
) -> None:
    await accounts.CreateWebhook(pb.CreateWebhookRequest(url=receiver.url))
    first = await start("one")
    one = await rest(orders)
    await receiver.until(2)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    other = await rest(orders)
    await asyncio.gather(start("two"), start("three"))
    while len(receiver.ids) < 4:  # what was answered and not yet noted comes again
        await receiver.until(len(receiver.got) + 1)
    assert receiver.ids == [f"{order.order_id}:{seq}" for order in (one, other) for seq in (1, 2)]


async def test_a_webhook_can_be_switched_off_moved_back_and_filtered(
    accounts: "AccountServiceAsyncStub", orders: "OrderServiceAsyncStub", receiver: Receiver, start: Start
) -> None:
    resting = [order_pb2.ORDER_STATUS_RESTING]
    made = await accounts.CreateWebhook(pb.CreateWebhookRequest(url=receiver.url, statuses=resting))
    off = pb.UpdateWebhookRequest(webhook_id=made.webhook.webhook_id, enabled=False)
    assert not (await accounts.UpdateWebhook(off)).webhook.enabled
    await start("one")
    await rest(orders)
    on = pb.UpdateWebhookRequest(webhook_id=made.webhook.webhook_id, enabled=True, rotate_secret=True)
    changed = await accounts.UpdateWebhook(on)
    assert [one["seq"] for one in await receiver.until(1)] == ["2"]
    Verifier(changed.secret).verify(receiver.got[0][1], receiver.got[0][0])
    assert changed.secret != made.secret
    back = pb.UpdateWebhookRequest(webhook_id=made.webhook.webhook_id, cursor=made.webhook.cursor)
    await accounts.UpdateWebhook(back)
    assert [one["seq"] for one in await receiver.until(2)] == ["2", "2"]
    await accounts.DeleteWebhook(pb.DeleteWebhookRequest(webhook_id=made.webhook.webhook_id))
    assert not (await accounts.ListWebhooks(pb.ListWebhooksRequest())).webhooks
    told = await refused(accounts.UpdateWebhook(back))
    assert (told.code, told.reason) == (grpc.StatusCode.NOT_FOUND, "WEBHOOK_NOT_FOUND")


async def test_a_bad_address_is_named_and_there_is_an_end_to_how_many(accounts: "AccountServiceAsyncStub") -> None:
    worst = pb.CreateWebhookRequest(url="ftp://x", statuses=[99], cursor="nonsense")  # type: ignore[list-item]
    told = await refused(accounts.CreateWebhook(worst))
    assert told.fields == ["cursor", "statuses", "url"]
    for _ in range(20):
        await accounts.CreateWebhook(pb.CreateWebhookRequest(url="https://example.com"))
    told = await refused(accounts.CreateWebhook(pb.CreateWebhookRequest(url="https://example.com")))
    assert (told.code, told.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "WEBHOOKS")


async def test_the_own_network_is_no_place_for_a_webhook_unless_asked_for(settings: ServerSettings) -> None:
    async with running_server(settings) as port, grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        accounts: AccountServiceAsyncStub = AccountServiceStub(channel)
        told = await refused(accounts.CreateWebhook(pb.CreateWebhookRequest(url="https://169.254.169.254/")))
        assert told.fields == ["url"]
