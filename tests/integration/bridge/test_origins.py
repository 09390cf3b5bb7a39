"""Who may come: the page of the bridge itself, pages that the operator lists, and what is no browser. Nobody else."""

from itertools import product
from urllib.parse import urlsplit

import grpc
import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from fillwire.settings import Settings
from fillwire.v1 import market_service_pb2 as market
from fillwire_bridge.layers.guarding import HEADERS
from fillwire_bridge.serving import running_bridge
from fillwire_bridge.settings import BridgeSettings
from fillwire_server import metrics
from tests.integration.bridge.web import Web

LISTED = "https://app.example"
PLACES = ["/", "/healthz", "/v1/tokens", "/no/such/place"]
FOREIGN = [
    "https://evil.example",
    "null",
    "",
    "http://app.example",
    "https://app.example.evil.example",
    "https://app.example:8443",
    "https://app.example/",
    "https://evil.example, https://app.example",
    "http://localhost",
    "http://127.0.0.1:1",
    "chrome-extension://abc",
]
REBOUND = [
    "evil.example",
    "evil.example:8080",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "localhost.",
    "127.0.0.1:8080:1",
    "128.0.0.1",
    "0.0.0.0",
    "[::]:8080",
    "2130706433",
    "127.1",
    "",
]


@pytest.fixture
def bridge_settings() -> BridgeSettings:
    return BridgeSettings(listen="127.0.0.1:0", origins=frozenset({LISTED}))


def handled() -> float:
    """How many calls have reached the engine."""
    samples = [one for metric in metrics.HANDLED.collect() for one in metric.samples]
    return sum(one.value for one in samples if one.name == "grpc_server_handled_total")


async def test_a_foreign_page_gets_nothing_and_reaches_nothing(http: httpx.AsyncClient) -> None:
    before = handled()
    for origin, place in product(FOREIGN, PLACES):
        answer = await http.get(place, headers={"origin": origin})
        assert (answer.status_code, reason(answer)) == (403, "ORIGIN_FOREIGN"), (origin, place)
        assert "access-control-allow-origin" not in answer.headers
    assert handled() == before


async def test_a_foreign_page_cannot_ask_whether_it_may(http: httpx.AsyncClient) -> None:
    for origin in FOREIGN:
        asked = {"origin": origin, "access-control-request-method": "POST"}
        assert (await http.options("/v1/orders", headers=asked)).status_code == 403, origin


async def test_a_foreign_page_cannot_submit(http: httpx.AsyncClient) -> None:
    before = handled()
    for origin in FOREIGN:
        sent = {"origin": origin, "content-type": "application/grpc-web"}
        answer = await http.post("/fillwire.v1.OrderService/SubmitOrder", content=b"\0\0\0\0\0", headers=sent)
        assert answer.status_code == 403, origin
    assert handled() == before


async def test_a_foreign_page_gets_no_socket(bridge_url: str) -> None:
    for origin in FOREIGN:
        with pytest.raises(InvalidStatus) as refused:
            await socket(bridge_url, origin)
        assert refused.value.response.status_code == 403, origin
        assert b"ORIGIN_FOREIGN" in refused.value.response.body


