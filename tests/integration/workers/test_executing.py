"""Orders of every side and bound, brought to their end by the product's own `execute` on a real journal and market."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from decimal import Decimal
from typing import Any

import pytest

from fillwire_dex import tokens
from fillwire_dex.scores import HALF_LIFE_SECONDS
from fillwire_dex.simulated import ZERO, Fault, FaultKind, SimulatedMarket, open_market
from fillwire_dex.simulated.migrations import upgrade
from fillwire_orders import (
    DEFAULT_ACCOUNT,
    Changes,
    Event,
    FailureReason,
    Journal,
    Limit,
    Order,
    OrderType,
    Pool,
    Reader,
    Result,
    Status,
    TimeInForce,
    VenueRecords,
    open_pool,
)
from fillwire_orders.event import Built, Receipt, Resting
from fillwire_orders.publisher import Publisher
from fillwire_workers.desk import Desk
from fillwire_workers.execution import Again, execute
from fillwire_workers.leases import Leases
from fillwire_workers.scorekeeper import Scorekeeper
from tests.builders import request_id, terms

SOL = 10**9
USDC = 10**6


class Shop:
    """One worker's desk, with what a test does around it."""

    def __init__(self, desk: Desk, journal: Journal, reader: Reader, changes: Changes, pool: Pool) -> None:
        self.desk = desk
        self.market: SimulatedMarket = desk.market  # type: ignore[assignment]
        self.reader = reader
        self.changes = changes
        self._journal = journal
        self._pool = pool

    async def submit(self, **wanted: Any) -> Order:
        mid = wanted.pop("arrival_mid_price", None)
        asked = terms(**({"amount_in": SOL} | wanted))
        return (await self._journal.submit(DEFAULT_ACCOUNT, request_id(), asked, arrival_mid_price=mid)).order

    async def execute(self, order: Order) -> tuple[Order, Again | None]:
        again = await execute(order.id, self.desk)
        return await self.reader.order(DEFAULT_ACCOUNT, order.id), again

    async def fire(self, order: Order) -> None:
        async with self._pool.connection() as connection:
            await connection.execute(
                "UPDATE fillwire.orders SET fired_at = clock_timestamp(), fired = %s WHERE id = %s",
                ['{"kind": "fired", "condition": "LIMIT", "at": "2026-03-04T00:00:00Z"}', order.id],
            )

    async def log(self, order: Order) -> list[Event]:
        return list(await self.reader.events(order.id, 0))


@pytest.fixture
async def shop(database_url: str, redis_url: str) -> AsyncIterator[Shop]:
    upgrade(database_url)
    async with AsyncExitStack() as stack:
        pool = await open_pool(database_url, max_size=4)
        stack.push_async_callback(pool.close)
        publisher = Publisher(redis_url)
        stack.push_async_callback(publisher.close)
        journal, reader = Journal(pool), Reader(pool)
        records = VenueRecords(pool, half_life_seconds=HALF_LIFE_SECONDS)
        desk = Desk(
            worker="w1",
            journal=journal,
            reader=reader,
            publisher=publisher,
            market=await open_market(pool, profile=ZERO),
            leases=await stack.enter_async_context(Leases(journal)),
            scores=await stack.enter_async_context(Scorekeeper(records, mode="off")),
        )
        yield Shop(desk, journal, reader, Changes(pool, reader, publisher), pool)


def limit(price: str, *, amount_in: int = SOL, **changes: Any) -> dict[str, Any]:
    """A limit order to sell SOL at a price in USDC."""
    least = int(Decimal(price) * amount_in * USDC / SOL)
    return {
        "type": OrderType.LIMIT,
        "condition": Limit(Decimal(price), least),
        "time_in_force": TimeInForce.GTC,
        "slippage_bps": None,
        **changes,
    }


async def test_an_exact_output_is_bought_for_no_more_than_the_first_route_and_slippage_allow(shop: Shop) -> None:
    order = await shop.submit(amount_in=None, amount_out=100 * USDC, slippage_bps=50)
    done, _ = await shop.execute(order)
    assert done.status is Status.CONFIRMED
    assert done.receipt is not None
    assert done.ceiling_amount_in is not None
    assert done.receipt.amount_out == done.filled_amount_out == 100 * USDC
    assert 0 < done.receipt.amount_in == done.filled_amount_in <= done.ceiling_amount_in
    assert done.ceiling_amount_in == done.receipt.quoted_amount_in * 10_050 // 10_000  # type: ignore[operator]
    assert done.route is not None
    assert done.route.exact_out
    assert done.route.bound <= done.receipt.amount_in


