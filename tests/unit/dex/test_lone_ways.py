"""Ways of one pool a swap are left out only where they can't be better."""

from math import inf, nextafter

import pytest

from fillwire_dex import Mode
from fillwire_dex.routing.graph import Graph
from fillwire_dex.routing.polish import lone_ways
from fillwire_dex.routing.request import Request
from fillwire_dex.routing.worth import worth
from fillwire_dex.tokens import JUP, RAY, SOL, USDC
from tests.unit.dex.networks import fair, network

NETWORK = network(
    [
        fair(SOL, USDC, 1_000_000),
        fair(SOL, JUP, 8_000_000, off_bps=30),
        fair(JUP, USDC, 6_000_000),
        fair(SOL, RAY, 5_000_000),
        fair(RAY, USDC, 9_000_000, off_bps=-20, fee_rate=500),
    ]
)


@pytest.mark.parametrize("leg_cost", [0, 7])
@pytest.mark.parametrize(
    ("mode", "amount"),
    [(Mode.EXACT_IN, amount) for amount in (1, 1_000_000, 10**9, 10**13)]
    + [(Mode.EXACT_OUT, amount) for amount in (1, 160_000, 10**8, 10**11)],
)
def test_every_way_that_is_worth_more_is_tried(mode: Mode, amount: int, leg_cost: int) -> None:
    request = Request(mode, amount, max_legs=4, max_hops=3, leg_cost=leg_cost)
    graph = Graph.of(NETWORK, request)
    ways = list(lone_ways(graph, request, more_than=-inf))
    for way in ways:
        assert way in lone_ways(graph, request, more_than=nextafter(worth(graph, request, way), -inf))


@pytest.mark.parametrize(("mode", "amount"), [(Mode.EXACT_IN, 10**9), (Mode.EXACT_OUT, 160 * 10**6)])
def test_a_way_that_could_not_be_better_at_any_size_is_not_quoted(mode: Mode, amount: int) -> None:
    request = Request(mode, amount, max_legs=4, max_hops=3, leg_cost=0)
    graph = Graph.of(NETWORK, request)
    ways = sorted(worth(graph, request, way) for way in lone_ways(graph, request, more_than=-inf))
    assert len(ways) == 2
    assert list(lone_ways(graph, request, more_than=ways[-1] + abs(ways[-1]) * 0.001)) == []