async def test_two_origins_are_none(bridge_url: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(
            f"{bridge_url}/healthz", headers=[("origin", LISTED), ("origin", "https://evil.example")]
        )
    assert answer.status_code == 403


async def test_the_bridges_own_page_may(http: httpx.AsyncClient, bridge_url: str) -> None:
    answer = await http.get("/v1/tokens", headers={"origin": bridge_url, "sec-fetch-site": "same-origin"})
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
    await socket(bridge_url, bridge_url)


async def test_a_listed_page_may_and_its_browser_is_told_what_it_may_read(
    http: httpx.AsyncClient, bridge_url: str
) -> None:
    heard = await Web(http).ask("MarketService/ListTokens", market.ListTokensRequest(), origin=LISTED)
    assert heard.code == 0
    headers = heard.response.headers
    assert headers["access-control-allow-origin"] == LISTED
    assert "access-control-allow-credentials" not in headers
    assert "origin" in headers["vary"].lower()
    exposed = {name.strip() for name in headers["access-control-expose-headers"].split(",")}
    assert {"grpc-status", "grpc-message", "grpc-status-details-bin", "x-request-id"} <= exposed
    await socket(bridge_url, LISTED)


async def test_a_listed_pages_browser_may_ask_first(http: httpx.AsyncClient) -> None:
    asked = {"origin": LISTED, "access-control-request-method": "POST", "access-control-request-headers": "x-grpc-web"}
    answer = await http.options("/fillwire.v1.MarketService/ListTokens", headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == LISTED
    assert "POST" in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"]
    assert {"authorization", "content-type", "grpc-timeout", "x-grpc-web", "x-user-agent"} <= set(allowed.split(", "))


async def test_what_is_no_browser_may(http: httpx.AsyncClient, bridge_url: str) -> None:
    assert (await http.get("/v1/tokens")).status_code == 200
    await socket(bridge_url, None)


async def test_what_a_foreign_page_has_a_browser_send_without_its_origin_is_refused(http: httpx.AsyncClient) -> None:
    sent = [("POST", "navigate"), ("POST", "no-cors"), ("GET", "no-cors")]
    for (verb, mode), site in product(sent, ["cross-site", "same-site"]):
        answer = await http.request(verb, "/v1/orders", headers={"sec-fetch-site": site, "sec-fetch-mode": mode})
        assert (answer.status_code, reason(answer)) == (403, "ORIGIN_FOREIGN"), (verb, mode, site)


async def test_a_link_from_elsewhere_may_be_followed(http: httpx.AsyncClient) -> None:
    sent = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert (await http.get("/healthz", headers=sent)).status_code == 200


async def test_the_loopback_has_many_names(http: httpx.AsyncClient) -> None:
    for host in ("localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1", "127.9.9.9:80", "[::1]:8080"):
        assert (await http.get("/healthz", headers={"host": host})).status_code == 200, host


async def test_a_name_that_was_made_to_point_here_is_refused(http: httpx.AsyncClient) -> None:
    before = handled()
    for host in REBOUND:
        answer = await http.get("/v1/tokens", headers={"host": host, "origin": f"http://{host}"})
        assert (answer.status_code, reason(answer)) == (421, "HOST_FOREIGN"), host
    assert handled() == before


async def test_a_rebound_name_gets_no_socket(bridge_url: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await socket(bridge_url, "http://evil.example", host="evil.example")
    assert refused.value.response.status_code == 421


async def test_the_host_of_a_listed_origin_is_known(http: httpx.AsyncClient) -> None:
    answer = await http.get("/healthz", headers={"host": "app.example", "origin": LISTED})
    assert answer.status_code == 200


async def test_every_answer_says_what_it_may_not_be_used_for(http: httpx.AsyncClient) -> None:
    for place in PLACES:
        answer = await http.get(place)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, place
        assert "'unsafe" not in answer.headers["content-security-policy"]
        assert len(answer.headers["x-request-id"]) == 32
        assert "server" not in answer.headers


async def test_where_other_machines_reach_it_no_call_goes_without_a_key(engine: str) -> None:
    settings = BridgeSettings(listen="0.0.0.0:0", insecure=True)
    async with running_bridge(settings, Settings(engine)) as port, httpx.AsyncClient(trust_env=False) as http:
        http.base_url = httpx.URL(f"http://127.0.0.1:{port}")
        before = handled()
        heard = await Web(http).ask("MarketService/ListTokens", market.ListTokensRequest(), host="app.example")
        assert (heard.code, heard.reason) == (grpc.StatusCode.UNAUTHENTICATED.value[0], "API_KEY_MISSING")
        assert (await http.get("/v1/tokens")).status_code == 401
        assert handled() == before
        own = {"host": "app.example", "origin": "https://app.example"}  # by the proxy that has the TLS
        assert (await http.get("/healthz", headers=own)).status_code == 200
        assert (await http.get("/healthz", headers=own | {"origin": "https://evil.example"})).status_code == 403


def reason(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["details"][0]["reason"])


async def socket(url: str, origin: str | None, host: str | None = None) -> None:
    """Opens a WebSocket as a page of `origin` would that found the bridge under the name `host`, and closes it."""
    at = urlsplit(url)
    async with connect(
        f"ws://{host or at.netloc}/v1/ws",
        host=at.hostname,
        port=at.port,
        origin=None if origin is None else Origin(origin),
        proxy=None,
    ):
        pass
