"""Orders as JSON over HTTP, against a real server."""

import asyncio
from typing import Any

import httpx
import pytest

from fillwire.settings import Settings
from fillwire_bridge.serving import running_bridge
from fillwire_bridge.settings import BridgeSettings
from fillwire_orders import (
    DEFAULT_ACCOUNT,
    AccountId,
    Accounts,
    Failure,
    FailureReason,
    Journal,
    Keys,
    OwnLimits,
    Pool,
    Scope,
    Status,
    Step,
)
from tests import builders
from tests.builders import request_id
from tests.integration.bridge.conftest import PEPPER

SPEC = {"tokenIn": "SOL", "tokenOut": "USDC", "amountIn": "1500000000", "slippageBps": 50}
STOP = {**SPEC, "stop": {"triggerPrice": "10"}}
"""Rests: nobody is there to execute anything, and the price is far."""


def body(**changes: Any) -> dict[str, Any]:
    return {"spec": {**SPEC, **changes}}


async def resting(http: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    order: dict[str, Any] = (await http.post("/v1/orders", json={"spec": {**STOP, **changes}})).json()["order"]
    return order


def told(answer: httpx.Response) -> tuple[int, str, str]:
    """HTTP status, code and reason of a refusal."""
    error = answer.json()["error"]
    assert error["code"] == answer.status_code
    assert answer.headers["content-type"] == "application/json"
    (info,) = [one for one in error["details"] if one["@type"].endswith("ErrorInfo")]
    return answer.status_code, error["status"], info["reason"]


def fields(answer: httpx.Response) -> list[str]:
    """The bad fields that a refusal names."""
    (bad,) = [one for one in answer.json()["error"]["details"] if one["@type"].endswith("BadRequest")]
    return [one.get("field", "") for one in bad["fieldViolations"]]


async def test_an_order_is_created_and_found_where_the_answer_says(http: httpx.AsyncClient) -> None:
    created = await http.post("/v1/orders", json=body())
    order = created.json()["order"]
    assert created.status_code == 201
    assert created.headers["location"] == f"/v1/orders/{order['orderId']}"
    assert created.headers["etag"] == '"1"'
    assert (order["status"], order["lastSeq"]) == ("ORDER_STATUS_PENDING", "1")
    found = await http.get(created.headers["location"])
    assert (found.status_code, found.json()) == (200, {"order": order})
    assert (found.headers["etag"], found.headers["cache-control"]) == ('"1"', "no-store")


async def test_the_same_idempotency_key_gives_the_same_order(http: httpx.AsyncClient) -> None:
    key = request_id()
    first = await http.post("/v1/orders", json=body(), headers={"Idempotency-Key": key})
    quoted = await http.post("/v1/orders", json=body(), headers={"Idempotency-Key": f'"{key}"'})
    within = await http.post("/v1/orders", json={**body(), "requestId": key})
    both = await http.post("/v1/orders", json={**body(), "request_id": key}, headers={"Idempotency-Key": key})
    assert (first.status_code, first.json()["order"]["requestId"]) == (201, key)
    for again in (quoted, within, both):
        assert (again.status_code, again.json()["deduplicated"]) == (200, True)
        assert again.headers["location"] == first.headers["location"]


async def test_a_key_that_header_and_body_disagree_on_is_refused(http: httpx.AsyncClient) -> None:
    refused = await http.post(
        "/v1/orders", json={**body(), "requestId": request_id()}, headers={"Idempotency-Key": request_id()}
    )
    assert (refused.status_code, fields(refused)) == (400, ["request_id"])
    assert (await http.get("/v1/orders")).json() == {}


async def test_a_key_with_another_order_is_a_conflict_that_names_the_fields(http: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": request_id()}
    await http.post("/v1/orders", json=body(), headers=headers)
    other = await http.post("/v1/orders", json=body(amountIn="7"), headers=headers)
    assert told(other) == (409, "ALREADY_EXISTS", "REQUEST_ID_REUSED")
    assert fields(other) == ["spec.amount_in"]


async def test_a_hundred_posts_at_once_with_one_key_make_one_order(http: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": request_id()}
    answers = await asyncio.gather(*(http.post("/v1/orders", json=body(), headers=headers) for _ in range(100)))
    assert sorted(answer.status_code for answer in answers) == [200] * 99 + [201]
    assert len({answer.json()["order"]["orderId"] for answer in answers}) == 1


async def test_an_order_that_is_only_checked_is_nowhere(http: httpx.AsyncClient) -> None:
    checked = await http.post("/v1/orders", json={**body(), "validateOnly": True})
    assert (checked.status_code, "location" in checked.headers) == (200, False)
    assert "orderId" not in checked.json()["order"]
    assert (await http.get("/v1/orders")).json() == {}


async def test_every_bad_field_is_named(http: httpx.AsyncClient) -> None:
    refused = await http.post("/v1/orders", json={"spec": {"tokenIn": "SOL", "amountIn": "-5"}})
    assert told(refused) == (400, "INVALID_ARGUMENT", "INVALID_REQUEST")
    assert sorted(fields(refused)) == ["spec.amount_in", "spec.slippage_bps", "spec.token_out"]


async def test_every_field_that_is_no_json_of_the_contract_is_named_at_once(http: httpx.AsyncClient) -> None:
    wrong = {"spec": {"tokenIn": 1, "slippageBps": "much", "banana": 2, "deadline": "soon"}, "validateOnly": "no"}
    refused = await http.post("/v1/orders?page=1", json=wrong, headers={"Request-Timeout": "soon"})
    assert told(refused) == (400, "INVALID_ARGUMENT", "INVALID_REQUEST")
    assert fields(refused) == [
        "page",
        "spec.token_in",
        "spec.slippage_bps",
        "spec.banana",
        "spec.deadline",
        "validate_only",
        "Request-Timeout",
    ]


async def test_an_order_is_found_by_each_of_its_keys(http: httpx.AsyncClient) -> None:
    order = (await http.post("/v1/orders", json=body(clientOrderId="mine & yours"))).json()["order"]
    for key in ("orderId", "requestId"):
        assert (await http.get("/v1/orders:lookup", params={key: order[key]})).json() == {"order": order}
    found = await http.get("/v1/orders:lookup", params={"client_order_id": "mine & yours"})
    assert found.json() == {"order": order}
    two = await http.get("/v1/orders:lookup", params={"order_id": order["orderId"], "request_id": order["requestId"]})
    assert two.status_code == 400


@pytest.mark.parametrize("name", ["nonsense", "123e4567-e89b-12d3-a456-426614174000", "%F0%9F%92%A9", "a%00b"])
async def test_an_order_that_is_not_there_is_not_found(http: httpx.AsyncClient, name: str) -> None:
    for path in (f"/v1/orders/{name}", f"/v1/orders/{name}/explanation", f"/v1/orders/{name}/events"):
        assert told(await http.get(path)) == (404, "NOT_FOUND", "ORDER_NOT_FOUND")
    assert told(await http.post(f"/v1/orders/{name}:cancel")) == (404, "NOT_FOUND", "ORDER_NOT_FOUND")


async def test_pages_follow_their_links_until_all_is_seen(http: httpx.AsyncClient) -> None:
    made = [(await http.post("/v1/orders", json=body())).json()["order"]["orderId"] for _ in range(5)]
    seen, url = [], "/v1/orders?page_size=2&token_in=SOL&statuses=PENDING"
    while url:
        page = await http.get(url)
        seen += [order["orderId"] for order in page.json()["orders"]]
        url = page.links.get("next", {}).get("url", "")
    assert seen == made[::-1]


async def test_a_large_page_comes_whole(http: httpx.AsyncClient, journal: Journal) -> None:
    said = "x" * 60_000
    for _ in range(3):
        held = (await builders.claimed(journal)).claim
        await journal.record(held, Step(status=Status.FAILED, detail=Failure(FailureReason.NO_ROUTE, said)))
    page = (await http.get("/v1/orders")).json()
    assert [order["failure"]["message"] for order in page["orders"]] == [said] * 3


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("statuses=RESTING", 1),
        ("statuses=ORDER_STATUS_RESTING&statuses=PENDING", 2),
        ("statuses=FAILED", 0),
        ("tokenIn=JUP", 0),
        ("token_in=SOL&tokenOut=USDC", 2),
        ("types=STOP", 1),
        ("create_time_from=2026-01-01T00:00:00Z", 2),
        ("createTimeBefore=2026-01-01T00:00:00%2B01:00", 0),
        ("client_order_id=", 2),
    ],
)
async def test_a_list_is_what_its_filters_say(http: httpx.AsyncClient, query: str, count: int) -> None:
    await http.post("/v1/orders", json=body())
    await resting(http)
    assert len((await http.get(f"/v1/orders?{query}")).json().get("orders", [])) == count


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("statuses=BANANA", "statuses[0]"),
        ("page_size=many", "page_size"),
        ("page_size=-1", "page_size"),
        ("page_size=1&pageSize=2", "page_size"),
        ("create_time_from=yesterday", "create_time_from"),
        ("banana=1", "banana"),
        ("orders=1", "orders"),
        ("token_in=NOPE", "token_in"),
        ("=1", ""),
        ("token_in=%ff", ""),
        ("page_token=%00", "page_token"),
        ("&".join(f"types={number}" for number in range(300)), ""),
    ],
)
async def test_a_bad_parameter_is_named(http: httpx.AsyncClient, query: str, field: str) -> None:
    refused = await http.get(f"/v1/orders?{query}")
    assert told(refused) == (400, "INVALID_ARGUMENT", "INVALID_REQUEST")
    assert fields(refused) == [field]


