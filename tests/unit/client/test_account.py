"""The account, its webhooks, its executions, and orders bound to quotes: what is asked and what is made of it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import grpc
import pytest

import fillwire
from fillwire import Kind, Scope, Status
from fillwire.v1 import account_service_pb2, market_service_pb2, order_service_pb2
from tests.unit.client.messages import (
    ACCEPTED,
    ACCOUNTS,
    MARKET,
    ORDER_ID,
    ORDERS,
    cost,
    order,
    quote,
    timestamp,
)
from tests.unit.client.wires import Wires

STORED = order_service_pb2.SubmitOrderResponse(order=order())


@pytest.fixture
def wires() -> Wires:
    return Wires()


def webhook(**changes: Any) -> account_service_pb2.Webhook:
    fields: dict[str, Any] = {
        "webhook_id": "w1",
        "url": "https://here.example/hook",
        "statuses": [8, 9],
        "enabled": True,
        "cursor": "c",
        "create_time": timestamp(ACCEPTED),
    }
    return account_service_pb2.Webhook(**(fields | changes))


def test_an_account_tells_what_the_token_allows(wires: Wires) -> None:
    asking = wires.begin(wires.client.account)
    scopes: Any = [1, 2, 99]
    answer = account_service_pb2.GetAccountResponse(
        account_id="desk", key_id="k1", scopes=scopes, orders_per_minute=100, cancel_time=timestamp(ACCEPTED)
    )
    wires.answer(ACCOUNTS, "GetAccount", answer)
    assert asking.result() == fillwire.Account(
        account_id="desk",
        key_id="k1",
        scopes=(Scope.READ, Scope.TRADE, Scope.UNKNOWN),
        expire_time=None,
        orders_per_minute=100,
        max_open_orders=None,
        max_streams=None,
        cancel_time=ACCEPTED,
    )


def test_a_webhook_is_made_and_its_secret_is_not_shown_by_accident(wires: Wires) -> None:
    making = wires.begin(
        lambda: wires.client.create_webhook("https://here.example/hook", statuses=[Status.CONFIRMED, Status.FAILED])
    )
    answer = account_service_pb2.CreateWebhookResponse(webhook=webhook(), secret="whsec_c2VjcmV0")
    request = wires.answer(ACCOUNTS, "CreateWebhook", answer)
    assert (request.url, list(request.statuses), request.cursor) == ("https://here.example/hook", [8, 9], "")
    made: fillwire.Webhook = making.result()
    assert (made.secret, made.statuses, made.create_time) == (
        "whsec_c2VjcmV0",
        (Status.CONFIRMED, Status.FAILED),
        ACCEPTED,
    )
    assert "whsec" not in repr(made)


def test_a_webhook_is_never_made_twice(wires: Wires) -> None:
    making = wires.begin(lambda: wires.client.create_webhook("https://here.example/hook"))
    wires.refuse(ACCOUNTS, "CreateWebhook", grpc.StatusCode.UNAVAILABLE)
    with pytest.raises(fillwire.Unavailable):
        making.result()


def test_webhooks_are_listed_changed_and_ended(wires: Wires) -> None:
    asking = wires.begin(wires.client.webhooks)
    trouble = webhook(failures=3, last_error="500", retry_time=timestamp(ACCEPTED))
    wires.answer(ACCOUNTS, "ListWebhooks", account_service_pb2.ListWebhooksResponse(webhooks=[trouble]))
    (found,) = asking.result()
    assert (found.failures, found.last_error, found.retry_time, found.secret) == (3, "500", ACCEPTED, "")

    changing = wires.begin(lambda: wires.client.update_webhook(found, enabled=False, rotate_secret=True))
    answer = account_service_pb2.UpdateWebhookResponse(webhook=webhook(enabled=False), secret="whsec_bmV3")
    request = wires.answer(ACCOUNTS, "UpdateWebhook", answer)
    assert (request.webhook_id, request.HasField("url"), request.HasField("cursor")) == ("w1", False, False)
    assert (request.enabled, request.HasField("enabled"), request.rotate_secret) == (False, True, True)
    changed: fillwire.Webhook = changing.result()
    assert (changed.enabled, changed.secret) == (False, "whsec_bmV3")


def test_a_webhook_is_ended_by_its_id(wires: Wires) -> None:
    ending = wires.begin(lambda: wires.client.delete_webhook("w1"))
    assert wires.answer(ACCOUNTS, "DeleteWebhook", account_service_pb2.DeleteWebhookResponse()).webhook_id == "w1"
    assert ending.result() is None


def test_executions_are_summed_up_by_day_pair_and_venue(wires: Wires) -> None:
    asking = wires.begin(lambda: wires.client.report_execution(confirm_time_from=ACCEPTED, token_in="SOL"))
    row = order_service_pb2.ReportExecutionResponse.Row(
        day="2026-11-21", token_in="SOL", token_out="USDC", orders=7, amount_in="1500000000", amount_out="240000000"
    )
    total = order_service_pb2.ReportExecutionResponse.Row()
    total.CopyFrom(row)
    total.cost.CopyFrom(cost(second_best_amount=""))
    total.mean_time.FromMilliseconds(900)
    row.venue = "raydium_cpmm"
    request = wires.answer(
        ORDERS, "ReportExecution", order_service_pb2.ReportExecutionResponse(rows=[row], totals=[total])
    )
    assert (request.token_in, request.confirm_time_from.ToDatetime(dt.UTC)) == ("SOL", ACCEPTED)
    report: fillwire.ExecutionReport = asking.result()
    (by_venue,), (whole,) = report.rows, report.totals
    assert (by_venue.day, by_venue.venue, by_venue.orders, str(by_venue.amount_out)) == (
        dt.date(2026, 11, 21),
        "raydium_cpmm",
        7,
        "240 USDC",
    )
    assert (by_venue.cost, by_venue.mean_time, whole.venue) == (None, None, "")
    assert whole.cost is not None
    assert (whole.cost.total_bps, whole.mean_time) == (13.54, dt.timedelta(milliseconds=900))


def asked_quote(wires: Wires, quote_id: str) -> fillwire.Quote:
    asking = wires.begin(lambda: wires.client.quote("SOL", "USDC", "1.5"))
    answer = market_service_pb2.GetQuoteResponse(quote=quote())
    answer.quote.quote_id = quote_id
    wires.answer(MARKET, "GetQuote", answer)
    found: fillwire.Quote = asking.result()
    return found


def test_a_submit_is_bound_to_the_quote_it_is_given(wires: Wires) -> None:
    found = asked_quote(wires, "q-1")
    submitting = wires.begin(lambda: wires.client.submit("SOL", "USDC", "1.5", slippage_bps=5, quote=found))
    assert wires.answer(ORDERS, "SubmitOrder", STORED).spec.quote_id == "q-1"
    submitting.result()
    with pytest.raises(TypeError, match="one of them"):
        wires.client.submit("SOL", "USDC", "1.5", slippage_bps=5, quote=found, quote_id="q-1")


def test_a_quote_without_an_id_binds_nothing(wires: Wires) -> None:
    found = asked_quote(wires, "")
    with pytest.raises(fillwire.InvalidRequest, match="cannot be bound"):
        wires.client.submit("SOL", "USDC", "1.5", slippage_bps=5, quote=found)


def test_a_preview_stores_nothing(wires: Wires) -> None:
    limit = fillwire.Limit(Decimal(170))
    asking = wires.begin(lambda: wires.client.preview("SOL", "USDC", amount_out="240", type=limit))
    answer = order_service_pb2.SubmitOrderResponse(order=order(order_id=""))
    request = wires.answer(ORDERS, "SubmitOrder", answer)
    assert (request.validate_only, request.spec.amount_out, request.spec.limit.limit_price) == (
        True,
        "240000000",
        "170",
    )
    assert asking.result().order_id == ""


def test_an_order_is_found_by_the_clients_own_reference(wires: Wires) -> None:
    asking = wires.begin(lambda: wires.client.get(client_order_id="mine"))
    request = wires.answer(ORDERS, "GetOrder", order_service_pb2.GetOrderResponse(order=order()))
    assert (request.WhichOneof("key"), request.client_order_id) == ("client_order_id", "mine")
    assert asking.result().order_id == ORDER_ID


def test_orders_are_listed_by_type_and_by_parent(wires: Wires) -> None:
    empty = order_service_pb2.ListOrdersResponse()
    listing = wires.begin(lambda: list(wires.client.orders(types=[Kind.TWAP, Kind.STOP])))
    assert list(wires.answer(ORDERS, "ListOrders", empty).types) == [7, 3]
    assert listing.result() == []
    listing = wires.begin(lambda: list(wires.client.children(ORDER_ID)))
    assert wires.answer(ORDERS, "ListOrders", empty).parent_order_id == ORDER_ID
    assert listing.result() == []
