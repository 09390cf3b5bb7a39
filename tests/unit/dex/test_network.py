"""The flow through a network is the best one, and its bound is never beaten."""

from collections.abc import Sequence
from math import inf, isclose, sqrt
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize  # type: ignore[import-untyped]  # it ships no types

from fillwire_dex import Segment
from fillwire_dex.network import Edge, Solution, interior, solve
from fillwire_dex.network.certificate import Certificate
from fillwire_dex.network.curves import MOST_KEPT, table
from fillwire_dex.network.flat import flatten
from fillwire_dex.route import Mode
from fillwire_dex.routing.ladder import ladder
from fillwire_dex.routing.waterfill import fill
from tests.unit.dex.flows import asked_for, fair_network, left, line, product, sent_on, sold

SIZES = [(3, 5), (5, 12), (8, 30), (10, 60)]


def solved(edges: Sequence[Edge], amount: float, mode: Mode = Mode.EXACT_IN, **options: Any) -> Solution:
    """The flow from the first token to the last."""
    tokens = 1 + max(max(edge.tail, edge.head) for edge in edges)
    found = solve(edges, tokens=tokens, source=0, target=tokens - 1, amount=amount, mode=mode, **options)
    assert found is not None
    return found


def worth(edges: Sequence[Edge], tokens: int, amount: float, mode: Mode) -> float:
    """The amount of the token that is fixed whose worth is about `amount` of the first."""
    if mode is Mode.EXACT_IN:
        return amount
    return solved(edges, amount).bound


def closed(price: float, depth: float, amount: float) -> float:
    return price * amount / (1 + amount / depth)


@given(st.floats(1e-12, 1e12), st.floats(1, 1e18), st.floats(1e-6, 1e3))
def test_one_product_pool_gives_what_its_formula_says(price: float, depth: float, part: float) -> None:
    found = solved([Edge(0, 1, product(price, depth))], part * depth)
    expected = closed(price, depth, part * depth)
    assert isclose(found.inputs[0], part * depth, rel_tol=1e-9)
    assert isclose(found.bound, expected, rel_tol=1e-9)
    assert found.bound >= expected * (1 - 1e-15)


@given(st.floats(1e-12, 1e12), st.floats(1, 1e18), st.floats(1e-6, 0.999))
def test_one_product_pool_asks_for_what_its_formula_says(price: float, depth: float, part: float) -> None:
    wanted = part * price * depth
    found = solved([Edge(0, 1, product(price, depth))], wanted, Mode.EXACT_OUT)
    expected = wanted / price / (1 - part)
    assert isclose(found.outputs[0], wanted, rel_tol=1e-9)
    assert isclose(found.bound, expected, rel_tol=1e-9)
    assert found.bound <= expected * (1 + 1e-12)


@given(st.floats(0.01, 100), st.floats(0.01, 100), st.floats(0.01, 100))
def test_a_chain_of_two_product_pools_is_one_product_pool(first: float, second: float, amount: float) -> None:
    edges = [Edge(0, 1, product(first, 10.0)), Edge(1, 2, product(second, 20.0))]
    depth = 1 / (1 / 10.0 + first / 20.0)
    found = solved(edges, amount)
    assert isclose(found.bound, closed(first * second, depth, amount), rel_tol=1e-9)
    assert isclose(found.prices[0], first * second / (1 + amount / depth) ** 2, rel_tol=1e-6)
    assert found.prices[2] == 1.0


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("part", [1e-4, 1e-2, 0.1, 1.0])
def test_parallel_edges_are_filled_as_water_fills_them(mode: Mode, part: float) -> None:
    edges = [edge for edge in fair_network(3, tokens=2, pools=12) if edge.tail == 0]
    amount = worth(edges, 2, part * 1e10, mode)
    expected = fill([ladder(edge.curve) for edge in edges], amount, mode)
    found = solved(edges, amount, mode)
    assert expected is not None
    asked = expected.amount_out if mode is Mode.EXACT_IN else expected.amount_in
    assert isclose(found.bound, asked, rel_tol=1e-9)
    for number, taken in enumerate(found.inputs):
        assert isclose(taken, expected.flows.get(number, (0.0, 0.0))[0], rel_tol=1e-6, abs_tol=1e-6 * sum(found.inputs))


