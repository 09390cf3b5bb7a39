"""Listing over the wire: newest first, page after page, each order once."""

from typing import TYPE_CHECKING

import grpc

from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import Journal
from tests import builders
from tests.integration.server.calls import refused

if TYPE_CHECKING:
    from fillwire.v1.order_service_pb2_grpc import OrderServiceAsyncStub


async def test_pages_together_hold_every_order_once_newest_first_while_new_ones_come_in(
    orders: "OrderServiceAsyncStub", journal: Journal
) -> None:
    made = [(await builders.submitted(journal)).id for _ in range(7)]
    listed: list[str] = []
    token = ""
    while True:
        page = await orders.ListOrders(pb.ListOrdersRequest(page_size=3, page_token=token))
        listed += [order.order_id for order in page.orders]
        await builders.submitted(journal)
        if not (token := page.next_page_token):
            break
    assert listed == made[::-1]


async def test_the_last_page_has_no_next_one_even_when_it_is_full(
    orders: "OrderServiceAsyncStub", journal: Journal
) -> None:
    for _ in range(2):
        await builders.submitted(journal)
    page = await orders.ListOrders(pb.ListOrdersRequest(page_size=2))
    assert (len(page.orders), page.next_page_token) == (2, "")


async def test_all_filters_must_hold(orders: "OrderServiceAsyncStub", journal: Journal) -> None:
    wanted = await builders.submitted(journal, client_order_id="mine")
    await builders.submitted(journal)
    await builders.submitted(journal, token_in="BONK", client_order_id="mine")
    await builders.claimed(journal, client_order_id="mine")
    created_at = (await orders.GetOrder(pb.GetOrderRequest(order_id=wanted.id))).order.create_time
    request = pb.ListOrdersRequest(
        statuses=[order_pb2.ORDER_STATUS_PENDING],
        token_in="SOL",
        token_out="USDC",
        client_order_id="mine",
        create_time_from=created_at,
    )
    assert [order.order_id for order in (await orders.ListOrders(request)).orders] == [wanted.id]
    request.create_time_before.CopyFrom(created_at)
    assert not (await orders.ListOrders(request)).orders


async def test_a_page_token_with_other_filters_is_an_invalid_argument(
    orders: "OrderServiceAsyncStub", journal: Journal
) -> None:
    for _ in range(2):
        await builders.submitted(journal)
    first = await orders.ListOrders(pb.ListOrdersRequest(page_size=1))
    other = pb.ListOrdersRequest(page_size=1, page_token=first.next_page_token, token_in="SOL")
    told = await refused(orders.ListOrders(other))
    assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["page_token"])
