"""What watches, lists and quotes ask for."""

from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from fillwire.v1 import market_service_pb2, order_pb2
from fillwire.v1 import order_service_pb2 as pb
from fillwire.v1.route_pb2 import RoutingOptions
from fillwire_dex.tokens import SOL, USDC
from fillwire_orders import Filter, OrderId, OrderNotFound, Position, Routing, Status
from fillwire_server import paging
from fillwire_server.refusals import InvalidRequest
from fillwire_server.validation import Wanted, Watching, listing, wanted, watching

ORDER_ID = OrderId("01890a5d-ac96-774b-bcce-b302099a8057")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"order_id": ""}, "order_id"),
        ({"after_seq": -1}, "after_seq"),
        ({"heartbeat_interval": Duration(nanos=999_999_999)}, "heartbeat_interval"),
        ({"heartbeat_interval": Duration(seconds=61)}, "heartbeat_interval"),
        ({"heartbeat_interval": Duration(seconds=-1)}, "heartbeat_interval"),
    ],
    ids=repr,
)
def test_a_watch_that_breaks_a_rule_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        watching(pb.WatchOrderRequest(**({"order_id": ORDER_ID} | changes)))
    assert [one.field for one in refused.value.violations] == [field]


def test_a_watch_from_the_first_event_is_not_a_watch_from_now() -> None:
    assert watching(pb.WatchOrderRequest(order_id=ORDER_ID)) == Watching(ORDER_ID, None, 15.0, final_only=False)
    assert watching(pb.WatchOrderRequest(order_id=ORDER_ID, after_seq=0)).after_seq == 0


@pytest.mark.parametrize("made_up", ["x", "../etc/passwd", "x" * 60_000, ORDER_ID + "\x00", "\u0661"])
def test_an_id_that_no_order_can_have_is_not_found_and_not_repeated_at_length(made_up: str) -> None:
    with pytest.raises(OrderNotFound) as refused:
        watching(pb.WatchOrderRequest(order_id=made_up))
    assert len(refused.value.key) <= 64


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"page_size": -1}, "page_size"),
        ({"page_token": "x"}, "page_token"),
        ({"page_token": "\u00e4"}, "page_token"),
        ({"statuses": [order_pb2.ORDER_STATUS_FAILED, 99]}, "statuses"),
        ({"token_in": "DOGE"}, "token_in"),
        ({"token_out": "DOGE"}, "token_out"),
        ({"client_order_id": "\x00"}, "client_order_id"),
        ({"create_time_from": Timestamp(seconds=2**60)}, "create_time_from"),
        ({"create_time_before": Timestamp(nanos=-5)}, "create_time_before"),
    ],
    ids=repr,
)
def test_a_list_that_breaks_a_rule_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        listing(pb.ListOrdersRequest(**changes))
    assert [one.field for one in refused.value.violations] == [field]


@pytest.mark.parametrize(("asked", "size"), [(0, 50), (1, 1), (200, 200), (2**31 - 1, 200)])
def test_a_page_is_never_larger_than_200(asked: int, size: int) -> None:
    assert listing(pb.ListOrdersRequest(page_size=asked)).size == size


def test_filters_that_mean_the_same_are_equal() -> None:
    done, failed = order_pb2.ORDER_STATUS_CONFIRMED, order_pb2.ORDER_STATUS_FAILED
    one = listing(pb.ListOrdersRequest(statuses=[failed, done, failed], token_in=SOL.mint))
    assert one == listing(pb.ListOrdersRequest(statuses=[done, failed], token_in="sol"))
    assert one.filters == Filter(statuses=(Status.CONFIRMED, Status.FAILED), token_in="SOL")


def test_any_status_is_no_filter() -> None:
    statuses = [order_pb2.ORDER_STATUS_FAILED, order_pb2.ORDER_STATUS_UNSPECIFIED]
    assert listing(pb.ListOrdersRequest(statuses=statuses)).filters == Filter()


def test_a_page_goes_on_where_the_one_before_ended() -> None:
    end = Position(datetime(2026, 1, 1, 12, 30, 15, 123456, tzinfo=UTC), ORDER_ID)
    assert listing(pb.ListOrdersRequest(page_token=paging.token(end, Filter()))).after == end


def test_a_page_token_of_a_list_with_other_filters_is_refused() -> None:
    token = paging.token(Position(datetime(2026, 1, 1, tzinfo=UTC), ORDER_ID), Filter(token_in="SOL"))
    with pytest.raises(InvalidRequest, match="other filters"):
        listing(pb.ListOrdersRequest(page_token=token, token_in="USDC"))


def test_a_page_token_survives_no_change_of_a_byte_of_its_head() -> None:
    token = paging.token(Position(datetime(2026, 1, 1, tzinfo=UTC), ORDER_ID), Filter())
    for spoiled in ("B" + token[1:], token[:4] + ("A" if token[4] != "A" else "B") + token[5:], token[:-4], token * 2):
        with pytest.raises(paging.BadToken):
            paging.position(spoiled, Filter())


def ask(**changes: Any) -> market_service_pb2.GetQuoteRequest:
    fields: dict[str, Any] = {"token_in": "SOL", "token_out": "USDC", "amount_in": "5"}
    return market_service_pb2.GetQuoteRequest(**(fields | changes))


def test_a_quote_is_asked_for_by_symbol_or_mint() -> None:
    assert wanted(ask(token_in=SOL.mint), venues=()) == Wanted(SOL, USDC, 5, None, Routing())


def test_a_quote_may_be_asked_for_by_what_comes_out() -> None:
    asked = ask(amount_in=None, amount_out="7")
    assert wanted(asked, venues=()) == Wanted(SOL, USDC, None, 7, Routing())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"token_in": "DOGE"}, "token_in"),
        ({"token_out": "SOL"}, "token_out"),
        ({"amount_in": "1e3"}, "amount_in"),
        ({"amount_in": None}, "amount_in"),
        ({"amount_in": None, "amount_out": "x"}, "amount_out"),
        ({"routing": RoutingOptions(include_venues=["nowhere"])}, "routing.include_venues[0]"),
    ],
    ids=repr,
)
def test_a_quote_that_breaks_a_rule_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        wanted(ask(**changes), venues=("alpha",))
    assert [one.field for one in refused.value.violations] == [field]