async def test_an_order_is_cancelled_with_or_without_a_body(http: httpx.AsyncClient) -> None:
    bodies: list[dict[str, Any]] = [{}, {"json": {}}]
    for sent in bodies:
        order = await resting(http)
        cancelled = await http.post(f"/v1/orders/{order['orderId']}:cancel", **sent)
        assert (cancelled.status_code, cancelled.json()["result"]) == (200, "CANCEL_RESULT_CANCELLED")
        assert cancelled.json()["order"]["failure"]["reason"] == "FAILURE_REASON_WITHDRAWN"


async def test_all_orders_are_cancelled_or_those_that_fit(http: httpx.AsyncClient) -> None:
    await resting(http)
    await resting(http, tokenIn="JUP")
    assert (await http.post("/v1/orders:cancelAll", json={"tokenIn": "JUP"})).json() == {"cancelled": 1}
    assert (await http.post("/v1/orders:cancelAll")).json() == {"cancelled": 1}


async def test_the_dead_man_s_switch_is_set_seen_and_taken_off(http: httpx.AsyncClient) -> None:
    on = await http.post("/v1/orders:cancelAllAfter", json={"timeout": "60s"})
    assert on.json()["cancelTime"] == (await http.get("/v1/account")).json()["cancelTime"]
    assert (await http.post("/v1/orders:cancelAllAfter", json={"timeout": "0s"})).json() == {}
    refused = await http.post("/v1/orders:cancelAllAfter", json={"timeout": "soon"})
    assert fields(refused) == ["timeout"]


