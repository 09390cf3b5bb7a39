"""A limit is met when the whole amount can be swapped at its price or better, fees and all."""

from decimal import Decimal
from typing import Any

import pytest

from fillwire_dex.pools.pool import Direction
from fillwire_orders.conditions import Limit
from fillwire_orders.resting import RestingOrder
from fillwire_workers.triggers.quoting import Quotes
from tests.unit.workers.triggers.pools import pool
from tests.unit.workers.triggers.resting import order, price

SOL, USDC = 10**9, 10**6


def quotes(**market: Any) -> Quotes:
    """A pool at 100 USDC per SOL, with a fee of 25 bps."""
    return Quotes({"pool": pool(**market)}, halted=(), slot=1, now=1)


def limit(amount_in: int | None = SOL, *, bound: int, **changes: Any) -> RestingOrder:
    return order(Limit(price(100), bound), amount_in=amount_in, bound=bound, **changes)


def routes(now: Quotes) -> list[int]:
    """What routes were found for, by the amount that was exact."""
    return [one.exact for known in now._known.values() for one in known]


def test_it_is_met_to_the_last_unit() -> None:
    # 1 SOL less 25 bps into 10,000 SOL and 1,000,000 USDC
    out = 10**12 * 997_500_000 // (10**13 + 997_500_000)
    assert quotes().verdict(limit(bound=out)).met
    assert not quotes().verdict(limit(bound=out + 1)).met


def test_a_limit_on_the_input_is_met_to_the_last_unit() -> None:
    listing = pool()

    given = listing.pool.quote_exact_out(Direction.A_TO_B, 99 * USDC, now=1).amount_in
    assert quotes().verdict(limit(None, amount_out=99 * USDC, bound=given)).met
    assert not quotes().verdict(limit(None, amount_out=99 * USDC, bound=given - 1)).met


def test_what_is_short_says_how_far_the_price_must_rise() -> None:
    verdict = quotes().verdict(limit(bound=110 * USDC))
    assert verdict.price is not None
    assert verdict.short is not None
    assert verdict.short == pytest.approx(Decimal(110) / verdict.price)


def test_the_impact_it_accepts_is_part_of_the_limit() -> None:
    big = 1_000 * SOL
    assert quotes().verdict(limit(big, bound=1)).met
    verdict = quotes().verdict(limit(big, bound=1, max_price_impact_bps=5))
    assert (verdict.met, verdict.short) == (False, None)


def test_halted_venues_do_not_count() -> None:
    halted = Quotes({"pool": pool()}, halted={"raydium"}, slot=1, now=1)
    verdict = halted.verdict(limit(bound=1))
    assert (verdict.met, verdict.price, verdict.short) == (False, None, None)


def test_orders_that_ask_for_more_with_more_cost_no_route() -> None:
    now = quotes()
    assert not now.verdict(limit(bound=100 * USDC)).met
    for more in (1, 2, 50):
        assert not now.verdict(limit(more * SOL, bound=more * 100 * USDC)).met
    assert routes(now) == [SOL]


def test_orders_that_ask_for_less_with_less_cost_no_route() -> None:
    now = quotes()
    assert now.verdict(limit(10 * SOL, bound=990 * USDC)).met
    for less in (1, 2, 10):
        assert now.verdict(limit(less * SOL, bound=less * 99 * USDC)).met
    assert routes(now) == [10 * SOL]


def test_a_quote_for_dust_says_nothing_of_more() -> None:
    now = quotes()
    assert not now.verdict(limit(25, bound=3)).met  # 24 lamports after the fee buy 2.4 units, and get 2
    assert now.verdict(limit(SOL, bound=99 * USDC)).met
    assert routes(now) == [25, SOL]


def test_a_quote_of_one_side_says_nothing_of_the_other() -> None:
    now = quotes()
    assert not now.verdict(limit(bound=100 * USDC)).met
    assert now.verdict(limit(None, amount_out=99 * USDC, bound=SOL)).met
    assert routes(now) == [SOL, 99 * USDC]
