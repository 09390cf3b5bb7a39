"""What executions cost is summed up by day, pair and venue."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import DEFAULT_ACCOUNT, AccountId, Journal, Pool, Status, Step
from fillwire_orders.event import Cost, Leg, Receipt
from tests import builders
from tests.integration.server.calls import refused

if TYPE_CHECKING:
    from fillwire.v1.order_service_pb2_grpc import OrderServiceAsyncStub

TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
COST = Cost(
    total_bps=40.0,
    drift_bps=5.0,
    fee_bps=25.0,
    impact_bps=7.0,
    slippage_bps=3.0,
    second_best_venue="w",
    second_best_amount=1,
    saved_bps=8.0,
)


def leg(venue: str, amount_in: int, amount_out: int, quoted: int, fee_bps: float, **pair: str) -> Leg:
    """An executed leg of the order's pair, but for `pair`."""
    return Leg(
        venue=venue,
        pool=f"pool of {venue}",
        **{"token_in": "SOL", "token_out": "USDC", **pair},
        amount_in=amount_in,
        amount_out=amount_out,
        fee_in=0,
        fee_out=0,
        fee_bps=fee_bps,
        share_bps=5_000.0,
        quoted_amount_out=quoted,
    )


async def confirmed(
    journal: Journal,
    pool: Pool,
    *,
    day: int = 0,
    seconds: float = 2.0,
    amounts: tuple[int, int] = (100, 200),
    **more: Any,
) -> str:
    """An order that was confirmed at noon, so many days ago and `seconds` after it was accepted; gives its id."""
    claim = await builders.sent(journal)
    receipt = Receipt(
        signature="5ign",
        slot=1,
        amount_in=amounts[0],
        amount_out=amounts[1],
        price="1",
        quoted_amount_out=amounts[1],
        slippage_bps=0.0,
        venue_seconds=0.0,
        **{"legs": (), **more},
    )
    await journal.record(claim, Step(status=Status.CONFIRMED, detail=receipt))
    at = TODAY - timedelta(days=day, hours=12)
    async with pool.connection() as connection:
        ids = {"id": claim.order_id, "at": at, "accepted": at - timedelta(seconds=seconds)}
        await connection.execute("UPDATE fillwire.orders SET created_at = %(accepted)s WHERE id = %(id)s", ids)
        await connection.execute(
            "UPDATE fillwire.order_events SET at = %(at)s WHERE order_id = %(id)s AND status = 'CONFIRMED'", ids
        )
    return claim.order_id


async def report(orders: "OrderServiceAsyncStub", **given: Any) -> pb.ReportExecutionResponse:
    """A report of the last three days, but for what is given."""
    request = pb.ReportExecutionRequest(**given)
    request.confirm_time_from.FromDatetime(TODAY - timedelta(days=3))
    return await orders.ReportExecution(request)


async def test_orders_of_one_day_and_pair_are_one_row_with_costs_weighted_by_what_they_gave(
    orders: "OrderServiceAsyncStub", journal: Journal, pool: Pool
) -> None:
    other = Cost(total_bps=10.0, drift_bps=-5.0, fee_bps=15.0, impact_bps=1.0, slippage_bps=-1.0)
    await confirmed(journal, pool, amounts=(100, 200), cost=COST)
    await confirmed(journal, pool, amounts=(300, 600), cost=other, seconds=4.0)
    await confirmed(journal, pool, amounts=(50, 90), seconds=6.0)
    [total] = (await report(orders)).totals
    day = (TODAY - timedelta(hours=12)).date().isoformat()
    assert (total.day, total.token_in, total.token_out, total.venue) == (day, "SOL", "USDC", "")
    assert (total.orders, total.amount_in, total.amount_out) == (3, "450", "890")
    assert total.mean_time.ToTimedelta() == timedelta(seconds=4)
    cost = total.cost
    assert (cost.total_bps, cost.drift_bps, cost.fee_bps) == pytest.approx((17.5, -2.5, 17.5))
    assert (cost.impact_bps, cost.slippage_bps, cost.saved_bps) == pytest.approx((2.5, 0, 8))


async def test_an_order_without_a_price_at_arrival_is_summed_up_without_a_cost(
    orders: "OrderServiceAsyncStub", journal: Journal, pool: Pool
) -> None:
    await confirmed(journal, pool)
    [total] = (await report(orders)).totals
    assert not total.HasField("cost")


async def test_legs_are_summed_up_by_venue_and_their_own_pair(
    orders: "OrderServiceAsyncStub", journal: Journal, pool: Pool
) -> None:
    await confirmed(
        journal, pool, legs=(leg("v", 60, 99, 100, 10.0), leg("v", 20, 20, 20, 50.0), leg("w", 20, 30, 30, 30.0))
    )
    await confirmed(journal, pool, legs=(leg("v", 20, 40, 40, 10.0, token_out="BONK"),))
    rows = (await report(orders)).rows
    assert [(row.token_out, row.venue, row.orders) for row in rows] == [
        ("BONK", "v", 1),
        ("USDC", "v", 1),
        ("USDC", "w", 1),
    ]
    row = rows[1]
    assert (row.amount_in, row.amount_out) == ("80", "119")
    assert (row.cost.fee_bps, row.cost.slippage_bps) == pytest.approx((20, 75))
    assert not row.HasField("mean_time")