async def test_an_order_is_replaced_as_long_as_nobody_else_did(http: httpx.AsyncClient) -> None:
    created = await http.post("/v1/orders", json={"spec": STOP})
    path, seen = created.headers["location"], created.headers["etag"]
    new = {"spec": {**STOP, "amountIn": "5"}}
    replaced = await http.put(path, json=new, headers={"If-Match": seen, "Idempotency-Key": request_id()})
    assert (replaced.status_code, replaced.headers["etag"]) == (200, '"3"')
    assert replaced.json()["order"]["spec"]["amountIn"] == "5"
    late = await http.put(path, json={"spec": STOP}, headers={"If-Match": seen})
    assert told(late) == (412, "FAILED_PRECONDITION", "ORDER_CHANGED")
    assert (await http.put(path, json={"spec": STOP}, headers={"If-Match": "*"})).headers["etag"] == '"4"'
    assert (await http.put(path, json={**new, "ifLastSeq": "4"})).headers["etag"] == '"5"'


async def test_a_replacement_that_contradicts_itself_is_refused(http: httpx.AsyncClient) -> None:
    order = await resting(http)
    path = f"/v1/orders/{order['orderId']}"
    for sent, headers, field in (
        ({"orderId": request_id()}, {}, "order_id"),
        ({"ifLastSeq": "1"}, {"If-Match": '"2"'}, "if_last_seq"),
        ({}, {"If-Match": '"banana"'}, "If-Match"),
        ({}, {"If-Match": '"1", "2"'}, "If-Match"),
        ({}, {"If-Match": '"99999999999999999999"'}, "If-Match"),
    ):
        refused = await http.put(path, json={"spec": STOP, **sent}, headers=headers)
        assert (refused.status_code, fields(refused)) == (400, [field])
    assert (await http.get(path)).headers["etag"] == '"2"'


async def test_an_order_explains_itself(http: httpx.AsyncClient) -> None:
    order = await resting(http)
    told_ = (await http.get(f"/v1/orders/{order['orderId']}/explanation")).json()
    assert [event["status"] for event in told_["events"]] == ["ORDER_STATUS_PENDING", "ORDER_STATUS_RESTING"]


async def test_a_path_says_what_it_takes_and_that_it_is_none(http: httpx.AsyncClient) -> None:
    order = await resting(http)
    for verb, path, allowed in (
        ("DELETE", "/v1/orders", "POST, GET, HEAD"),
        ("GET", f"/v1/orders/{order['orderId']}:cancel", "POST"),
        ("PATCH", f"/v1/orders/{order['orderId']}", "GET, PUT, HEAD"),
        ("HEAD", f"/v1/orders/{order['orderId']}/events", "GET"),
        ("GET", "/v1/orders:cancelAll", "POST"),
        ("GET", "/v1/webhooks/x", "PATCH, DELETE"),
    ):
        refused = await http.request(verb, path)
        assert (refused.status_code, refused.headers["allow"]) == (405, allowed)
    assert told(await http.get("/v1/orders:cancelAll")) == (405, "UNIMPLEMENTED", "METHOD_NOT_ALLOWED")
    for path in ("/v1/", "/v1/banana", "/v1/orders/", "/v1/orders/a/b", "/v1/orders:banana"):
        for verb in ("GET", "POST", "DELETE"):
            assert told(await http.request(verb, path)) == (404, "NOT_FOUND", "NOT_ROUTED")


