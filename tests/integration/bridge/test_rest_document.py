"""Every route answers as the OpenAPI document says: with real answers of a whole engine."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]  # it has none

from fillwire_bridge.rest.table import TABLE

SPEC = {"tokenIn": "SOL", "tokenOut": "USDC", "amountIn": "1000000", "slippageBps": 5000}
LIMIT = {"tokenIn": "SOL", "tokenOut": "USDC", "amountIn": "1000000", "limit": {"limitPrice": "100000"}}
LINES = {"Accept": "application/x-ndjson"}
SWAP = {"token_in": "SOL", "token_out": "USDC", "amount_in": "1500000000"}


class Documented:
    """A client whose every answer is held against the document; remembers which operations it has seen."""

    def __init__(self, http: httpx.AsyncClient, document: dict[str, Any]) -> None:
        self._http = http
        self._document = document
        self._operations = {
            one["operationId"]: (verb, path, one)
            for path, verbs in document["paths"].items()
            for verb, one in verbs.items()
        }
        self.seen: set[str] = set()

    async def ask(self, operation: str, *, expected: int = 200, **options: Any) -> Any:
        """Asks for one answer; `{name}` in the path is taken from `options`."""
        verb, url = self._address(operation, options)
        answer = await self._http.request(verb, url, **options)
        assert answer.status_code == expected, answer.text
        if expected == 204:
            assert "content" not in self._said(operation, expected)
            return None
        self._fits(operation, expected, "application/json", answer.json())
        return answer.json()

    async def lines(self, operation: str, count: int, **options: Any) -> None:
        """Asks for a stream, and reads the first lines."""
        verb, url = self._address(operation, options)
        async with self._http.stream(verb, url, headers=LINES, **options) as answer:
            assert answer.status_code == 200
            async for line in answer.aiter_lines():
                self._fits(operation, 200, "application/x-ndjson", json.loads(line))
                count -= 1
                if not count:
                    break

    def _address(self, operation: str, options: dict[str, Any]) -> tuple[str, str]:
        self.seen.add(operation)
        verb, path, _ = self._operations[operation]
        names = {name: options.pop(name) for name in ("order_id", "webhook_id") if f"{{{name}}}" in path}
        return verb.upper(), path.format(**names)

    def _said(self, operation: str, status: int) -> Any:
        responses = self._operations[operation][2]["responses"]
        said = responses.get(str(status)) or responses[f"{status // 100}XX"]
        return self._document["components"]["responses"][said["$ref"].rpartition("/")[2]] if "$ref" in said else said

    def _fits(self, operation: str, status: int, media_type: str, value: Any) -> None:
        schema = self._said(operation, status)["content"][media_type]["schema"]
        whole = _closed({**schema, "components": self._document["components"]})
        Draft202012Validator(whole, format_checker=FormatChecker()).validate(value)


def _closed(schema: Any) -> Any:
    """The same, but that no message has fields beside those it names: what an answer has is to be described."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(one) for name, one in schema.items()}
    is_message = isinstance(schema.get("properties"), dict) and "@type" not in schema["properties"]
    return {**closed, "additionalProperties": False} if is_message else closed


@pytest.fixture
async def documented(system_bridge_url: str) -> AsyncIterator[Documented]:
    async with httpx.AsyncClient(base_url=system_bridge_url, timeout=30, trust_env=False) as http:
        yield Documented(http, (await http.get("/v1/openapi.json")).json())


async def test_every_route_answers_as_it_is_described(documented: Documented) -> None:
    await _orders(documented)
    await _resting(documented)
    await _market(documented)
    await _webhooks(documented)
    assert documented.seen == {row.operation for row in TABLE}


async def _orders(api: Documented) -> None:
    placed = (await api.ask("submitOrder", expected=201, json={"spec": SPEC}))["order"]
    order_id = placed["orderId"]
    await api.ask("submitOrder", json={"spec": SPEC, "requestId": placed["requestId"]})
    await api.ask("submitOrder", json={"spec": SPEC, "validateOnly": True})
    await api.lines("watchOrder", 6, order_id=order_id)
    await api.ask("watchOrder", order_id=order_id, expected=204, headers={"Last-Event-ID": "5"})
    await api.lines("submitAndWatchOrder", 6, json={"order": {"spec": SPEC}})
    await api.lines("watchOrders", 5, params={"from_start": "true"})
    executed = await api.ask("getOrder", order_id=order_id)
    assert executed["order"]["receipt"]["cost"]
    await api.ask("lookupOrder", params={"request_id": placed["requestId"]})
    await api.ask("listOrders", params={"page_size": "1"})
    assert (await api.ask("explainOrder", order_id=order_id))["attempts"]
    assert (await api.ask("reportExecution"))["totals"]


async def _resting(api: Documented) -> None:
    order_id = (await api.ask("submitOrder", expected=201, json={"spec": LIMIT}))["order"]["orderId"]
    changed = {"spec": {**LIMIT, "amountIn": "7"}}
    await api.ask("replaceOrder", order_id=order_id, json=changed, headers={"If-Match": '"2"'})
    await api.ask("replaceOrder", order_id=order_id, json=changed, headers={"If-Match": '"2"'}, expected=412)
    await api.ask("cancelOrder", order_id=order_id)
    await api.ask("cancelAllOrders", json={"types": ["ORDER_TYPE_TWAP"]})
    await api.ask("cancelAllOrdersAfter", json={"timeout": "60s"})
    await api.ask("getAccount")
    await api.ask("cancelAllOrdersAfter", json={"timeout": "0s"})
    await api.ask("getOrder", order_id="nonsense", expected=404)
    await api.ask("submitOrder", json={}, expected=400)


async def _market(api: Documented) -> None:
    await api.ask("getQuote", params=SWAP)
    await api.ask("getQuote", params={"token_in": "SOL", "token_out": "USDC", "amount_out": "10000000"})
    await api.lines("streamQuotes", 1, params=SWAP)
    await api.lines("watchPrices", 3)
    await api.ask("listTokens")
    await api.ask("listVenues")
    assert (await api.ask("listPools", params={"token_a": "SOL"}))["pools"]


async def _webhooks(api: Documented) -> None:
    asked = {"url": "https://example.com/hook", "statuses": ["ORDER_STATUS_CONFIRMED"]}
    webhook_id = (await api.ask("createWebhook", expected=201, json=asked))["webhook"]["webhookId"]
    assert (await api.ask("listWebhooks"))["webhooks"]
    changed = await api.ask("updateWebhook", webhook_id=webhook_id, json={"enabled": False, "rotateSecret": True})
    assert changed["secret"]
    await api.ask("deleteWebhook", webhook_id=webhook_id, expected=204)
    await api.ask("deleteWebhook", webhook_id=webhook_id, expected=404)