def linear_optimum(edges: Sequence[Edge], tokens: int, amount: float, mode: Mode) -> float:
    """The optimum over straight segments, by scipy's simplex and interior point solvers."""
    segments = [(edge.tail, edge.head, segment) for edge in edges for segment in edge.curve]
    prices = np.array(solved(edges, amount, mode).prices)
    given, asked = (0, tokens - 1) if mode is Mode.EXACT_IN else (tokens - 1, 0)
    order = amount * prices[given]
    rows = np.zeros((tokens, len(segments)))
    for column, (tail, head, segment) in enumerate(segments):
        rows[head, column] += segment.price * prices[head] / prices[tail]
        rows[tail, column] -= 1
    supply = np.zeros(tokens)
    supply[given] = 1 if mode is Mode.EXACT_IN else -1
    bounds = [(0, segment.capacity * prices[tail] / order) for tail, _, segment in segments]
    free = [token for token in range(tokens) if token != asked]
    answer = linprog(-rows[asked], A_ub=-rows[free], b_ub=supply[free], bounds=bounds)
    assert answer.status == 0
    return float(abs(answer.fun) * order / prices[asked])


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("tokens", "pools"), SIZES)
def test_over_straight_segments_it_finds_the_linear_optimum(tokens: int, pools: int, mode: Mode) -> None:
    for seed in range(4):
        edges = fair_network(seed, tokens=tokens, pools=pools, kinds="bins")
        amount = worth(edges, tokens, 3e9 * 10**-seed, mode)
        assert isclose(solved(edges, amount, mode).bound, linear_optimum(edges, tokens, amount, mode), rel_tol=1e-7)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("tokens", "pools"), SIZES[:3])
def test_no_prices_that_a_quasi_newton_method_finds_prove_more(tokens: int, pools: int, mode: Mode) -> None:
    edges = fair_network(tokens, tokens=tokens, pools=pools, kinds="product range")
    amount = worth(edges, tokens, 1e9, mode)
    found = solved(edges, amount, mode)
    given, asked = (0, tokens - 1) if mode is Mode.EXACT_IN else (tokens - 1, 0)
    sign = 1 if mode is Mode.EXACT_IN else -1
    free = [token for token in range(tokens) if token != asked]

    def proven(shifts: np.ndarray[Any, np.dtype[np.float64]]) -> float:
        prices = np.array(found.prices)
        prices[free] *= np.exp(shifts)
        return sign * Certificate(flatten(edges), prices, given, asked, amount, mode).bound / found.bound

    best = min(minimize(proven, np.full(len(free), shift), method="L-BFGS-B").fun for shift in (0.0, 0.001, -0.001))
    assert best >= sign - 1e-9


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("tokens", "pools"), SIZES)
def test_the_flow_is_balanced_and_reaches_its_bound(tokens: int, pools: int, mode: Mode) -> None:
    for seed in range(10):
        edges = fair_network(seed, tokens=tokens, pools=pools)
        amount = worth(edges, tokens, 10 ** Random(seed).uniform(4, 10), mode)
        found = solved(edges, amount, mode)
        net = left(edges, found, tokens)
        reached = asked_for(edges, found, tokens, mode)
        net[0] += amount if mode is Mode.EXACT_IN else -net[0]
        net[-1] -= net[-1] if mode is Mode.EXACT_IN else amount
        order = found.bound * found.prices[tokens - 1 if mode is Mode.EXACT_IN else 0]
        assert max(abs(rest * price) for rest, price in zip(net, found.prices, strict=True)) <= 1e-8 * order
        assert isclose(reached, found.bound, rel_tol=1e-8)


