"""What no well-meaning client sends: each is refused for what it is, and nothing breaks."""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import structlog

from tests.integration.bridge.test_rest import SPEC, fields, told

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def bridge_url(system_bridge_url: str) -> str:
    """None of these needs an engine for itself."""
    return system_bridge_url


def spec(**changes: Any) -> bytes:
    return json.dumps({"spec": {**SPEC, **changes}}).encode()


async def newest(http: httpx.AsyncClient) -> list[str]:
    """The ids of the orders stored last, the newest first; other tests have stored some."""
    return [order["orderId"] for order in (await http.get("/v1/orders")).json().get("orders", [])]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"{", ""),
        (b"null", ""),
        (b"[]", ""),
        (b'"spec"', ""),
        (b"7", ""),
        (b"{}{}", ""),
        (b"{'spec': {}}", ""),
        (b'{"spec": {},}', ""),
        (b"\xef\xbb\xbf{}", ""),
        ('{"spec": {"tokenIn": "SÖL"}}'.encode("latin-1"), ""),
        (b'{"spec": {}}'.decode().encode("utf-16"), ""),
        (b'{"spec": {"slippageBps": NaN}}', ""),
        (b'{"spec": {"slippageBps": -Infinity}}', ""),
        (b'{"spec": {"slippageBps": 1e999}}', "spec.slippage_bps"),
        (b'{"spec": {"slippageBps": ' + b"9" * 5000 + b"}}", ""),
        (b'{"spec": {"slippageBps": 1.5}}', "spec.slippage_bps"),
        (b'{"spec": {"slippageBps": "5 "}}', "spec.slippage_bps"),
        (b'{"spec": {"slippageBps": "\xd9\xa1"}}', "spec.slippage_bps"),
        (b'{"spec": {"slippageBps": true}}', "spec.slippage_bps"),
        (b"[" * 30_000 + b"]" * 30_000, ""),
        (b'{"spec":' * 5_000 + b"1" + b"}" * 5_000, ""),
        (b'{"spec": {}, "spec": {}}', "spec"),
        (b'{"validateOnly": true, "validate_only": false}', "validate_only"),
        (b'{"__proto__": {"polluted": true}}', "__proto__"),
        (b'{"constructor": {}}', "constructor"),
        (b'{"spec": {"__class__": 1}}', "spec.__class__"),
        (b'{"spec": []}', "spec"),
        (b'{"spec": "SOL"}', "spec"),
        (b'{"requestId": 7}', "request_id"),
        (b'{"requestId": "\\ud800"}', "request_id"),
        (b'{"requestId": {"$ne": 1}}', "request_id"),
        (b'{"validateOnly": "true"}', "validate_only"),
        (b'{"validateOnly": 1}', "validate_only"),
        (spec(amountIn=1500), "spec.amount_in"),
        (spec(amountOut="1"), "spec.amount_out"),
        (spec(timeInForce="GTC"), "spec.time_in_force"),
        (spec(timeInForce=[]), "spec.time_in_force"),
        (spec(deadline="tomorrow"), "spec.deadline"),
        (spec(deadline=7), "spec.deadline"),
        (spec(deadline="9999999-01-01T00:00:00Z"), "spec.deadline"),
        (spec(twap={"slices": 2, "interval": "NaNs"}), "spec.twap.interval"),
        (spec(twap={"slices": 2, "interval": "1e3s"}), "spec.twap.interval"),
        (spec(routing={"includeVenues": "raydium_cpmm"}), "spec.routing.include_venues"),
        (spec(routing={"includeVenues": [None]}), "spec.routing.include_venues[0]"),
        (spec(limit={"limitPrice": "1", "banana": 1}), "spec.limit.banana"),
    ],
    ids=lambda value: value[:40].decode("latin-1") if isinstance(value, bytes) else None,
)
async def test_a_body_that_is_none_is_refused_and_named(http: httpx.AsyncClient, content: bytes, field: str) -> None:
    before = await newest(http)
    with structlog.testing.capture_logs() as logs:
        refused = await http.post("/v1/orders", content=content, headers=JSON)
    assert told(refused) == (400, "INVALID_ARGUMENT", "INVALID_REQUEST")
    assert fields(refused) == [field]
    assert not [line for line in logs if line["log_level"] in {"error", "critical"}]
    assert await newest(http) == before


@pytest.mark.parametrize("name", ["\ud800", "\x00", "a" * 30_000, "\u202e", "<script>", "💥"])
async def test_a_field_of_any_name_is_refused(http: httpx.AsyncClient, name: str) -> None:
    for content in (json.dumps({name: 1}), f"{{{json.dumps(name)}: 1, {json.dumps(name)}: 2}}"):
        refused = await http.post("/v1/orders", content=content, headers=JSON)
        assert told(refused) == (400, "INVALID_ARGUMENT", "INVALID_REQUEST")
        assert len(refused.content) < 2000


