"""The table of routes, and the requests that queries, paths and headers stand for."""

from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from starlette.datastructures import Headers

from fillwire_bridge.contract import METHODS
from fillwire_bridge.faults import Faults
from fillwire_bridge.rest import requests
from fillwire_bridge.rest.queries import parameters
from fillwire_bridge.rest.table import TABLE, Row
from fillwire_bridge.statuses import Malformed

ROWS = {row.operation: row for row in TABLE}


def request(
    operation: str, query: str = "", *, body: object = None, path: Any = None, headers: dict[str, str] | None = None
) -> Message:
    row, faults, given = ROWS[operation], Faults(), Headers(headers or {})
    made = requests.request(row, parameters(row), faults, body=body or {}, query=query, path=path or {}, headers=given)
    requests.timeout(given, faults)
    faults.check()
    return made


def said(*arguments: Any, **options: Any) -> dict[str, Any]:
    return MessageToDict(request(*arguments, **options))


def test_every_method_of_the_contract_has_a_route() -> None:
    assert {row.method.name for row in TABLE} == {name for name in METHODS if not name.startswith("Health/")}


def test_no_two_rows_are_the_same() -> None:
    assert len({(row.verb, row.path) for row in TABLE}) == len(TABLE) == len(ROWS)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.operation)
def test_a_row_names_fields_that_there_are(row: Row) -> None:
    fields = row.method.request.DESCRIPTOR.fields_by_name
    for name in (*row.headers.values(), *row.defaults, *filter(None, [row.lifted])):
        assert name.split(".")[0] in fields


def test_only_what_changes_something_takes_a_body() -> None:
    reading = {row.operation for row in TABLE if not row.has_body}
    assert all(
        name.startswith(("get", "list", "lookup", "watch", "stream", "explain", "report"))
        for name in reading - {"deleteWebhook"}
    )


def test_a_parameter_has_both_spellings() -> None:
    for query in ("token_in=SOL&client_order_id=a", "tokenIn=SOL&clientOrderId=a"):
        assert said("listOrders", query) == {"tokenIn": "SOL", "clientOrderId": "a"}


def test_what_is_repeated_is_a_list_and_an_enum_needs_no_prefix() -> None:
    query = "statuses=CONFIRMED&statuses=ORDER_STATUS_FAILED&types=TWAP"
    assert said("listOrders", query) == {
        "statuses": ["ORDER_STATUS_CONFIRMED", "ORDER_STATUS_FAILED"],
        "types": ["ORDER_TYPE_TWAP"],
    }


def test_a_field_of_a_field_is_named_with_a_dot() -> None:
    query = "routing.max_legs=2&routing.include_venues=a&routing.includeVenues=b"
    assert said("getQuote", query) == {"routing": {"maxLegs": 2, "includeVenues": ["a", "b"]}}


def test_what_a_stream_of_quotes_asks_for_is_named_as_for_a_quote() -> None:
    query = "token_in=SOL&amount_in=5&routing.max_legs=2&min_interval=0.5s"
    assert said("streamQuotes", query) == {
        "request": {"tokenIn": "SOL", "amountIn": "5", "routing": {"maxLegs": 2}},
        "minInterval": "0.500s",
    }


def test_text_becomes_what_its_field_is() -> None:
    query = "terminal_only=true&heartbeat_interval=2s&from_start=false&cursor=a%20b"
    assert said("watchOrders", query) == {"terminalOnly": True, "heartbeatInterval": "2s", "cursor": "a b"}


