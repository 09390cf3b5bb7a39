"""The cost of an execution adds up, whatever the route, and each part is what it says."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fillwire_orders.event import Candidate, Cost, Fired, Leg, Route
from fillwire_workers import costs

DECIMALS = (9, 6)
AMOUNTS = st.integers(min_value=1_000_000, max_value=2**64 - 1)
MIDS = st.decimals(min_value="0.000001", max_value=1_000_000, places=6)


def leg(sold: str, bought: str, amount_in: int, amount_out: int, *, venue: str = "v", **fees: int) -> Leg:
    """A leg, with no fees but those given."""
    return Leg(
        venue=venue,
        pool=f"{venue}-{sold}-{bought}",
        token_in=sold,
        token_out=bought,
        amount_in=amount_in,
        amount_out=amount_out,
        **{"fee_in": 0, "fee_out": 0, **fees},
        fee_bps=0.0,
        share_bps=10_000.0,
    )


def route(*legs: Leg, mid: Decimal | str | int, **changes: Any) -> Route:
    """A route of these legs from A to B."""
    return Route(
        amount_in=sum(one.amount_in for one in legs if one.token_in == "A"),
        amount_out=sum(one.amount_out for one in legs if one.token_out == "B"),
        legs=legs,
        bound=0,
        gap_bps=0.0,
        price_impact_bps=0.0,
        best_single_amount_out=None,
        mid_price=str(mid),
        slot=1,
        router_micros=1,
        **{"candidates": (), **changes},
    )


def landed(planned: Route, arrival: Decimal | str | int, **amounts: int) -> Cost:
    """What it cost to get what was planned, but for `amounts`."""
    given = {"amount_in": planned.amount_in, "amount_out": planned.amount_out, **amounts}
    found = costs.cost(planned, **given, arrival_mid=Decimal(arrival), decimals=DECIMALS)
    assert found is not None
    return found


def parts(it: Cost) -> tuple[float, float, float, float, float]:
    """Total, drift, fee, impact, slippage."""
    return it.total_bps, it.drift_bps, it.fee_bps, it.impact_bps, it.slippage_bps


def test_an_exact_input_is_split_as_by_hand() -> None:
    # 10 A at a mid of 100 when it arrived and 99 when it was quoted: 990, of which the fee of 1 A in 100 took 9.9,
    # of what was left 970 were quoted, and 965 came.
    planned = route(leg("A", "B", 10 * 10**9, 970 * 10**6, fee_in=10**8), mid=99)
    found = landed(planned, "100", amount_out=965 * 10**6)
    gross = 970 / 9.9  # the price before the fee: the fee of 0.1 A is worth a tenth of that
    assert parts(found) == pytest.approx((350, 100, gross / 10 / 1000 * 1e4, 200 - gross, 50), abs=1e-4)


def test_an_exact_output_is_split_as_by_hand() -> None:
    # 1,000 B at a mid of 100 are 10 A; at 80, 12.5 A; quoted to take 13 A with 0.13 A of fees; 13.1 were taken.
    planned = route(leg("A", "B", 13 * 10**9, 1000 * 10**6, fee_in=13 * 10**7), mid=80, exact_out=True)
    found = landed(planned, "100", amount_in=131 * 10**8)
    assert parts(found) == pytest.approx((3100, 2500, 130, 370, 100), abs=1e-4)


def test_fees_on_the_way_are_all_that_the_route_would_bring_more_without_them() -> None:
    # 1 % of A, then 2 % of C, then 3 % off B, at prices of 2, 5 and 1 before fees, and no impact.
    legs = (
        leg("A", "C", 10**12, 2 * 99 * 10**10, fee_in=10**10),
        leg("C", "D", 198 * 10**10, 5 * 198 * 98 * 10**8, fee_in=198 * 2 * 10**8),
        leg("D", "B", 97020 * 10**8, 97020 * 97 * 10**6, fee_out=97020 * 3 * 10**6),
    )
    planned = route(*legs, mid=Decimal(10).scaleb(3))
    found = landed(planned, "10000")
    assert found.fee_bps == pytest.approx((1 - 0.99 * 0.98 * 0.97) * 10_000, abs=1e-4)
    assert found.impact_bps == pytest.approx(0, abs=1e-4)


def test_a_split_route_values_what_meets_again_at_the_mean_of_what_it_brings() -> None:
    # Half of C brings 1 B each, the other half 3; the fee of 10 C out of 1,000 is worth 2 B each.
    legs = (
        leg("A", "C", 500, 495, fee_out=5),
        leg("A", "C", 500, 495, venue="w", fee_out=5),
        leg("C", "B", 495, 495),
        leg("C", "B", 495, 1485, venue="w"),
    )
    planned = route(*legs, mid=Decimal(2).scaleb(3))
    found = landed(planned, "2000")
    assert parts(found) == pytest.approx((100, 0, 100, 0, 0), abs=1e-4)


def test_an_exact_output_over_two_legs_values_fees_in_what_is_given() -> None:
    legs = (leg("A", "C", 1000, 1980, fee_in=10), leg("C", "B", 1980, 5821, fee_out=119))
    planned = route(*legs, mid=Decimal(6).scaleb(3), exact_out=True)
    found = landed(planned, "6000")
    assert found.fee_bps == pytest.approx((1000 - 5821 / 6) / (5821 / 6) * 10_000, abs=1)


@st.composite
def routes(draw: st.DrawFn) -> Route:
    """Routes over a token on the way, either side exact, with any fees, mids and amounts."""
    given_in, between, quoted = draw(AMOUNTS), draw(AMOUNTS), draw(AMOUNTS)
    fee_in, fee_out = draw(st.integers(0, given_in - 1)), draw(st.integers(0, quoted))
    legs = (leg("A", "C", given_in, between, fee_in=fee_in), leg("C", "B", between, quoted, fee_out=fee_out))
    return route(*legs, mid=draw(MIDS), exact_out=draw(st.booleans()))


@given(routes(), AMOUNTS, AMOUNTS, MIDS)
def test_the_parts_add_up_to_the_total(planned: Route, got_in: int, got_out: int, arrival: Decimal) -> None:
    total, *rest = parts(landed(planned, arrival, amount_in=got_in, amount_out=got_out))
    assert sum(rest) == pytest.approx(total, abs=1e-6 + 1e-14 * max(map(abs, rest)))
    worth = Decimal(got_in) * arrival.scaleb(-3)
    shortfall = (worth / got_out - 1) if planned.exact_out else (1 - got_out / worth)
    assert total == pytest.approx(float(shortfall * 10_000), rel=1e-12, abs=1e-4)


@given(AMOUNTS, MIDS)
def test_what_is_got_at_the_mid_costs_nothing(amount: int, mid: Decimal) -> None:
    assume((quoted := int(amount * mid.scaleb(-3))) > 10**4)
    found = landed(route(leg("A", "B", amount, quoted), mid=mid), mid)
    assert parts(found) == pytest.approx((0, 0, 0, 0, 0), abs=1)


def candidate(venue: str, *, amount_in: int | None = None, amount_out: int | None = None) -> Candidate:
    """A pool's quote for the whole amount."""
    return Candidate(venue=venue, pool=venue, amount_in=amount_in, amount_out=amount_out)