async def test_an_exact_output_that_costs_too_much_is_not_bought(shop: Shop) -> None:
    order = await shop.submit(amount_in=None, amount_out=100 * USDC, slippage_bps=None, max_amount_in=SOL // 100)
    after, again = await shop.execute(order)
    assert again is not None
    assert after.status is Status.RETRYING
    held = await shop.market.audit()
    assert held.gained.get(tokens.USDC.mint, 0) == 0


async def test_slippage_counts_from_the_quote_that_the_order_is_bound_to(shop: Shop) -> None:
    generous = await shop.submit(quote_id="q", quoted_amount=1000, slippage_bps=0)
    done, _ = await shop.execute(generous)
    assert done.floor_amount_out == 1000
    greedy = await shop.submit(quote_id="q", quoted_amount=10**12, slippage_bps=100)
    after, again = await shop.execute(greedy)
    assert (after.status, again is not None) == (Status.RETRYING, True)


async def test_a_limit_order_that_is_met_is_swapped_at_its_price_or_better(shop: Shop) -> None:
    order = await shop.submit(**limit("50"))
    await shop.fire(order)
    done, _ = await shop.execute(order)
    assert done.status is Status.CONFIRMED
    assert done.floor_amount_out == 50 * USDC <= done.filled_amount_out


async def test_a_limit_order_whose_price_has_gone_rests_again_and_fires_again(shop: Shop) -> None:
    order = await shop.submit(**limit("100000"))
    for times in (1, 2, 3, 4, 5):
        await shop.fire(order)
        after, again = await shop.execute(order)
        assert (after.status, after.attempt, again) == (Status.RESTING, times, None)
    last = (await shop.log(order))[-1]
    assert isinstance(last.detail, Resting)
    assert last.detail.cause is not None
    assert last.detail.cause.reason is FailureReason.LIMIT_NOT_MET


async def test_a_limit_that_slips_away_under_way_rests_again_without_a_swap(shop: Shop) -> None:
    order = await shop.submit(**limit("50"))
    await shop.fire(order)
    await shop.market.script(Fault(FaultKind.REFUSE))
    after, again = await shop.execute(order)
    assert after.status is Status.RETRYING  # the venue refused: that is no matter of the price
    assert again == Again(order.id, 1, 1)


async def test_a_limit_that_does_not_wait_retries_and_fails(shop: Shop) -> None:
    order = await shop.submit(**limit("100000", time_in_force=TimeInForce.IOC))
    after, again = await shop.execute(order)
    assert (after.status, again is not None) == (Status.RETRYING, True)


async def test_an_order_that_is_withdrawn_while_it_is_routed_ends_without_a_swap(shop: Shop) -> None:
    order = await shop.submit()
    pools = shop.market.pools

    async def withdrawn_meanwhile(*pair: Any, **limits: Any) -> Any:
        assert (await shop.changes.cancel(DEFAULT_ACCOUNT, order.id))[1] is Result.PENDING
        return await pools(*pair, **limits)

    shop.market.pools = withdrawn_meanwhile  # type: ignore[method-assign]
    after, again = await shop.execute(order)
    assert (after.status, again) == (Status.CANCELLED, None)
    assert after.failure is not None
    assert after.failure.reason is FailureReason.WITHDRAWN
    assert [event.status for event in await shop.log(order)] == [Status.PENDING, Status.ROUTING, Status.CANCELLED]


async def test_an_order_that_is_withdrawn_before_it_is_sent_is_not_sent(shop: Shop) -> None:
    order = await shop.submit()

    async def withdrawn_meanwhile(reference: str) -> None:
        await shop.changes.cancel(DEFAULT_ACCOUNT, order.id)

    shop.market.build_delay = withdrawn_meanwhile  # type: ignore[method-assign]
    after, _ = await shop.execute(order)
    assert after.status is Status.CANCELLED
    assert (await shop.market.audit()).gained == {}


async def test_an_order_that_is_withdrawn_while_it_lands_says_that_it_was_too_late(shop: Shop) -> None:
    order, send = await shop.submit(), shop.market.send

    async def withdrawn_meanwhile(transactions: Any) -> Any:
        assert (await shop.changes.cancel(DEFAULT_ACCOUNT, order.id))[1] is Result.PENDING
        return await send(transactions)

    shop.market.send = withdrawn_meanwhile  # type: ignore[method-assign]
    after, _ = await shop.execute(order)
    assert after.status is Status.CONFIRMED
    assert (await shop.changes.cancel(DEFAULT_ACCOUNT, order.id))[1] is Result.TOO_LATE


async def test_an_order_that_is_withdrawn_and_refused_is_not_tried_again(shop: Shop) -> None:
    order, send = await shop.submit(), shop.market.send
    await shop.market.script(Fault(FaultKind.REFUSE))

    async def withdrawn_meanwhile(transactions: Any) -> Any:
        await shop.changes.cancel(DEFAULT_ACCOUNT, order.id)
        return await send(transactions)

    shop.market.send = withdrawn_meanwhile  # type: ignore[method-assign]
    after, again = await shop.execute(order)
    assert (after.status, again) == (Status.CANCELLED, None)


async def test_a_receipt_accounts_for_every_basis_point(shop: Shop) -> None:
    snapshot = await shop.market.pools(tokens.SOL, tokens.USDC)
    assert snapshot.listings
    done, _ = await shop.execute(await shop.submit(amount_in=1000 * SOL, arrival_mid_price=Decimal("161.5")))
    assert isinstance(done.receipt, Receipt)
    cost = done.receipt.cost
    assert cost is not None
    parts = cost.drift_bps + cost.fee_bps + cost.impact_bps + cost.slippage_bps
    assert parts == pytest.approx(cost.total_bps, abs=0.001)
    worth = Decimal("161.5") * 1000 * USDC
    assert cost.total_bps == pytest.approx(float((worth - done.receipt.amount_out) / worth) * 10_000, abs=0.001)
    assert done.receipt.arrival_mid_price == "161.5"
    built = (await shop.log(done))[2].detail
    assert isinstance(built, Built)
