"""Who calls over the WebSocket, and who is not let in."""

from typing import Any

import pytest

from fillwire_bridge.socket.limits import Limits
from fillwire_orders import AccountId, Journal, Keys, Pool, Scope
from tests import builders
from tests.integration.bridge.conftest import PEPPER
from tests.integration.bridge.talking import Talk, limited_bridge, talking

ACME = AccountId("acme")
ACCOUNT = "AccountService/GetAccount"


@pytest.fixture
def keys(pool: Pool) -> Keys:
    return Keys(pool)


@pytest.fixture
async def talk(bridge_url: str) -> Any:
    async with talking(bridge_url) as talk:
        yield talk


async def key(keys: Keys, *scopes: Scope) -> str:
    return (await keys.create(ACME, scopes or [Scope.ADMIN], PEPPER)).text


async def greeted(talk: Talk, **hello: str) -> Any:
    await talk.say({"hello": hello})
    return await talk.hear()


async def test_where_no_key_is_asked_for_everybody_is_the_default_account(talk: Talk) -> None:
    assert await greeted(talk) == {"ready": {"accountId": "default"}}


async def test_a_token_is_good_for_all_calls_after_it(talk: Talk, keys: Keys) -> None:
    assert await greeted(talk, token=await key(keys)) == {"ready": {"accountId": "acme"}}
    for _ in range(2):
        (account,), _ = await talk.ask(ACCOUNT)
        assert account["accountId"] == "acme"


async def test_calls_may_follow_the_token_at_once(talk: Talk, keys: Keys) -> None:
    await talk.say({"hello": {"token": await key(keys)}})
    await talk.call("1", ACCOUNT)
    assert "ready" in await talk.hear()
    assert (await talk.hear())["message"]["accountId"] == "acme"


@pytest.mark.parametrize("token", ["letmein", "fw_0123456789abcdef_x", "\u20ac", "a\nb", "\ud800", " "])
async def test_a_token_that_is_none_closes_the_socket(talk: Talk, token: str) -> None:
    await talk.say({"hello": {"token": token}})
    await talk.call("1", ACCOUNT)
    code, reason = await talk.closed()
    assert code == 4401
    assert "API key" in reason


async def test_who_has_the_secret_of_a_revoked_key_is_told_so(talk: Talk, keys: Keys) -> None:
    mine = await keys.create(ACME, [Scope.ADMIN], PEPPER)
    await keys.revoke(mine.key_id)
    await talk.say({"hello": {"token": mine.text}})
    assert await talk.closed() == (4401, "the API key was revoked")


async def test_the_header_of_the_upgrade_names_the_caller_too(bridge_url: str, keys: Keys) -> None:
    bearer = {"authorization": f"Bearer {await key(keys)}"}
    async with talking(bridge_url, additional_headers=bearer) as talk:
        (account,), _ = await talk.ask(ACCOUNT)
        assert account["accountId"] == "acme"
    async with talking(bridge_url, additional_headers=bearer) as talk:
        assert await greeted(talk) == {"ready": {"accountId": "acme"}}


async def test_an_order_of_another_account_is_as_if_it_did_not_exist(talk: Talk, keys: Keys, journal: Journal) -> None:
    order = await builders.submitted(journal)
    absent = order.id[:-1] + ("0" if order.id[-1] != "0" else "1")
    await greeted(talk, token=await key(keys))
    told = [await talk.ask("OrderService/WatchOrder", orderId=one) for one in (order.id, absent)]
    assert str(told[0]).replace(order.id, absent) == str(told[1])
    assert told[0][1]["code"] == "NOT_FOUND"


async def test_calls_of_a_key_that_is_revoked_end_and_the_socket_stays(talk: Talk, keys: Keys) -> None:
    mine = await keys.create(ACME, [Scope.ADMIN], PEPPER)
    await greeted(talk, token=mine.text)
    await talk.call("1", "OrderService/WatchOrders")
    assert "message" in await talk.hear()
    await keys.revoke(mine.key_id)
    _, end = await talk.rest()
    assert end["code"] == "UNAUTHENTICATED"
    await talk.say({"ping": {}})
    assert await talk.hear() == {"pong": {}}


async def test_who_says_nothing_is_sent_away(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with limited_bridge(monkeypatch, engine, Limits(silent_seconds=0.1)) as url, talking(url) as talk:
        assert await talk.closed() == (4401, "nothing was said for 0.1 s")


async def test_who_has_said_something_may_be_silent(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bridge = limited_bridge(monkeypatch, engine, Limits(silent_seconds=0.5))
    async with bridge as url, talking(url) as speaks, talking(url) as silent:
        await greeted(speaks)
        await silent.closed()
        await speaks.say({"ping": {}})
        assert await speaks.hear() == {"pong": {}}


BEYOND: dict[str, Any] = {"listen": "0.0.0.0:0", "insecure": True}


@pytest.mark.parametrize("said", [{"hello": {}}, {"id": "1", "call": ACCOUNT}])
async def test_beyond_this_machine_nobody_calls_without_a_token(
    engine: str, monkeypatch: pytest.MonkeyPatch, said: object
) -> None:
    async with limited_bridge(monkeypatch, engine, **BEYOND) as url, talking(url) as talk:
        await talk.say(said)
        assert await talk.closed() == (4401, "say hello with a token first")


async def test_beyond_this_machine_a_token_opens_the_door(
    engine: str, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with limited_bridge(monkeypatch, engine, **BEYOND) as url, talking(url) as talk:
        assert await greeted(talk, token=await key(keys)) == {"ready": {"accountId": "acme"}}


async def test_an_engine_that_is_away_is_no_fault_of_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    async with limited_bridge(monkeypatch, "127.0.0.1:9") as url, talking(url) as talk:
        await talk.say({"hello": {"token": "fw_x"}})
        assert await talk.closed() == (1013, "the engine cannot be asked now")


async def test_calls_to_an_engine_that_is_away_are_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    async with limited_bridge(monkeypatch, "127.0.0.1:9") as url, talking(url) as talk:
        _, end = await talk.ask(ACCOUNT)
        assert end["code"] == "UNAVAILABLE"