def test_the_second_best_is_the_best_quote_of_a_venue_without_a_leg() -> None:
    others = (
        candidate("v", amount_out=999),
        candidate("w", amount_out=900),
        candidate("x", amount_out=940),
        candidate("y"),
    )
    planned = route(leg("A", "B", 10**6, 950), mid=1, candidates=others)
    found = landed(planned, "1")
    assert (found.second_best_venue, found.second_best_amount, found.saved_bps) == ("x", 940, 100)


def test_of_an_exact_output_the_second_best_is_what_takes_least() -> None:
    others = (candidate("w", amount_in=1100), candidate("x", amount_in=1050), candidate("y"))
    planned = route(leg("A", "B", 1000, 10**6), mid=10**6, exact_out=True, candidates=others)
    found = landed(planned, str(10**6))
    assert (found.second_best_venue, found.second_best_amount, found.saved_bps) == ("x", 1050, 500)


def test_where_no_other_venue_quoted_there_is_no_second_best() -> None:
    found = landed(route(leg("A", "B", 10**6, 950), mid=1), "1")
    assert (found.second_best_venue, found.second_best_amount, found.saved_bps) == ("", None, 0)


@pytest.mark.parametrize("arrival", [None, Decimal(0)])
def test_without_a_price_at_arrival_there_is_no_cost(arrival: Decimal | None) -> None:
    planned = route(leg("A", "B", 10**6, 950), mid=1)
    assert costs.cost(planned, amount_in=1, amount_out=1, arrival_mid=arrival, decimals=DECIMALS) is None


def fired(condition: str, **prices: str) -> Fired:
    """Why an order fired."""
    return Fired(condition, datetime(2026, 11, 21, tzinfo=UTC), **prices)


@pytest.mark.parametrize(
    ("why", "mid"),
    [
        (None, Decimal(7)),
        (fired("STOP", price="5"), Decimal(5)),
        (fired("TRAILING_STOP", price="5"), Decimal(5)),
        (fired("LIMIT", price="5"), None),
        (fired("LIMIT", price="5", mid_price="6"), Decimal(6)),
        (fired("SCHEDULED", mid_price="6"), Decimal(6)),
        (fired("SNIPER"), None),
    ],
)
def test_an_order_arrives_when_it_is_accepted_or_fires(why: Fired | None, mid: Decimal | None) -> None:
    assert costs.arrival(Decimal(7), why) == mid