@pytest.mark.parametrize(("tokens", "pools"), [*SIZES, (20, 150)])
def test_what_arrives_sent_on_by_the_shares_of_the_flow_is_within_a_fiftieth_of_a_basis_point(
    tokens: int, pools: int
) -> None:
    for seed in range(8):
        edges = fair_network(100 + seed, tokens=tokens, pools=pools)
        amount = 10 ** Random(seed).uniform(4, 10)
        found = solved(edges, amount)
        order = amount * found.prices[0]
        shares = [
            taken if taken * found.prices[edge.tail] > 1e-6 * order else 0.0
            for edge, taken in zip(edges, found.inputs, strict=True)
        ]
        reached = sent_on(edges, shares, tokens, amount, tokens - 1)
        assert found.bound * (1 - 0.02 / 10_000) <= reached <= found.bound


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.floats(4, 10), st.randoms(use_true_random=False))
def test_no_way_to_send_an_amount_on_brings_more_than_the_bound(seed: int, size: float, random: Random) -> None:
    edges = [edge for edge in fair_network(seed, tokens=5, pools=12) if edge.tail < edge.head]
    found = solved(edges, 10**size)
    for _ in range(5):
        shares = [random.random() ** 8 for _ in edges]
        assert sent_on(edges, shares, 5, 10**size, 4) <= found.bound


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(Mode), st.lists(st.floats(-0.05, 0.05), min_size=4, max_size=4))
def test_the_bound_holds_at_any_prices(mode: Mode, shifts: list[float]) -> None:
    edges = fair_network(11, tokens=5, pools=12)
    amount = worth(edges, 5, 1e9, mode)
    found = solved(edges, amount, mode)
    given, asked = (0, 4) if mode is Mode.EXACT_IN else (4, 0)
    prices = np.array(found.prices)
    prices[[token for token in range(5) if token != asked]] *= np.exp(shifts)
    bound = Certificate(flatten(edges), prices, given, asked, amount, mode).bound
    reached = asked_for(edges, found, 5, mode)
    assert bound >= reached * (1 - 1e-9) if mode is Mode.EXACT_IN else bound <= reached * (1 + 1e-9)


@pytest.mark.parametrize("mode", Mode)
def test_a_start_from_known_prices_comes_to_the_same_answer(mode: Mode) -> None:
    edges = fair_network(5, tokens=8, pools=30)
    amount = worth(edges, 8, 1e9, mode)
    cold = solved(edges, amount, mode)
    for start in (cold.prices, tuple(price * 1.01 ** (number % 3) for number, price in enumerate(cold.prices))):
        warm = solved(edges, amount, mode, start=start)
        assert isclose(warm.bound, cold.bound, rel_tol=1e-9)
        assert np.allclose(warm.prices, cold.prices, rtol=1e-5)


def test_a_start_without_a_price_for_every_token_is_not_used() -> None:
    edges = fair_network(5, tokens=4, pools=8)
    assert solved(edges, 1e9, start=(1.0, 0.0, inf, 1.0)) == solved(edges, 1e9)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("scale", [2.0**-40, 2.0**40])
def test_units_do_not_matter(mode: Mode, scale: float) -> None:
    """Raw units of token 1 are divided, those of the order with them."""
    edges = fair_network(6, tokens=4, pools=10)
    units = [1.0, scale, 1.0, 1 / scale]
    rescaled = [
        Edge(
            edge.tail,
            edge.head,
            tuple(
                Segment(
                    segment.price * units[edge.head] / units[edge.tail],
                    segment.depth * units[edge.tail],
                    segment.capacity * units[edge.tail],
                )
                for segment in edge.curve
            ),
        )
        for edge in edges
    ]
    amount = worth(edges, 4, 1e9, mode)
    found = solved(edges, amount, mode)
    again = solved(rescaled, amount * units[0 if mode is Mode.EXACT_IN else 3], mode)
    assert isclose(again.bound, found.bound * units[3 if mode is Mode.EXACT_IN else 0], rel_tol=1e-9)


def test_the_same_network_gives_the_same_floats() -> None:
    assert solved(fair_network(7, tokens=10, pools=60), 1e10) == solved(fair_network(7, tokens=10, pools=60), 1e10)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("amount", [10.0**digits for digits in range(20)])
