"""Every method of the contract, asked by everybody: an account sees its own, and nothing of anybody else.

Which methods there are comes from the descriptors, and each must have its row here: what to ask it, about one's own
order or webhook, about another account's, and about one that nobody has.
"""

import asyncio
import os
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message

from fillwire.v1 import account_service_pb2 as account
from fillwire.v1 import market_service_pb2 as market
from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as order
from fillwire_orders import (
    AccountId,
    AccountLog,
    Cursor,
    Journal,
    Keys,
    Limit,
    OrderType,
    Pool,
    RequestId,
    Scope,
    TimeInForce,
    Webhooks,
)
from fillwire_server.policy import POLICY
from tests.builders import terms
from tests.integration.server.conftest import PEPPER
from tests.unit.server.requests import spec, submit

MINE, THEIRS = AccountId("acme"), AccountId("globex")
NOTHING_YET: Final = 1.0
"""Seconds after which a stream that has sent no frame was let in and has nothing to tell."""

METHODS: Final[Mapping[str, MethodDescriptor]] = {
    f"{service.full_name}/{method.name}": method
    for file in (order, market, account)
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a request is about. The names are all of one length, so that answers can be compared to the byte."""

    order_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    reference: str = field(default_factory=lambda: uuid.uuid4().hex)
    webhook_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    cursor: str = field(default_factory=lambda: Cursor(os.urandom(6), 1).text)

    @property
    def names(self) -> tuple[str, ...]:
        return (self.order_id, self.request_id, self.reference, self.webhook_id, self.cursor)


def limit_spec() -> order_pb2.OrderSpec:
    return spec(
        limit=order_pb2.LimitOrder(limit_price="1000000"),
        time_in_force=order_pb2.TIME_IN_FORCE_GTC,
        slippage_bps=None,
    )


def fresh() -> str:
    return str(uuid.uuid4())


SECOND = Duration(seconds=1)

ROWS: Final[Mapping[str, Callable[[Subject], list[Message]]]] = {
    "fillwire.v1.OrderService/SubmitOrder": lambda it: [submit(it.request_id)],
    "fillwire.v1.OrderService/WatchOrder": lambda it: [
        order.WatchOrderRequest(order_id=it.order_id, after_seq=0),
        order.WatchOrderRequest(order_id=it.order_id, after_seq=99),
    ],
    "fillwire.v1.OrderService/SubmitAndWatchOrder": lambda it: [
        order.SubmitAndWatchOrderRequest(order=submit(it.request_id))
    ],
    "fillwire.v1.OrderService/GetOrder": lambda it: [
        order.GetOrderRequest(order_id=it.order_id),
        order.GetOrderRequest(request_id=it.request_id),
        order.GetOrderRequest(client_order_id=it.reference),
    ],
    "fillwire.v1.OrderService/ListOrders": lambda it: [
        order.ListOrdersRequest(client_order_id=it.reference),
        order.ListOrdersRequest(parent_order_id=it.order_id),
        order.ListOrdersRequest(),
    ],
    "fillwire.v1.OrderService/WatchOrders": lambda it: [
        order.WatchOrdersRequest(from_start=True, client_order_id=it.reference, heartbeat_interval=SECOND),
        order.WatchOrdersRequest(cursor=it.cursor, heartbeat_interval=SECOND),
    ],
    "fillwire.v1.OrderService/CancelOrder": lambda it: [order.CancelOrderRequest(order_id=it.order_id)],
    "fillwire.v1.OrderService/CancelAllOrders": lambda it: [order.CancelAllOrdersRequest()],
    "fillwire.v1.OrderService/CancelAllOrdersAfter": lambda it: [
        order.CancelAllOrdersAfterRequest(timeout=Duration(seconds=60))
    ],
    "fillwire.v1.OrderService/ReplaceOrder": lambda it: [
        order.ReplaceOrderRequest(order_id=it.order_id, spec=limit_spec(), request_id=fresh()),
        order.ReplaceOrderRequest(order_id=it.order_id, spec=limit_spec(), request_id=fresh(), if_last_seq=99),
    ],
    "fillwire.v1.OrderService/ExplainOrder": lambda it: [order.ExplainOrderRequest(order_id=it.order_id)],
    "fillwire.v1.OrderService/ReportExecution": lambda it: [order.ReportExecutionRequest()],
    "fillwire.v1.MarketService/GetQuote": lambda it: [
        market.GetQuoteRequest(token_in="SOL", token_out="USDC", amount_in="1500000000")
    ],
    "fillwire.v1.MarketService/StreamQuotes": lambda it: [
        market.StreamQuotesRequest(
            request=market.GetQuoteRequest(token_in="SOL", token_out="USDC", amount_in="1500000000")
        )
    ],
    "fillwire.v1.MarketService/ListTokens": lambda it: [market.ListTokensRequest()],
    "fillwire.v1.MarketService/ListVenues": lambda it: [market.ListVenuesRequest()],
    "fillwire.v1.MarketService/ListPools": lambda it: [market.ListPoolsRequest(token_a="SOL", token_b="USDC")],
    "fillwire.v1.MarketService/WatchPrices": lambda it: [market.WatchPricesRequest()],
    "fillwire.v1.AccountService/GetAccount": lambda it: [account.GetAccountRequest()],
    "fillwire.v1.AccountService/CreateWebhook": lambda it: [account.CreateWebhookRequest(url="https://example.com/x")],
    "fillwire.v1.AccountService/ListWebhooks": lambda it: [account.ListWebhooksRequest()],
    "fillwire.v1.AccountService/UpdateWebhook": lambda it: [
        account.UpdateWebhookRequest(webhook_id=it.webhook_id, enabled=False),
        account.UpdateWebhookRequest(webhook_id=it.webhook_id, cursor=it.cursor),
        account.UpdateWebhookRequest(webhook_id=it.webhook_id, rotate_secret=True),
    ],
    "fillwire.v1.AccountService/DeleteWebhook": lambda it: [account.DeleteWebhookRequest(webhook_id=it.webhook_id)],
}

ABOUT_THE_CALLER: Final = frozenset(
    {
        "fillwire.v1.OrderService/CancelAllOrders",
        "fillwire.v1.OrderService/CancelAllOrdersAfter",
        "fillwire.v1.OrderService/ReportExecution",
        "fillwire.v1.AccountService/GetAccount",
        "fillwire.v1.AccountService/CreateWebhook",
        "fillwire.v1.AccountService/ListWebhooks",
    }
)
"""Requests that name nothing: there is no other account's to ask about."""

MAKES_AN_ORDER: Final = frozenset(
    {"fillwire.v1.OrderService/SubmitOrder", "fillwire.v1.OrderService/SubmitAndWatchOrder"}
)
"""Whose answer to a request id that the account does not know is a new order."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, as it came: the code, the text, the details, and the first message."""

    code: grpc.StatusCode
    text: str = ""
    details: bytes = b""
    body: bytes = b""

    def about(self, subject: Subject) -> "Said":
        """The same, with what was asked about made nameless."""
        text, details = self.text, self.details
        for name in subject.names:
            text = text.replace(name, "*" * len(name))
            details = details.replace(name.encode(), b"*" * len(name))
        return Said(self.code, text, details, self.body)

    def names(self, subject: Subject) -> list[str]:
        """What it tells of `subject`."""
        told = self.details + self.body + self.text.encode()
        return [name for name in subject.names if name.encode() in told]


async def asked(channel: Any, path: str, request: Message, key: str | None) -> Said:
    metadata = () if key is None else (("authorization", key),)
    raw = request.SerializeToString()
    try:
        if METHODS[path].server_streaming:
            call = channel.unary_stream(f"/{path}")(raw, metadata=metadata)
            return Said(grpc.StatusCode.OK, body=await _first(call))
        return Said(grpc.StatusCode.OK, body=await channel.unary_unary(f"/{path}")(raw, metadata=metadata))
    except grpc.aio.AioRpcError as error:
        trailing = dict(error.trailing_metadata())
        return Said(error.code(), error.details() or "", bytes(trailing.get("grpc-status-details-bin", b"")))


async def _first(call: Any) -> bytes:
    try:
        return bytes(await asyncio.wait_for(anext(aiter(call)), NOTHING_YET))
    except (TimeoutError, StopAsyncIteration):
        return b""


class World:
    """Two accounts with an order and a webhook each, and the keys of the first one."""

    def __init__(self, channel: Any, pool: Pool) -> None:
        self.channel = channel
        self._pool = pool
        self._journal = Journal(pool)
        self._keys = Keys(pool)

    async def key(self, *scopes: Scope, lives: float | None = None) -> str:
        made = await self._keys.create(MINE, scopes, PEPPER, lives_seconds=lives)
        return f"Bearer {made.text}"

    async def revoked(self) -> str:
        made = await self._keys.create(MINE, list(Scope), PEPPER)
        await self._keys.revoke(made.key_id)
        return f"Bearer {made.text}"

    async def subject(self, account_id: AccountId) -> Subject:
        """An order that rests, a webhook and a cursor of an account."""
        named = Subject()
        wanted = terms(
            type=OrderType.LIMIT,
            condition=Limit(Decimal(1_000_000), 10**15),
            time_in_force=TimeInForce.GTC,
            client_order_id=named.reference,
        )
        stored = await self._journal.submit(account_id, RequestId(named.request_id), wanted)
        cursor = await AccountLog(self._pool).begin(account_id)
        webhook = await Webhooks(self._pool).create(
            account_id, "https://example.com/hook", statuses=[], secret=bytes(24), after=cursor
        )
        return Subject(stored.order.id, named.request_id, named.reference, webhook.id, cursor.text)

    async def stored(self, account_id: AccountId) -> list[str]:
        """All that is stored of an account, but when its keys were used."""
        async with self._pool.connection() as connection:
            rows = []
            for table in ("orders", "order_events", "webhooks", "order_quotas"):
                query = f"SELECT row_to_json(t)::text FROM fillwire.{table} AS t WHERE account_id = %s ORDER BY 1"
                rows += await (await connection.execute(query.encode(), [account_id])).fetchall()
            rows += await (
                await connection.execute(
                    "SELECT row_to_json(t)::text FROM fillwire.accounts AS t WHERE id = %s", [account_id]
                )
            ).fetchall()
        return [row[0] for row in rows]


@pytest.fixture
async def accounts(pool: Pool) -> None:
    """Both accounts have a key before the server starts, so that it asks for one from its first call."""
    for account_id in (MINE, THEIRS):
        await Keys(pool).create(account_id, [Scope.READ], PEPPER)


@pytest.fixture
def world(accounts: None, channel: grpc.aio.Channel, pool: Pool) -> World:
    return World(channel, pool)


async def answers(world: World, key: str | None) -> dict[str, str]:
    """What every method says to a credential: the code, and the reason of a refusal."""
    subject = Subject()
    said = {}
    for path, row in ROWS.items():
        for request in row(subject):
            answer = await asked(world.channel, path, request, key)
            said[path] = f"{answer.code.name} {_reason(answer)}".strip()
    return said


def _reason(said: Said) -> str:
    reasons = (b"API_KEY_MISSING", b"API_KEY_INVALID", b"SCOPE_MISSING")
    return next((one.decode() for one in reasons if one in said.details), "")


def test_every_method_has_its_row_and_its_policy() -> None:
    assert set(ROWS) == set(METHODS)
    assert {path for path in POLICY if path.startswith("fillwire.")} == set(METHODS)


async def test_nobody_gets_in_without_a_key(world: World) -> None:
    assert await answers(world, None) == dict.fromkeys(METHODS, "UNAUTHENTICATED API_KEY_MISSING")


async def test_nobody_gets_in_with_something_else(world: World) -> None:
    assert await answers(world, "Bearer x") == dict.fromkeys(METHODS, "UNAUTHENTICATED API_KEY_INVALID")


async def test_nobody_gets_in_with_a_key_that_has_expired(world: World) -> None:
    expired = await world.key(*Scope, lives=0)
    assert await answers(world, expired) == dict.fromkeys(METHODS, "UNAUTHENTICATED API_KEY_INVALID")


async def test_nobody_gets_in_with_a_key_that_was_revoked(world: World) -> None:
    assert await answers(world, await world.revoked()) == dict.fromkeys(METHODS, "UNAUTHENTICATED API_KEY_INVALID")


@pytest.mark.parametrize(
    ("scope", "more"), [(Scope.READ, {Scope.TRADE, Scope.ADMIN}), (Scope.TRADE, {Scope.ADMIN}), (Scope.ADMIN, set())]
)
async def test_a_key_does_what_its_scope_allows_and_no_more(world: World, scope: Scope, more: set[Scope]) -> None:
    said = await answers(world, await world.key(scope))
    refused = {path for path, answer in said.items() if answer == "PERMISSION_DENIED SCOPE_MISSING"}
    assert refused == {path for path in METHODS if POLICY[path] in more}
    assert not [answer for answer in said.values() if "UNAUTHENTICATED" in answer]


@pytest.mark.parametrize("path", METHODS)
async def test_one_s_own_is_there(world: World, path: str) -> None:
    key, mine = await world.key(Scope.ADMIN), await world.subject(MINE)
    said = [await asked(world.channel, path, request, key) for request in ROWS[path](mine)]
    there = grpc.StatusCode.ALREADY_EXISTS if path in MAKES_AN_ORDER else grpc.StatusCode.OK
    assert there in {one.code for one in said}
    assert grpc.StatusCode.NOT_FOUND not in {one.code for one in said}


@pytest.mark.parametrize("path", METHODS)
async def test_what_is_another_s_is_as_if_it_were_not_there(world: World, path: str) -> None:
    key, theirs, absent = await world.key(Scope.ADMIN), await world.subject(THEIRS), Subject()
    before = await world.stored(THEIRS)
    pairs = zip(ROWS[path](theirs), ROWS[path](absent), strict=True)
    for foreign, nothing in pairs:
        said = await asked(world.channel, path, foreign, key)
        expected = await asked(world.channel, path, nothing, key)
        if path in MAKES_AN_ORDER:
            assert said.code == expected.code
            assert said.names(theirs) in ([], [theirs.request_id])  # it is the new order's, too
        elif path in ABOUT_THE_CALLER or path.startswith("fillwire.v1.MarketService/"):
            assert said.names(theirs) == []
        else:
            assert said.about(theirs) == expected.about(absent)
    assert await world.stored(THEIRS) == before
