"""Who is let in, for how long, and what he is told who is not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
import pytest
import structlog

from fillwire.v1 import account_service_pb2, order_service_pb2
from fillwire.v1.account_service_pb2_grpc import AccountServiceStub
from fillwire.v1.order_service_pb2_grpc import OrderServiceStub
from fillwire_orders import AccountId, Accounts, Journal, Keys, OwnLimits, Pool, Scope
from fillwire_orders.credentials import Credential
from fillwire_server.server import running_server
from fillwire_server.settings import ServerSettings
from tests.builders import submitted
from tests.integration.server.calls import Told, refused
from tests.integration.server.conftest import PEPPER
from tests.unit.server.requests import submit

ACME = AccountId("acme")
NOBODY = "0123456789abcdef"


@pytest.fixture
def keys(pool: Pool) -> Keys:
    return Keys(pool)


@pytest.fixture
async def accounts(channel: grpc.aio.Channel) -> Any:
    return AccountServiceStub(channel)


def bearing(text: str) -> dict[str, Any]:
    return {"metadata": (("authorization", f"Bearer {text}"),)}


async def made(keys: Keys, *scopes: Scope, lives_seconds: float | None = None) -> Credential:
    return await keys.create(ACME, scopes or [Scope.ADMIN], PEPPER, lives_seconds=lives_seconds)


async def who(accounts: Any, **options: Any) -> Any:
    return await accounts.GetAccount(account_service_pb2.GetAccountRequest(), **options)


async def turned_away(accounts: Any, **options: Any) -> Told:
    return await refused(accounts.GetAccount(account_service_pb2.GetAccountRequest(), **options))


async def soon(happens: Callable[[], Awaitable[bool]], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not await happens():
            await asyncio.sleep(0.05)


async def let_in(accounts: Any, **options: Any) -> bool:
    try:
        await who(accounts, **options)
    except grpc.aio.AioRpcError:
        return False
    return True


async def asked_for_keys(accounts: Any) -> bool:
    return not await let_in(accounts)


async def test_as_long_as_there_is_no_key_everybody_on_this_machine_is_the_default_account(accounts: Any) -> None:
    account = await who(accounts)
    assert (account.account_id, account.key_id) == ("default", "")
    assert list(account.scopes) == [1, 2, 3]


async def test_what_is_no_key_is_refused_even_where_none_is_asked_for(accounts: Any) -> None:
    assert (await turned_away(accounts, **bearing("letmein"))).reason == "API_KEY_INVALID"


async def test_the_first_key_closes_the_door_within_two_seconds_to_those_who_have_none(
    accounts: Any, keys: Keys
) -> None:
    assert await let_in(accounts)
    mine = await made(keys)
    assert (await who(accounts, **bearing(mine.text))).account_id == ACME
    await soon(lambda: asked_for_keys(accounts))
    told = await turned_away(accounts)
    assert (told.code, told.reason) == (grpc.StatusCode.UNAUTHENTICATED, "API_KEY_MISSING")


async def test_revoking_the_last_key_does_not_open_the_door(accounts: Any, keys: Keys) -> None:
    mine = await made(keys)
    await keys.revoke(mine.key_id)
    await soon(lambda: asked_for_keys(accounts))


async def test_the_server_says_in_its_log_whether_it_asks_for_keys(settings: ServerSettings, keys: Keys) -> None:
    with structlog.testing.capture_logs() as logs:
        async with running_server(settings) as port, grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            assert "keys_are_not_asked_for" in [line["event"] for line in logs]
            await made(keys)
            await soon(lambda: asked_for_keys(AccountServiceStub(channel)))
            assert "keys_are_asked_for" in [line["event"] for line in logs]


async def test_beyond_this_machine_a_key_is_asked_for_from_the_start(
    settings: ServerSettings, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FILLWIRE_LISTEN", "0.0.0.0:0")
    monkeypatch.setenv("FILLWIRE_INSECURE", "1")
    async with running_server(ServerSettings()) as port, grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        accounts = AccountServiceStub(channel)
        assert (await turned_away(accounts)).reason == "API_KEY_MISSING"
        assert await let_in(accounts, **bearing((await made(keys)).text))


@pytest.mark.parametrize(
    "metadata",
    [
        (("authorization", ""),),
        (("authorization", "Bearer"),),
        (("authorization", "Bearer "),),
        (("authorization", "Basic YTpi"),),
        (("authorization", f"Bearer fw_{NOBODY}_" + "a" * 43),),
        (("authorization", f"Bearer fw_{NOBODY}_short"),),
        (("authorization", "Bearer " + "x" * 4000),),
        (("authorization", "Bearer ' OR 1=1 --"),),
    ],
    ids=lambda metadata: metadata[0][1][:24],
)
async def test_what_is_no_key_of_ours_is_told_alike_whatever_it_is(
    accounts: Any, keys: Keys, metadata: tuple[tuple[str, str]]
) -> None:
    await made(keys)
    told = await turned_away(accounts, metadata=metadata)
    assert (told.code, told.reason, told.metadata) == (grpc.StatusCode.UNAUTHENTICATED, "API_KEY_INVALID", {})
    assert told.text == "the API key is not valid"


async def test_two_credentials_are_none(accounts: Any, keys: Keys) -> None:
    mine, other = await made(keys), await made(keys)
    metadata = (*bearing(mine.text)["metadata"], *bearing(other.text)["metadata"])
    assert (await turned_away(accounts, metadata=metadata)).reason == "API_KEY_INVALID"


async def test_the_scheme_is_read_in_any_case(accounts: Any, keys: Keys) -> None:
    assert await let_in(accounts, metadata=(("authorization", f"bEARER {(await made(keys)).text}"),))


async def test_only_who_has_the_secret_learns_why_a_key_is_of_no_more_use(accounts: Any, keys: Keys) -> None:
    revoked, expired = await made(keys), await made(keys, lives_seconds=0)
    await keys.revoke(revoked.key_id)
    for mine, cause in ((revoked, "was revoked"), (expired, "has expired")):
        told = await turned_away(accounts, **bearing(mine.text))
        assert (told.text, told.metadata) == (f"the API key {cause}", {"cause": cause})
        guessed = Credential(mine.key_id, "a" * 43)
        told = await turned_away(accounts, **bearing(guessed.text))
        assert (told.text, told.metadata) == ("the API key is not valid", {})


async def test_a_revoked_key_is_of_no_use_two_seconds_later(accounts: Any, keys: Keys) -> None:
    mine = await made(keys)
    assert await let_in(accounts, **bearing(mine.text))
    await keys.revoke(mine.key_id)

    async def shut() -> bool:
        return not await let_in(accounts, **bearing(mine.text))

    await soon(shut)


async def test_a_rotated_key_and_its_successor_both_open_the_door(accounts: Any, keys: Keys) -> None:
    old = await made(keys)
    new = await keys.rotate(old.key_id, PEPPER, overlap_seconds=60)
    accounts_told = [(await who(accounts, **bearing(key.text))).account_id for key in (old, new)]
    assert accounts_told == [ACME, ACME]


async def test_a_key_that_has_not_the_scope_is_told_which_one_it_lacks(orders: Any, keys: Keys) -> None:
    mine = await made(keys, Scope.READ)
    told = await refused(orders.SubmitOrder(submit(), **bearing(mine.text)))
    assert (told.code, told.reason) == (grpc.StatusCode.PERMISSION_DENIED, "SCOPE_MISSING")
    assert told.metadata == {"scope": "trade"}


async def test_the_account_says_what_its_key_may_do(accounts: Any, keys: Keys, pool: Pool) -> None:
    mine = await made(keys, Scope.TRADE, lives_seconds=600)
    await Accounts(pool).limit(ACME, OwnLimits(orders_per_minute=7, max_open_orders=8, max_streams=9))
    account = await who(accounts, **bearing(mine.text))
    assert (account.account_id, account.key_id) == (ACME, mine.key_id)
    assert list(account.scopes) == [1, 2]
    assert account.HasField("expire_time")
    assert not account.HasField("cancel_time")
    assert (account.orders_per_minute, account.max_open_orders, account.max_streams) == (7, 8, 9)


async def test_health_and_reflection_ask_nobody_for_a_key(channel: Any, keys: Keys) -> None:
    await made(keys)
    assert await channel.unary_unary("/grpc.health.v1.Health/Check")(b"") == b"\x08\x01"


class Streams:
    """Watches of one order that never moves."""

    def __init__(self, orders: Any, order_id: str) -> None:
        self._orders = orders
        self._order_id = order_id

    async def opened(self, **options: Any) -> Any:
        """One that has got its first frame; iterate over the rest."""
        call = self._orders.WatchOrder(order_service_pb2.WatchOrderRequest(order_id=self._order_id), **options)
        await anext(aiter(call))
        return call


@pytest.fixture
async def streams(channel: grpc.aio.Channel, journal: Journal, pool: Pool) -> Streams:
    order = await submitted(journal)
    async with pool.connection() as connection:
        await connection.execute("INSERT INTO fillwire.accounts (id) VALUES ('acme')")
        await connection.execute("UPDATE fillwire.orders SET account_id = 'acme' WHERE id = %s", [order.id])
    return Streams(OrderServiceStub(channel), order.id)


async def test_a_stream_ends_when_its_key_is_revoked_and_others_go_on(streams: Streams, keys: Keys) -> None:
    mine, other = await made(keys), await made(keys)
    gone, stays = await streams.opened(**bearing(mine.text)), await streams.opened(**bearing(other.text))
    await keys.revoke(mine.key_id)
    async with asyncio.timeout(5):
        told = await refused(gone)
    assert (told.code, told.text) == (grpc.StatusCode.UNAUTHENTICATED, "the API key was revoked")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(aiter(stays)), 1.5)


async def test_a_stream_ends_when_its_key_expires(streams: Streams, keys: Keys) -> None:
    stream = await streams.opened(**bearing((await made(keys, lives_seconds=1.0)).text))
    async with asyncio.timeout(6):
        assert (await refused(stream)).text == "the API key has expired"


async def test_a_stream_without_a_key_ends_when_keys_are_asked_for(orders: Any, journal: Journal, keys: Keys) -> None:
    stream = await Streams(orders, (await submitted(journal)).id).opened()
    await made(keys)
    async with asyncio.timeout(5):
        assert (await refused(stream)).reason == "API_KEY_MISSING"


async def test_an_account_has_no_more_streams_than_it_may(streams: Streams, keys: Keys, pool: Pool) -> None:
    mine, other = await made(keys), await made(keys)
    await Accounts(pool).limit(ACME, OwnLimits(max_streams=2))
    kept = [await streams.opened(**bearing(key.text)) for key in (mine, other)]
    told = await refused(streams.opened(**bearing(mine.text)))
    assert (told.code, told.reason, told.metadata) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "STREAMS", {"limit": "2"})
    assert told.details["QuotaFailure"].violations
    kept[0].cancel()

    async def another() -> bool:
        try:
            kept.append(await streams.opened(**bearing(mine.text)))
        except grpc.aio.AioRpcError:
            return False
        return True

    await soon(another)
