"""The synchronous client: what it asks, what it asks again, and what it makes of the answers."""

from datetime import UTC, datetime, timedelta
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


def test_the_pause_the_engine_asks_for_is_kept_and_with_the_worst_luck_as_long_again(wires: Wires) -> None:
    asking = wires.begin(lambda: wires.client.get(ORDER_ID))
    wires.refuse(ORDERS, "GetOrder", grpc.StatusCode.UNAVAILABLE, "no", info("STORE_UNAVAILABLE"), retry_info(1.0))
    wires.answer(ORDERS, "GetOrder", order_service_pb2.GetOrderResponse(order=order()))
    asking.result()
    assert wires.clock.slept == [2.0]


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
    asking = wires.begin(lambda: wires.client.quote("SOL", "USDC", "1.5"))
    request = wires.answer(MARKET, "GetQuote", market_service_pb2.GetQuoteResponse(quote=messages.quote()))
    assert (request.amount_in, request.HasField("routing")) == ("1500000000", False)
    quote: fillwire.Quote = asking.result()
    route = quote.route
    assert quote.price == Decimal(160)
    assert route.amount_out.ui == Decimal(240)
    assert (route.exact_out, str(route.bound), str(route.best_single)) == (False, "240.000024 USDC", "239 USDC")
    assert route.improvement_bps == pytest.approx(41.841, abs=1e-3)
    assert [leg.share_bps for leg in route.legs] == [6000, 4000]
    assert [route.alone(pool) is None for pool in route.candidates] == [False, False, True]


def test_an_exact_out_quote_is_bounded_from_below_and_knows_every_token_on_the_way(wires: Wires) -> None:
    asking = wires.begin(lambda: wires.client.quote("SOL", "USDC", amount_out="240"))
    found = market_service_pb2.Quote(token_in="SOL", token_out="USDC", route=messages.exact_out_route())
    request = wires.answer(MARKET, "GetQuote", market_service_pb2.GetQuoteResponse(quote=found))
    assert (request.WhichOneof("amount"), request.amount_out) == ("amount_out", "240000000")
    more = market_service_pb2.ListTokensResponse()
    more.CopyFrom(messages.TOKENS)
    more.tokens.add(symbol="JUP", mint="JUPyi", decimals=6, name="Jupiter")
    wires.answer(MARKET, "ListTokens", more)
    route: fillwire.Route = asking.result().route
    assert (route.exact_out, str(route.bound), str(route.best_single)) == (True, "1.499999 SOL", "1.5015 SOL")
    assert route.improvement_bps == pytest.approx(9.99, abs=1e-3)
    assert [str(leg.amount_out) for leg in route.legs] == ["300 JUP", "240 USDC"]
    assert [str(route.alone(pool)) for pool in route.candidates] == ["1.5015 SOL", "None"]
    assert [(pool.token_in, pool.token_out) for pool in route.candidates] == [("SOL", "USDC"), ("SOL", "JUP")]
    assert [pool.haircut_bps for pool in route.candidates] == [2.5, 0]


def test_the_limits_of_a_route_are_keywords_that_count_more_than_a_routing(wires: Wires) -> None:
    routing = fillwire.Routing(max_legs=8, exclude_venues=("c",))
    asking = wires.begin(
        lambda: wires.client.quote("SOL", "USDC", "1", routing=routing, max_legs=2, max_hops=1, include_venues=["a"])
    )
    request = wires.answer(MARKET, "GetQuote", market_service_pb2.GetQuoteResponse(quote=messages.quote()))
    asking.result()
    asked = request.routing
    assert (asked.max_legs, asked.max_hops) == (2, 1)
    assert (list(asked.include_venues), list(asked.exclude_venues)) == (["a"], ["c"])
    submitting = wires.begin(lambda: submit(wires, max_legs=3))
    assert wires.answer(ORDERS, "SubmitOrder", STORED).spec.routing.max_legs == 3
    submitting.result()


def test_a_limit_that_cannot_be_is_named_and_a_text_is_no_list_of_venues(wires: Wires) -> None:
    with pytest.raises(fillwire.InvalidRequest) as caught:
        wires.client.quote("SOL", "USDC", "1", max_legs=-1)
    assert [violation.field for violation in caught.value.violations] == ["routing"]
    venue: Any = "raydium_cpmm"
    with pytest.raises(TypeError, match=r"include_venues is a list of venues: write \["):
        wires.client.quote("SOL", "USDC", "1", include_venues=venue)


def test_an_order_is_explained_attempt_by_attempt(wires: Wires) -> None:
    asking = wires.begin(lambda: wires.client.explain(ORDER_ID))
    assert wires.answer(ORDERS, "ExplainOrder", messages.explanation()).order_id == ORDER_ID
    story: fillwire.Explanation = asking.result()
    assert (story.order.order_id, story.order.status) == (ORDER_ID, fillwire.Status.CONFIRMED)
    assert [event.seq for event in story.events] == list(range(1, 10))
    first, second = story.attempts
    assert (first.attempt, first.signature, first.failure and first.failure.reason) == (1, "f1rst", "SLIPPAGE_EXCEEDED")
    assert (second.attempt, second.signature, second.failure) == (2, "5econd", None)
    assert second.route == story.order.route
    assert story.order.receipt is not None
    assert [str(leg.quoted_amount_out) for leg in story.order.receipt.legs] == ["144 USDC", "96.1 USDC"]


def test_an_attempt_may_have_had_no_route(wires: Wires) -> None:
    told = messages.explanation()
    told.attempts[0].ClearField("route")
    asking = wires.begin(lambda: wires.client.explain(ORDER_ID))
    wires.answer(ORDERS, "ExplainOrder", told)
    assert [attempt.route is None for attempt in asking.result().attempts] == [True, False]


def test_the_pools_are_those_asked_for(wires: Wires) -> None:
    asking = wires.begin(lambda: wires.client.pools("SOL", venue="raydium_cpmm"))
    answer = market_service_pb2.ListPoolsResponse(pools=[messages.pool()])
    request = wires.answer(MARKET, "ListPools", answer)
    assert (request.token_a, request.token_b, request.venue) == ("SOL", "", "raydium_cpmm")
    (pool,) = asking.result()
    assert (pool.pool, pool.price, str(pool.reserve_a), str(pool.reserve_b)) == (
        "raydium_cpmm.1",
        Decimal("160.05"),
        "1000 SOL",
        "160050 USDC",
    )


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
    venues = [messages.venue("a", score=messages.score()), messages.venue("b", "halted")]
    wires.answer(MARKET, "ListVenues", market_service_pb2.ListVenuesResponse(venues=venues))
    first, second = asking.result()
    assert (first.name, first.available, first.reason) == ("a", True, "")
    assert (second.name, second.available, second.reason, second.score) == ("b", False, "halted", None)
    assert first.score == fillwire.VenueScore(
        haircut_bps=3.25,
        fill_error_bps=-1.5,
        reject_rate=0.0125,
        latency=timedelta(milliseconds=430),
        samples=40.5,
        applied=True,
    )
