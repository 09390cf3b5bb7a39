"""The synchronous client: what it asks, what it asks again, and what it makes of the answers."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import grpc
import pytest

import fillwire
from fillwire.v1 import market_service_pb2, order_service_pb2
from tests.unit.client import messages
from tests.unit.client.messages import ACCEPTED, MARKET, ORDER_ID, ORDERS, REQUEST_ID, info, order, retry_info
from tests.unit.client.wires import Wires

STORED = order_service_pb2.SubmitOrderResponse(order=order())


@pytest.fixture
def wires() -> Wires:
    return Wires()


def submit(wires: Wires, **terms: Any) -> fillwire.Order:
    return wires.client.submit("SOL", "USDC", "1.5", slippage_bps=50, **terms)


def test_a_submit_sends_smallest_units_and_returns_the_order_both_ways(wires: Wires) -> None:
    submitting = wires.begin(lambda: submit(wires, min_amount_out="230.5", client_order_id="mine"))
    request = wires.answer(ORDERS, "SubmitOrder", STORED)
    assert (request.spec.amount_in, request.spec.min_amount_out) == ("1500000000", "230500000")
    assert (request.spec.slippage_bps, request.spec.client_order_id) == (50, "mine")
    stored: fillwire.Order = submitting.result()
    assert stored.spec.amount_in == fillwire.Amount("SOL", 1_500_000_000, 9)
    assert (stored.order_id, stored.status, stored.create_time) == (ORDER_ID, fillwire.Status.PENDING, ACCEPTED)


def test_each_submit_has_a_request_id_of_its_own(wires: Wires) -> None:
    ids = set()
    for _ in range(2):
        submitting = wires.begin(lambda: submit(wires))
        ids.add(UUID(wires.answer(ORDERS, "SubmitOrder", STORED).request_id))
        submitting.result()
    assert len(ids) == 2


def test_a_retried_submit_repeats_its_request_id(wires: Wires) -> None:
    submitting = wires.begin(lambda: submit(wires))
    first = wires.refuse(ORDERS, "SubmitOrder", grpc.StatusCode.UNAVAILABLE)
    second = wires.refuse(ORDERS, "SubmitOrder", grpc.StatusCode.DEADLINE_EXCEEDED)
    third = wires.answer(ORDERS, "SubmitOrder", STORED)
    submitting.result()
    assert first == second == third
    assert wires.clock.slept == [pytest.approx(0.1), pytest.approx(0.2)]


def test_retries_end_with_the_error_itself(wires: Wires) -> None:
    submitting = wires.begin(lambda: submit(wires))
    for _ in range(3):
        wires.refuse(ORDERS, "SubmitOrder", grpc.StatusCode.UNAVAILABLE)
    with pytest.raises(fillwire.Unavailable):
        submitting.result()


def test_the_pause_the_engine_asks_for_is_kept(wires: Wires) -> None:
    asking = wires.begin(lambda: wires.client.get(ORDER_ID))
    wires.refuse(ORDERS, "GetOrder", grpc.StatusCode.UNAVAILABLE, "no", info("STORE_UNAVAILABLE"), retry_info(1.0))
    wires.answer(ORDERS, "GetOrder", order_service_pb2.GetOrderResponse(order=order()))
    asking.result()
    assert wires.clock.slept == [1.0]


def test_a_request_id_of_the_callers_own_is_kept_and_the_answer_tells_of_the_earlier_order(wires: Wires) -> None:
    submitting = wires.begin(lambda: submit(wires, request_id=REQUEST_ID))
    again = order_service_pb2.SubmitOrderResponse(order=order("CONFIRMED", 5), deduplicated=True)
    assert wires.answer(ORDERS, "SubmitOrder", again).request_id == REQUEST_ID
    stored: fillwire.Order = submitting.result()
    assert (stored.deduplicated, stored.status) == (True, fillwire.Status.CONFIRMED)


def test_a_copy_with_options_shares_the_connection_and_changes_only_them(wires: Wires) -> None:
    impatient = wires.client.with_options(max_retries=0)
    asking = wires.begin(lambda: impatient.get(ORDER_ID))
    wires.refuse(ORDERS, "GetOrder", grpc.StatusCode.UNAVAILABLE)
    with pytest.raises(fillwire.Unavailable):
        asking.result()


def test_every_call_carries_the_token(wires: Wires) -> None:
    asking = wires.begin(wires.client.venues)
    metadata, _, call = wires.take(MARKET, "ListVenues")
    call.terminate(market_service_pb2.ListVenuesResponse(), (), grpc.StatusCode.OK, "")
    asking.result()
    assert ("authorization", "Bearer 5ecret") in metadata


def test_every_bad_field_is_named_before_anything_is_sent(wires: Wires) -> None:
    submitting = wires.begin(
        lambda: wires.client.submit(
            "SOL",
            "DOGE",
            "1.0000000001",
            slippage_bps=-1,
            deadline=datetime(2030, 1, 1),  # noqa: DTZ001  naive on purpose
        )
    )
    wires.answer(MARKET, "ListTokens", messages.TOKENS)
    with pytest.raises(fillwire.InvalidRequest) as caught:
        submitting.result()
    assert [violation.field for violation in caught.value.violations] == [
        "spec.token_out",
        "spec.slippage_bps",
        "spec.deadline",
        "spec.amount_in",
    ]
    assert "at most 9 digits" in caught.value.violations[-1].description


def test_a_float_is_refused_wherever_an_amount_or_a_price_stands(wires: Wires) -> None:
    amount: Any = 1.5
    with pytest.raises(TypeError, match="never a float"):
        wires.client.submit("SOL", "USDC", amount, slippage_bps=50)
    with pytest.raises(TypeError, match="never a float"):
        wires.client.submit("SOL", "USDC", "1.5", min_amount_out=amount)
    with pytest.raises(TypeError, match="never a float"):
        wires.client.submit("SOL", "USDC", "1.5", slippage_bps=5, type=fillwire.Limit(amount))
    with pytest.raises(TypeError, match="never a float"):
        wires.client.quote("SOL", "USDC", amount)


def test_a_misspelt_keyword_is_a_type_error(wires: Wires) -> None:
    misspelt: Any = {"slipage_bps": 50}
    with pytest.raises(TypeError, match="slipage_bps"):
        wires.client.submit("SOL", "USDC", "1.5", **misspelt)
    with pytest.raises(TypeError, match="slipage_bps"):
        wires.client.quote("SOL", "USDC", "1.5", **misspelt)
    with pytest.raises(TypeError, match="slipage_bps"):
        wires.client.list_page(**misspelt)


def test_get_asks_by_the_id_it_is_given(wires: Wires) -> None:
    answer = order_service_pb2.GetOrderResponse(order=order())
    asking = wires.begin(lambda: wires.client.get(ORDER_ID))
    assert wires.answer(ORDERS, "GetOrder", answer).order_id == ORDER_ID
    asking.result()
    asking = wires.begin(lambda: wires.client.get(request_id=REQUEST_ID))
    assert wires.answer(ORDERS, "GetOrder", answer).WhichOneof("key") == "request_id"
    asking.result()
    with pytest.raises(TypeError, match="one of them"):
        wires.client.get()


def test_orders_fetches_page_after_page_with_the_same_filters(wires: Wires) -> None:
    listing = wires.begin(lambda: list(wires.client.orders(page_size=2, statuses=[fillwire.Status.FAILED])))
    two = order_service_pb2.ListOrdersResponse(orders=[order(), order()], next_page_token="more")
    first = wires.answer(ORDERS, "ListOrders", two)
    second = wires.answer(ORDERS, "ListOrders", order_service_pb2.ListOrdersResponse(orders=[order()]))
    assert len(listing.result()) == 3
    assert (first.page_token, second.page_token) == ("", "more")
    assert list(first.statuses) == list(second.statuses) == [9]
    assert first.page_size == second.page_size == 2


def test_a_page_shows_how_to_get_the_next(wires: Wires) -> None:
    listing = wires.begin(lambda: wires.client.list_page(page_token="here", create_time_from=ACCEPTED))
    answer = order_service_pb2.ListOrdersResponse(orders=[order()], next_page_token="there")
    request = wires.answer(ORDERS, "ListOrders", answer)
    assert (request.page_token, request.create_time_from.ToDatetime(UTC)) == ("here", ACCEPTED)
    page: fillwire.Page = listing.result()
    assert (len(page.orders), page.next_page_token) == (1, "there")


def test_a_quote_shows_the_route_and_its_proof(wires: Wires) -> None:
    asking = wires.begin(lambda: wires.client.quote("SOL", "USDC", "1.5", routing=fillwire.Routing(max_legs=2)))
    request = wires.answer(MARKET, "GetQuote", market_service_pb2.GetQuoteResponse(quote=messages.quote()))
    assert (request.amount_in, request.routing.max_legs) == ("1500000000", 2)
    quote: fillwire.Quote = asking.result()
    assert quote.price == Decimal(160)
    assert quote.route.amount_out.ui == Decimal(240)
    assert quote.route.upper_bound.raw == 240_000_024
    assert [leg.share_bps for leg in quote.route.legs] == [6000, 4000]
    assert [pool.amount_out is None for pool in quote.route.candidates] == [False, False, True]


def test_the_tokens_are_fetched_once(wires: Wires) -> None:
    for _ in range(2):
        submitting = wires.begin(lambda: submit(wires))
        wires.answer(ORDERS, "SubmitOrder", STORED)
        submitting.result()


def test_the_tokens_are_fetched_again_for_one_that_is_new(wires: Wires) -> None:
    submitting = wires.begin(lambda: wires.client.submit("BONK", "USDC", "1.00001", slippage_bps=50))
    more = market_service_pb2.ListTokensResponse()
    more.CopyFrom(messages.TOKENS)
    more.tokens.add(symbol="BONK", mint="DezXA", decimals=5, name="Bonk")
    wires.answer(MARKET, "ListTokens", more)
    assert wires.answer(ORDERS, "SubmitOrder", STORED).spec.amount_in == "100001"
    submitting.result()


def test_a_token_that_is_gone_costs_one_look_and_no_order(wires: Wires) -> None:
    old = order_service_pb2.GetOrderResponse(order=order())
    old.order.spec.token_in = "GONE"
    asking = wires.begin(lambda: [wires.client.get(ORDER_ID) for _ in range(2)])
    wires.answer(ORDERS, "GetOrder", old)
    wires.answer(MARKET, "ListTokens", messages.TOKENS)
    wires.answer(ORDERS, "GetOrder", old)
    first, second = asking.result()
    assert first == second
    assert first.spec.amount_in == fillwire.Amount("GONE", 1_500_000_000, None)


def test_the_venues_say_how_they_are(wires: Wires) -> None:
    asking = wires.begin(wires.client.venues)
    answer = market_service_pb2.ListVenuesResponse(venues=[messages.venue("a"), messages.venue("b", "halted")])
    wires.answer(MARKET, "ListVenues", answer)
    assert [(venue.name, venue.available, venue.reason) for venue in asking.result()] == [
        ("a", True, ""),
        ("b", False, "halted"),
    ]
