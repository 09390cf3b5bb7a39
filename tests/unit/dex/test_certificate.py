"""What prices prove of an order, and of a part of the pools."""

from contextlib import suppress
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fillwire_dex import AmountTooSmall, InsufficientLiquidity, Mode, NoRoute, router
from fillwire_dex.routing.certificate import Proof
from fillwire_dex.routing.direct import Direct, affordable, potentials
from fillwire_dex.routing.graph import SOURCE, TARGET, Graph
from fillwire_dex.routing.request import Request
from fillwire_dex.tokens import JUP, RAY, SOL, USDC
from tests.unit.dex.networks import Trade, fair, network, trades

ONE = 10**9
SHIFTS = st.lists(st.floats(0.5, 2), min_size=7, max_size=7)


@settings(deadline=None, max_examples=60)
@given(trades(), st.integers(10**6, 10**14), SHIFTS, st.randoms(use_true_random=False))
def test_no_execution_over_a_part_of_the_pools_exceeds_what_is_proven_of_it(
    found: list[Trade], amount: int, shifts: list[float], chance: Random
) -> None:
    whole = network(found)
    request = Request(Mode.EXACT_IN, amount, 16, 3, 0)
    graph = Graph.of(whole, request)
    prices = [price * shift or 1.0 for price, shift in zip(potentials(graph, {}), shifts, strict=False)]
    proof = Proof(graph, request)
    proof.add(prices)
    part = replace(whole, listings=tuple(listing for listing in whole.listings if chance.random() < 0.5))
    ids = {listing.id for listing in part.listings}
    within = proof.within([number for number, one in enumerate(graph.passages) if one.listing.id in ids])
    with suppress(NoRoute, InsufficientLiquidity, AmountTooSmall):
        assert router.best(part, amount_in=amount, max_legs=16).amount_out <= within


def test_a_token_that_no_way_leads_on_from_is_worth_no_more_than_it_costs() -> None:
    graph = Graph.of(network([fair(SOL, JUP, 10**6), fair(JUP, RAY, 10**6), fair(RAY, USDC, 10**6)]), chain())
    jup, ray = (graph.tokens.index(token) for token in (JUP, RAY))
    known = {SOURCE: 0.1, jup: 1e-6}
    prices = potentials(graph, known)
    assert prices[ray] * graph.rates[jup, ray] > prices[jup]
    lowered = affordable(graph, prices, known, [(SOURCE, jup), (jup, ray)])
    assert lowered[ray] * graph.rates[jup, ray] == pytest.approx(prices[jup])
    assert [lowered[token] for token in (SOURCE, TARGET, jup)] == [prices[token] for token in (SOURCE, TARGET, jup)]


def chain() -> Request:
    return Request(Mode.EXACT_IN, ONE, 16, 3, 0)


def test_at_the_prices_that_a_part_of_the_pools_ends_at_it_is_met() -> None:
    pools = [fair(SOL, USDC, 10**6), fair(SOL, USDC, 3 * 10**6)]
    request = Request(Mode.EXACT_IN, 2_000 * ONE, 16, 3, 0)
    alone, graph = Graph.of(network(pools[:1]), request), Graph.of(network(pools), request)
    plan = Direct(alone, request).plan()
    assert plan is not None
    proof = Proof(graph, request)
    proof.add(plan.prices)
    brought = router.best(network(pools[:1]), amount_in=request.amount).amount_out
    assert brought <= proof.within([0]) < brought + 5
    assert proof.within([0, 1]) > brought * 1.05