@pytest.mark.parametrize(
    ("amount", "rule"),
    [("-5", "sign"), ("0", "1 to"), ("1e30", "digits"), ("0x10", "digits"), ("١٢", "digits"), ("", "given")],
)
async def test_an_amount_that_is_none_is_refused_by_the_engine(http: httpx.AsyncClient, amount: str, rule: str) -> None:
    refused = await http.post("/v1/orders", content=spec(amountIn=amount), headers=JSON)
    assert (refused.status_code, fields(refused)) == (400, ["spec.amount_in"])


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/jsonp",
        "text/plain; application/json",
        "application/json-patch+json",
        "",
        "application/json, text/plain",
    ],
)
async def test_a_body_of_another_type_is_refused_even_where_it_is_empty(http: httpx.AsyncClient, kind: str) -> None:
    for path in ("/v1/orders", "/v1/orders:cancelAll", "/v1/webhooks"):
        for content in (spec(), b""):
            refused = await http.post(path, content=content, headers={"Content-Type": kind})
            assert told(refused) == (415, "INVALID_ARGUMENT", "UNSUPPORTED_MEDIA_TYPE")


async def test_a_body_without_a_type_is_refused(http: httpx.AsyncClient) -> None:
    refused = await http.post("/v1/orders:cancelAll", content=b"{}")
    assert told(refused) == (415, "INVALID_ARGUMENT", "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "kind",
    ["application/json", "Application/JSON", "application/json; charset=utf-8", 'application/json;charset="UTF-8"'],
)
async def test_json_by_any_of_its_names_is_taken(http: httpx.AsyncClient, kind: str) -> None:
    taken = await http.post("/v1/orders", content=spec(), headers={"Content-Type": kind})
    assert taken.status_code == 201


async def test_a_body_that_is_too_large_is_refused_however_it_is_sent(http: httpx.AsyncClient) -> None:
    large = spec(clientOrderId="x" * 64 * 1024)

    async def pieces() -> Any:
        for at in range(0, len(large), 1000):
            yield large[at : at + 1000]

    for content in (large, pieces()):
        refused = await http.post("/v1/orders", content=content, headers=JSON)
        assert told(refused) == (413, "RESOURCE_EXHAUSTED", "BODY_TOO_LARGE")
    assert (await http.get("/v1/account")).status_code == 200


async def test_a_body_on_a_get_changes_nothing(http: httpx.AsyncClient) -> None:
    answer = await http.request("GET", "/v1/tokens", content=b"x" * 1000, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 200


async def test_a_page_of_another_site_is_refused(http: httpx.AsyncClient) -> None:
    headers = {"Origin": "https://evil.example", **JSON}
    assert (await http.post("/v1/orders", content=spec(), headers=headers)).status_code == 403
    assert (await http.get("/v1/orders", headers=headers)).status_code == 403


@pytest.mark.parametrize(
    "line",
    [
        b"GET /v1/orders?%zz HTTP/1.1",
        b"GET /v1/orders?a=%00 HTTP/1.1",
        b"GET /v1/orders/%ff%fe HTTP/1.1",
        b"GET /v1/orders/..%2f..%2fetc%2fpasswd HTTP/1.1",
        b"GET /v1/orders/" + b"a" * 5000 + b" HTTP/1.1",
        b"GET /v1/orders?" + b"a=1&" * 5000 + b" HTTP/1.1",
        b"GET //v1//orders HTTP/1.1",
        b"GET /v1/orders#fragment HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
        b"BANANA /v1/orders HTTP/1.1",
        b"TRACE /v1/orders HTTP/1.1",
        b"GET /v1/orders\xff HTTP/1.1",
    ],
    ids=lambda line: line[:30].decode("latin-1"),
)
async def test_any_line_is_answered_and_none_is_a_fault_of_ours(bridge_url: str, line: bytes) -> None:
    address = urlsplit(bridge_url)
    with structlog.testing.capture_logs() as logs:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        async with asyncio.timeout(10):
            answer = await reader.read()
        writer.close()
    assert answer.startswith(b"HTTP/1.1 ")
    assert int(answer.split()[1]) < 500
    assert not [line for line in logs if line["log_level"] in {"error", "critical"}]


async def test_header_values_that_are_not_ascii_do_no_harm(http: httpx.AsyncClient) -> None:
    for name in (b"Idempotency-Key", b"X-Request-Id", b"Accept"):
        answer = await http.post("/v1/orders", content=spec(), headers=[(name, b"\xe9\xff"), *_raw(JSON)])
        assert answer.status_code in {201, 400}
    answer = await http.get("/v1/events", headers=[(b"Last-Event-ID", b"\xe9")])
    assert answer.status_code == 400


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