def test_amounts_of_any_size_meet_their_bound(mode: Mode, amount: float) -> None:
    """From a unit, in pools of 1e12, to what takes them to a ten-millionth of their price."""
    edges = [
        Edge(0, 1, product(3e-9, 1e12)),
        Edge(1, 2, product(2e12, 3e3)),
        Edge(0, 2, product(5.9e3, 3e12)),
        Edge(0, 2, (*line(6e3, 1e11), *line(5.8e3, 1e12))),
    ]
    wanted = amount if mode is Mode.EXACT_IN else sold(edges[2].curve, amount)
    found = solved(edges, wanted, mode)
    assert isclose(asked_for(edges, found, 3, mode), found.bound, rel_tol=1e-7)


def test_a_unit_through_an_enormous_bin_is_bounded_as_tightly_as_a_fortune() -> None:
    edges = [Edge(0, 1, line(0.1, 1e17)), Edge(1, 2, line(30.0, 1e16)), Edge(0, 2, line(2.9, 1e17))]
    assert isclose(solved(edges, 1.0).bound, 3.0, rel_tol=1e-9)
    assert isclose(solved(edges, 3.0, Mode.EXACT_OUT).bound, 1.0, rel_tol=1e-9)


def test_a_straight_line_without_end_has_a_bound() -> None:
    edges = [Edge(0, 1, line(0.1, inf)), Edge(1, 2, line(30.0, inf))]
    assert isclose(solved(edges, 10.0).bound, 30.0, rel_tol=1e-9)


def test_a_straight_line_without_end_is_cut_at_the_largest_amount_on_chain() -> None:
    assert table(line(0.1, inf))[2] == [2.0**64]
    assert table(product(0.1, 1.0))[2] == [inf]


def test_an_edge_that_is_not_worth_while_takes_nothing_and_a_full_one_all_it_can() -> None:
    edges = [Edge(0, 1, line(3.0, 10.0)), Edge(0, 1, line(2.0, 100.0)), Edge(0, 1, product(1.9, 1e6))]
    found = solved(edges, 50.0)
    assert found.inputs[0] == pytest.approx(10.0, rel=1e-15)
    assert found.inputs[2] == 0.0


@pytest.mark.parametrize("mode", Mode)
def test_twenty_tokens_and_150_pools_take_two_dozen_steps(mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interior, "MOST_STEPS", 24)
    for seed in range(4):
        edges = fair_network(seed, tokens=20, pools=150)
        amount = worth(edges, 20, 1e11, mode)
        found = solved(edges, amount, mode)
        assert isclose(asked_for(edges, found, 20, mode), found.bound, rel_tol=1e-9)


def test_equal_bins_share_and_lose_nothing() -> None:
    found = solved([Edge(0, 1, line(2.0, 10.0)), Edge(0, 1, line(2.0, 10.0))], 15.0)
    assert isclose(sum(found.inputs), 15.0, rel_tol=1e-9)
    assert isclose(found.bound, 30.0, rel_tol=1e-9)


def test_edges_that_lead_nowhere_take_nothing() -> None:
    edges = [
        Edge(0, 3, product(1.0, 1e9)),
        Edge(0, 1, product(9.0, 1e9)),
        Edge(2, 3, product(9.0, 1e9)),
        Edge(0, 3, ()),
    ]
    found = solved(edges, 1e6)
    assert found.inputs[1:] == (0.0, 0.0, 0.0)
    assert found.outputs[1:] == (0.0, 0.0, 0.0)
    assert isclose(found.bound, closed(1.0, 1e9, 1e6), rel_tol=1e-9)
    assert found.prices[1] == found.prices[2] == 0.0


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    "edges",
    [[], [Edge(0, 2, ())], [Edge(2, 0, product(1.0, 1e9))], [Edge(0, 1, product(1.0, 1e9))]],
    ids=["nothing", "an empty pool", "only the way back", "half the way"],
)
def test_a_target_out_of_reach_has_no_flow(edges: list[Edge], mode: Mode) -> None:
    assert solve(edges, tokens=3, source=0, target=2, amount=1e6, mode=mode) is None


