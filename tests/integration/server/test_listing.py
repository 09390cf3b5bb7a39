"""Listing over the wire: newest first, page after page, each order once."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import grpc

from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import AccountId, Journal, OrderType, Pool
from fillwire_orders.conditions import Stop
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


async def test_types_and_parents_are_filters_too(orders: "OrderServiceAsyncStub", journal: Journal, pool: Pool) -> None:
    parent = await builders.submitted(journal)
    stop = await builders.submitted(journal, type=OrderType.STOP, condition=Stop(Decimal(150)))
    child = await builders.submitted(journal)
    async with pool.connection() as connection:
        await connection.execute("UPDATE fillwire.orders SET parent_id = %s WHERE id = %s", [parent.id, child.id])
    kinds = [order_pb2.ORDER_TYPE_STOP, order_pb2.ORDER_TYPE_LIMIT]
    assert await listed(orders, types=kinds) == [stop.id]
    assert await listed(orders, types=[order_pb2.ORDER_TYPE_UNSPECIFIED, *kinds]) == [child.id, stop.id, parent.id]
    assert await listed(orders, parent_order_id=parent.id.upper()) == [child.id]
    assert await listed(orders, parent_order_id=child.id) == []


async def test_filters_that_cannot_be_are_all_named(orders: "OrderServiceAsyncStub") -> None:
    request = pb.ListOrdersRequest(parent_order_id="mine")
    request.statuses.append(99)  # type: ignore[arg-type]
    request.types.append(99)  # type: ignore[arg-type]
    told = await refused(orders.ListOrders(request))
    assert (told.code, told.fields) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        ["parent_order_id", "statuses", "types"],
    )


async def test_a_page_token_belongs_to_its_types_and_parent(orders: "OrderServiceAsyncStub", journal: Journal) -> None:
    for _ in range(2):
        await builders.submitted(journal)
    market = [order_pb2.ORDER_TYPE_MARKET]
    token = (await orders.ListOrders(pb.ListOrdersRequest(page_size=1, types=market))).next_page_token
    assert len(await listed(orders, page_size=1, types=market, page_token=token)) == 1
    child = pb.ListOrdersRequest(page_token=token, types=market, parent_order_id=builders.request_id())
    for other in (pb.ListOrdersRequest(page_token=token), child):
        told = await refused(orders.ListOrders(other))
        assert told.fields == ["page_token"]


async def test_of_several_orders_with_one_reference_the_newest_is_given(
    orders: "OrderServiceAsyncStub", journal: Journal
) -> None:
    await builders.submitted(journal, client_order_id="mine")
    newest = await builders.submitted(journal, client_order_id="mine")
    await builders.submitted(journal)
    told = await orders.GetOrder(pb.GetOrderRequest(client_order_id="mine"))
    assert (told.order.order_id, told.order.spec.client_order_id) == (newest.id, "mine")


async def test_a_reference_of_nobody_or_of_a_stranger_is_not_found(
    orders: "OrderServiceAsyncStub", journal: Journal, pool: Pool
) -> None:
    async with pool.connection() as connection:
        await connection.execute("INSERT INTO fillwire.accounts (id) VALUES ('stranger')")
    await journal.submit(AccountId("stranger"), builders.request_id(), builders.terms(client_order_id="theirs"))
    for reference in ("theirs", "nobody's"):
        told = await refused(orders.GetOrder(pb.GetOrderRequest(client_order_id=reference)))
        assert (told.code, told.reason) == (grpc.StatusCode.NOT_FOUND, "ORDER_NOT_FOUND")
    for reference in ("", "x" * 129):
        told = await refused(orders.GetOrder(pb.GetOrderRequest(client_order_id=reference)))
        assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["client_order_id"])


async def listed(orders: "OrderServiceAsyncStub", **request: Any) -> list[str]:
    """The ids of one page."""
    return [order.order_id for order in (await orders.ListOrders(pb.ListOrdersRequest(**request))).orders]