async def test_head_is_get_without_its_body(http: httpx.AsyncClient) -> None:
    order = await resting(http)
    head, get = [await http.request(verb, f"/v1/orders/{order['orderId']}") for verb in ("HEAD", "GET")]
    assert (head.status_code, head.content) == (200, b"")
    assert {**head.headers, "x-request-id": "", "date": ""} == {**get.headers, "x-request-id": "", "date": ""}


async def test_a_call_that_takes_longer_than_its_caller_waits_is_ended(http: httpx.AsyncClient) -> None:
    slow = await http.get("/v1/venues", headers={"Request-Timeout": "0.000001"})
    assert (slow.status_code, slow.json()["error"]["status"]) == (504, "DEADLINE_EXCEEDED")
    assert (await http.get("/v1/venues", headers={"Request-Timeout": "30"})).status_code == 200
    for wrong in ("0", "-1", "soon", "1e3", "301", "nan", ""):
        refused = await http.get("/v1/venues", headers={"Request-Timeout": wrong})
        assert (refused.status_code, fields(refused)) == (400, ["Request-Timeout"])


async def test_a_request_id_goes_through_to_the_engine_and_back(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/account", headers={"x-request-id": "mine-1"})
    assert answer.headers["x-request-id"] == "mine-1"


async def test_an_engine_that_is_away_is_unavailable() -> None:
    async with (
        running_bridge(BridgeSettings(listen="127.0.0.1:0"), Settings("127.0.0.1:1")) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http,
    ):
        for path in ("/v1/orders", "/v1/events", "/v1/orders/x/events"):
            answer = await http.get(path)
            assert (answer.status_code, answer.json()["error"]["status"]) == (503, "UNAVAILABLE")
        assert (await http.get("/v1/openapi.json")).json()["openapi"] == "3.1.0"


class TestCredentials:
    """A bearer token goes through; what the engine says of it comes back."""

    @pytest.fixture
    async def tokens(self, pool: Pool) -> dict[str, str]:
        keys = Keys(pool)
        made = {scope: await keys.create(AccountId("acme"), [scope], PEPPER) for scope in Scope}
        return {scope.name: credential.text for scope, credential in made.items()}

    async def test_without_one_nobody_is_let_in(self, tokens: dict[str, str], http: httpx.AsyncClient) -> None:
        refused = await http.get("/v1/account")
        assert told(refused) == (401, "UNAUTHENTICATED", "API_KEY_MISSING")
        assert refused.headers["www-authenticate"] == 'Bearer realm="fillwire"'
        assert told(await http.get("/v1/events")) == (401, "UNAUTHENTICATED", "API_KEY_MISSING")

    @pytest.mark.parametrize("token", ["Bearer fw_nope", "Basic YTpi", "Bearer \xe9", "Bearer " + "x" * 8000])
    async def test_what_is_no_key_is_refused(self, tokens: dict[str, str], http: httpx.AsyncClient, token: str) -> None:
        refused = await http.get("/v1/account", headers=[(b"Authorization", token.encode("latin-1"))])
        assert told(refused) == (401, "UNAUTHENTICATED", "API_KEY_INVALID")

    async def test_a_key_is_its_account_and_does_what_its_scope_says(
        self, tokens: dict[str, str], http: httpx.AsyncClient
    ) -> None:
        read = {"Authorization": f"Bearer {tokens['READ']}"}
        assert (await http.get("/v1/account", headers=read)).json()["accountId"] == "acme"
        refused = await http.post("/v1/orders", json=body(), headers=read)
        assert told(refused) == (403, "PERMISSION_DENIED", "SCOPE_MISSING")
        trade = {"Authorization": f"Bearer {tokens['TRADE']}"}
        assert (await http.post("/v1/orders", json=body(), headers=trade)).status_code == 201


class TestLimits:
    """What is left of an account's limit, and when to come again."""

    @pytest.fixture
    async def limited(self, pool: Pool) -> None:
        await Accounts(pool).limit(DEFAULT_ACCOUNT, OwnLimits(orders_per_minute=1))

    async def test_who_asks_too_often_is_told_when_to_come_again(self, limited: None, http: httpx.AsyncClient) -> None:
        first = await http.post("/v1/orders", json=body())
        assert (first.status_code, first.headers["x-ratelimit-remaining"]) == (201, "0")
        refused = await http.post("/v1/orders", json=body())
        assert told(refused) == (429, "RESOURCE_EXHAUSTED", "RATE_LIMITED")
        assert 30 < int(refused.headers["retry-after"]) <= 61
        assert refused.headers["x-ratelimit-limit"] == "1"