@pytest.mark.parametrize("excess", [1.001, 2.0, 1e9])
def test_more_than_the_narrowest_place_can_take_has_no_flow(excess: float) -> None:
    edges = [Edge(0, 1, product(2.0, 1e9)), Edge(1, 2, line(1.0, 100.0)), Edge(0, 2, line(1.0, 50.0))]
    narrow = 50.0 + 100.0 / 2.0 / (1 - 50 / 1e9)
    assert solve(edges, tokens=3, source=0, target=2, amount=narrow * excess, mode=Mode.EXACT_IN) is None
    assert solved(edges, narrow / 1.001).bound > 149


@pytest.mark.parametrize("excess", [1.001, 2.0, 1e9])
def test_more_than_the_pools_hold_cannot_be_bought(excess: float) -> None:
    edges = [Edge(0, 1, product(2.0, 1e9)), Edge(1, 2, line(1.0, 100.0)), Edge(0, 2, product(1.0, 50.0))]
    assert solve(edges, tokens=3, source=0, target=2, amount=150 * excess, mode=Mode.EXACT_OUT) is None
    assert solved(edges, 150 / 1.001, Mode.EXACT_OUT).bound > 50


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("arbitrage", [0.001, 0.1])
def test_with_arbitrage_the_flow_goes_round_and_the_bound_holds(arbitrage: float, mode: Mode) -> None:
    for seed in range(10):
        edges = fair_network(seed, tokens=5, pools=12, arbitrage=arbitrage)
        amount = worth(edges, 5, 1e9, mode)
        found = solve(edges, tokens=5, source=0, target=4, amount=amount, mode=mode)
        assert found is not None
        onward = [edge for edge in edges if edge.tail < edge.head]
        plain = solved(onward, amount, mode)
        assert found.bound >= plain.bound * (1 - 1e-9) if mode is Mode.EXACT_IN else found.bound <= plain.bound
        assert isclose(max(asked_for(edges, found, 5, mode), 0.0), found.bound, rel_tol=1e-6)


@pytest.mark.parametrize("arbitrage", [0.01, 1.0])
@pytest.mark.parametrize("amount", [1.0, 1e4, 1e12])
def test_arbitrage_far_larger_or_smaller_than_the_order_still_meets_the_bound(arbitrage: float, amount: float) -> None:
    for seed in range(10):
        edges = fair_network(seed, tokens=4, pools=9, arbitrage=arbitrage)
        edges.append(Edge(0, 3, product(1.0, 1e10)))
        found = solved(edges, amount)
        assert isclose(asked_for(edges, found, 4, Mode.EXACT_IN), found.bound, rel_tol=1e-6)


def test_the_profit_of_a_round_trip_is_in_the_bound() -> None:
    """Two pools of one pair: trading them to the same price brings (sqrt(4) - 1)**2 * 50 of the first token."""
    there, back = Edge(0, 1, product(4.0, 100.0)), Edge(1, 0, product(1.0, 400.0))
    found = solved([there, back, Edge(0, 2, line(1.0, 1e6))], 10.0)
    gain = (sqrt(4.0) - 1) ** 2 / (1 / 100.0 + 4.0 / 400.0)
    assert len(found.inputs) == 3
    assert isclose(found.bound, 10.0 + gain, rel_tol=1e-9)


def test_the_arrays_of_a_curve_are_made_once_and_not_kept_for_ever() -> None:
    curve = product(1.0, 2.0)
    first = table(curve)
    assert table(curve) is first
    assert first.tolist() == [[1.0], [0.5], [inf]]
    others = [product(1.0, 2.0) for _ in range(MOST_KEPT)]
    assert all(table(other) is not first for other in others)
    assert table(curve) is not first


def test_a_capacity_beyond_the_integers_of_numpy_is_a_capacity() -> None:
    curve = (Segment(1.0, 1e30, 1 << 70),)
    solution = solve([Edge(0, 1, curve)], tokens=2, source=0, target=1, amount=1e6, mode=Mode.EXACT_IN)
    assert solution is not None
    assert solution.outputs[0] == pytest.approx(1e6)
