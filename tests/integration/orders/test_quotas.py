"""Orders a minute, and open orders: counted for all servers together."""

import asyncio
import time
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from fillwire_orders import DEFAULT_ACCOUNT, AccountId, Journal, Keys, Limits, Pool, Quota, Quotas, Scope
from fillwire_orders.errors import RateLimited, TooManyOpenOrders
from tests.builders import submitted


def limits(per_minute: int = 0, most_open: int = 0) -> Limits:
    return Limits(orders_per_minute=per_minute, max_open_orders=most_open, max_streams=0)


@pytest.fixture
def quotas(pool: Pool) -> Quotas:
    return Quotas(pool)


async def taken(quotas: Quotas, number: int, wanted: Limits) -> Sequence[Quota | BaseException]:
    return await asyncio.gather(*(quotas.take(DEFAULT_ACCOUNT, wanted) for _ in range(number)), return_exceptions=True)


def granted(answers: Sequence[Quota | BaseException]) -> int:
    return sum(isinstance(answer, Quota) for answer in answers)


async def aged(pool: Pool, seconds: int) -> None:
    """As if all that was counted had been counted so many seconds earlier."""
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE fillwire.order_quotas SET full_at = full_at - %s * interval '1 second'", [seconds]
        )


async def test_as_many_as_the_limit_are_let_in_at_once_and_no_more(quotas: Quotas) -> None:
    answers = await taken(quotas, 30, limits(20))
    assert granted(answers) == 20
    assert all(isinstance(answer, Quota | RateLimited) for answer in answers)


async def test_what_is_left_is_told_and_when_there_is_more(quotas: Quotas) -> None:
    first = await quotas.take(DEFAULT_ACCOUNT, limits(3))
    assert (first.limit, first.remaining) == (3, 2)
    assert 59 < first.reset_seconds <= 61
    await quotas.take(DEFAULT_ACCOUNT, limits(3))
    assert (await quotas.take(DEFAULT_ACCOUNT, limits(3))).remaining == 0
    with pytest.raises(RateLimited) as refused:
        await quotas.take(DEFAULT_ACCOUNT, limits(3))
    assert 58 < refused.value.retry_after_seconds <= 61


async def test_orders_count_for_a_minute_and_not_longer(quotas: Quotas, pool: Pool) -> None:
    assert granted(await taken(quotas, 5, limits(10))) == 5
    await aged(pool, 30)
    assert granted(await taken(quotas, 9, limits(10))) == 5
    await aged(pool, 29)
    # The first are 59 s old by now, some part of a second more.
    assert granted(await taken(quotas, 1, limits(10))) == 0
    await aged(pool, 2)
    assert granted(await taken(quotas, 9, limits(10))) == 5
    await aged(pool, 3600)
    assert granted(await taken(quotas, 20, limits(10))) == 10


async def test_the_end_of_the_wait_is_the_moment_in_which_one_more_is_let_in(quotas: Quotas, pool: Pool) -> None:
    await taken(quotas, 2, limits(2))
    await aged(pool, 58)
    with pytest.raises(RateLimited) as raised:
        await quotas.take(DEFAULT_ACCOUNT, limits(2))
    until = time.monotonic() + raised.value.retry_after_seconds
    while granted(await taken(quotas, 1, limits(2))) == 0:
        assert time.monotonic() < until + 1
        await asyncio.sleep(0.05)
    assert time.monotonic() > until - 0.1


async def test_in_no_minute_more_than_the_limit_are_let_in_by_two_servers(pool: Pool) -> None:
    async def let_in(server: Quotas) -> int:
        return sum([granted(await taken(server, 1, limits(150))) for _ in range(100)])

    assert sum(await asyncio.gather(let_in(Quotas(pool)), let_in(Quotas(pool)))) == 150


async def test_a_limit_that_is_lowered_holds_at_once(quotas: Quotas) -> None:
    await taken(quotas, 8, limits(10))
    assert granted(await taken(quotas, 1, limits(5))) == 0
    assert granted(await taken(quotas, 9, limits(10))) == 2


async def test_accounts_have_quotas_of_their_own(quotas: Quotas, pool: Pool) -> None:
    other = AccountId("other")
    await Keys(pool).create(other, [Scope.READ], "pepper")
    mine = asyncio.gather(*(quotas.take(DEFAULT_ACCOUNT, limits(3)) for _ in range(3)))
    theirs = asyncio.gather(*(quotas.take(other, limits(5)) for _ in range(5)))
    assert [len(await mine), len(await theirs)] == [3, 5]


async def test_what_is_given_back_can_be_had_again(quotas: Quotas) -> None:
    quota = await quotas.take(DEFAULT_ACCOUNT, limits(1))
    await quotas.give_back(DEFAULT_ACCOUNT, quota)
    assert (await quotas.take(DEFAULT_ACCOUNT, limits(1))).remaining == 0
    with pytest.raises(RateLimited):
        await quotas.take(DEFAULT_ACCOUNT, limits(1))


async def test_what_is_given_back_too_late_changes_nothing(quotas: Quotas, pool: Pool) -> None:
    quota = await quotas.take(DEFAULT_ACCOUNT, limits(2))
    await aged(pool, 3600)
    await quotas.take(DEFAULT_ACCOUNT, limits(2))
    await quotas.give_back(DEFAULT_ACCOUNT, replace(quota, second=quota.second - 3600))
    assert granted(await taken(quotas, 2, limits(2))) == 1


async def test_open_orders_are_capped_whatever_their_age(quotas: Quotas, journal: Journal) -> None:
    for _ in range(3):
        await submitted(journal)
    assert granted(await taken(quotas, 5, limits(most_open=5))) == 2
    with pytest.raises(TooManyOpenOrders):
        await quotas.take(DEFAULT_ACCOUNT, limits(most_open=3))
    with pytest.raises(TooManyOpenOrders):
        await quotas.take(DEFAULT_ACCOUNT, limits(100, most_open=3))
    assert granted(await taken(quotas, 200, limits(100, most_open=1000))) == 100