async def test_days_and_pairs_come_in_order_and_filters_and_times_leave_out_the_rest(
    orders: "OrderServiceAsyncStub", journal: Journal, pool: Pool
) -> None:
    for day in (5, 2, 0, 2):
        await confirmed(journal, pool, day=day, legs=(leg("v", 1, 1, 1, 1.0),))
    told = await report(orders)
    assert [row.orders for row in told.totals] == [2, 1]
    assert [row.orders for row in told.rows] == [2, 1]
    assert (await report(orders, token_in="SOL", token_out="USDC")).totals == told.totals
    assert not (await report(orders, token_in="USDC")).totals
    assert not (await report(orders, token_out="BONK")).rows
    before = pb.ReportExecutionRequest()
    before.confirm_time_before.FromDatetime(TODAY - timedelta(days=2))
    assert [row.orders for row in (await orders.ReportExecution(before)).totals] == [1, 2]


async def test_a_twap_order_counts_as_its_children(
    orders: "OrderServiceAsyncStub", journal: Journal, pool: Pool
) -> None:
    parent = await confirmed(journal, pool, amounts=(200, 400))
    for _ in range(2):
        await confirmed(journal, pool)
    async with pool.connection() as connection:
        await connection.execute(
            """UPDATE fillwire.orders SET type = 'TWAP', condition = '{"type": "TWAP"}' WHERE id = %s""", [parent]
        )
    [total] = (await report(orders)).totals
    assert (total.orders, total.amount_in) == (2, "200")


async def test_an_order_that_had_rested_counts_from_when_it_fired(
    orders: "OrderServiceAsyncStub", journal: Journal, pool: Pool
) -> None:
    order_id = await confirmed(journal, pool, seconds=3600)
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE fillwire.orders SET fired = '{}', fired_at = created_at + interval '3599 seconds' WHERE id = %s",
            [order_id],
        )
    [total] = (await report(orders)).totals
    assert total.mean_time.ToTimedelta() == timedelta(seconds=1)


async def test_another_accounts_executions_are_not_told(
    orders: "OrderServiceAsyncStub", journal: Journal, pool: Pool
) -> None:
    order_id = await confirmed(journal, pool, legs=(leg("v", 1, 1, 1, 1.0),))
    async with pool.connection() as connection:
        await connection.execute("INSERT INTO fillwire.accounts (id) VALUES ('stranger')")
        await connection.execute(
            "UPDATE fillwire.order_events SET account_id = 'stranger' WHERE order_id = %s AND account_id = %s",
            [order_id, AccountId(DEFAULT_ACCOUNT)],
        )
    told = await report(orders)
    assert (list(told.rows), list(told.totals)) == ([], [])


async def test_without_times_the_last_seven_days_are_told(
    orders: "OrderServiceAsyncStub", journal: Journal, pool: Pool
) -> None:
    await confirmed(journal, pool, day=3)
    await confirmed(journal, pool, day=7)
    just_now = await builders.sent(journal)
    receipt = Receipt(
        signature="5ign", slot=1, amount_in=7, amount_out=8, price="1", quoted_amount_out=8, slippage_bps=0.0,
        legs=(), venue_seconds=0.0,
    )  # fmt: skip
    await journal.record(just_now, Step(status=Status.CONFIRMED, detail=receipt))
    told = await orders.ReportExecution(pb.ReportExecutionRequest())
    assert [row.amount_in for row in told.totals] == ["100", "7"]


@pytest.mark.parametrize(("days", "fields"), [(366, []), (367, ["confirm_time_from"]), (0, ["confirm_time_from"])])
async def test_a_report_is_of_some_time_and_of_a_year_at_most(
    orders: "OrderServiceAsyncStub", days: int, fields: list[str]
) -> None:
    request = pb.ReportExecutionRequest()
    request.confirm_time_from.FromDatetime(TODAY - timedelta(days=days))
    request.confirm_time_before.FromDatetime(TODAY)
    if not fields:
        assert not (await orders.ReportExecution(request)).totals
        return
    told = await refused(orders.ReportExecution(request))
    assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, fields)


async def test_all_that_is_wrong_with_a_request_is_told_at_once(orders: "OrderServiceAsyncStub") -> None:
    request = pb.ReportExecutionRequest(token_in="?", token_out="??")
    request.confirm_time_from.seconds = 2**62
    request.confirm_time_before.nanos = -1
    told = await refused(orders.ReportExecution(request))
    assert told.fields == ["confirm_time_before", "confirm_time_from", "token_in", "token_out"]