@pytest.mark.parametrize(
    ("operation", "query", "field"),
    [
        ("listOrders", "banana=1", "banana"),
        ("listOrders", "page_size=1&page_size=2", "page_size"),
        ("listOrders", "page_size=", "page_size"),
        ("listOrders", "page_size=1.5", "page_size"),
        ("listOrders", "page_size=99999999999", "page_size"),
        ("listOrders", "page_size=%D9%A1", "page_size"),
        ("listOrders", "create_time_from=2026-13-01T00:00:00Z", "create_time_from"),
        ("listOrders", "statuses=confirmed", "statuses[0]"),
        ("watchOrders", "from_start=yes", "from_start"),
        ("watchOrders", "heartbeat_interval=2", "heartbeat_interval"),
        ("getQuote", "amount_in=1&amount_out=1", "amount_out"),
        ("getQuote", "routing=x", "routing"),
        ("getQuote", "routing.max_legs=-1", "routing.max_legs"),
        ("streamQuotes", "request.token_in=SOL", "request.token_in"),
        ("submitOrder", "validate_only=true", "validate_only"),
        ("getOrder", "request_id=x", "request_id"),
        ("watchOrder", "order_id=x", "order_id"),
        ("listTokens", "x" * 1000 + "=1", "x" * 64),
    ],
)
def test_a_wrong_parameter_is_named(operation: str, query: str, field: str) -> None:
    assert bad_fields(operation, query) == [field]


def bad_fields(*arguments: Any, **options: Any) -> list[str]:
    with pytest.raises(Malformed) as raised:
        request(*arguments, **options)
    return [one.field for one in raised.value.violations]


def test_every_wrong_parameter_is_named_at_once() -> None:
    query = "banana=1&page_size=2&token_in=SOL&pageSize=3&statuses=PENDING&statuses=never&page_token=a&apple="
    assert bad_fields("listOrders", query) == ["banana", "page_size", "apple", "statuses[1]"]


def test_what_is_wrong_with_query_body_path_and_headers_is_told_together() -> None:
    named = bad_fields(
        "replaceOrder",
        "page=1",
        body={"spec": {"amountIn": 5}, "orderId": "a", "requestId": "x", "why": ""},
        path={"order_id": "b"},
        headers={"if-match": "new", "idempotency-key": "y", "request-timeout": "soon"},
    )
    assert named == ["page", "spec.amount_in", "why", "order_id", "If-Match", "request_id", "Request-Timeout"]


def test_the_path_gives_its_fields_and_a_body_may_only_repeat_them() -> None:
    path = {"webhook_id": "w1"}
    assert said("updateWebhook", body={"enabled": True}, path=path) == {"webhookId": "w1", "enabled": True}
    assert said("updateWebhook", body={"webhookId": "w1"}, path=path) == {"webhookId": "w1"}
    with pytest.raises(Malformed, match="webhook_id: differs from the path"):
        request("updateWebhook", body={"webhookId": "w2"}, path=path)


@pytest.mark.parametrize("text", ["8", '"8"', 'W/"8"'])
def test_a_condition_is_read_with_or_without_its_quotes(text: str) -> None:
    assert said("replaceOrder", headers={"If-Match": text})["ifLastSeq"] == "8"


def test_any_version_is_no_condition() -> None:
    assert said("replaceOrder", headers={"If-Match": "*"}) == {}


def test_a_key_in_a_header_is_that_of_the_order() -> None:
    assert said("submitOrder", headers={"idempotency-key": "k"}) == {"requestId": "k"}
    assert said("submitAndWatchOrder", headers={"idempotency-key": "k"}) == {"order": {"requestId": "k"}}
    with pytest.raises(Malformed, match="differs from the header Idempotency-Key"):
        request("submitOrder", body={"requestId": "other"}, headers={"idempotency-key": "k"})


def test_a_watch_begins_at_the_first_event_unless_it_is_told_where() -> None:
    assert said("watchOrder")["afterSeq"] == "0"
    assert said("watchOrder", "after_seq=3")["afterSeq"] == "3"
    assert said("watchOrder", "after_seq=3", headers={"last-event-id": "5"})["afterSeq"] == "5"
    assert said("watchOrders", "cursor=a", headers={"last-event-id": "b"})["cursor"] == "b"


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "9" * 19])
def test_a_place_that_is_none_names_its_header(text: str) -> None:
    assert bad_fields("watchOrder", headers={"last-event-id": text}) == ["Last-Event-ID"]
