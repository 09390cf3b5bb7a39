"""What venues did to orders counts in routing, in every worker, and can be switched off."""

import psycopg
import pytest

from fillwire_dex.scores import HALF_LIFE_SECONDS
from fillwire_orders import Pool, StoreUnavailable, VenueRecords
from fillwire_orders.event import Leg
from fillwire_workers.scorekeeper import Scorekeeper


@pytest.fixture
def records(pool: Pool) -> VenueRecords:
    return VenueRecords(pool, half_life_seconds=HALF_LIFE_SECONDS)


def leg(venue: str, *, quoted: int | None = 1_000_000, filled: int = 1_000_000) -> Leg:
    return Leg(
        venue=venue,
        pool=f"{venue}.1",
        token_in="SOL",
        token_out="USDC",
        amount_in=6_250_000,
        amount_out=filled,
        fee_in=0,
        fee_out=0,
        fee_bps=0.0,
        share_bps=10_000.0,
        quoted_amount_out=quoted,
    )


async def test_a_venue_that_fills_short_is_distrusted_by_every_worker(records: VenueRecords) -> None:
    async with Scorekeeper(records, mode="apply") as scores:
        for _ in range(100):
            scores.filled([leg("short", filled=998_000), leg("true")], landing_seconds=0.4)
        await scores.exchange()
        assert scores.haircuts.keys() == {"short"}
        assert 15 < scores.haircuts["short"] <= 20
    async with Scorekeeper(records, mode="apply") as another:
        assert another.haircuts["short"] == pytest.approx(scores.haircuts["short"], abs=0.05)


async def test_a_venue_that_refuses_is_distrusted(records: VenueRecords) -> None:
    async with Scorekeeper(records, mode="apply") as scores:
        for _ in range(30):
            scores.refused(["unwilling", "unlucky"])
            scores.filled([leg("unlucky")] * 10, landing_seconds=0.4)
        await scores.exchange()
        assert scores.haircuts["unwilling"] > 5 * scores.haircuts["unlucky"] > 0


async def test_what_was_seen_is_written_when_the_worker_ends(records: VenueRecords) -> None:
    async with Scorekeeper(records, mode="observe") as scores:
        scores.filled([leg("a")], landing_seconds=0.4)
    assert (await records.read())["a"].fills == pytest.approx(1, rel=1e-3)


async def test_a_leg_without_a_promise_says_nothing_of_its_venue(records: VenueRecords) -> None:
    async with Scorekeeper(records, mode="observe") as scores:
        scores.filled([leg("a", quoted=None)], landing_seconds=0.4)
    assert await records.read() == {}


async def test_an_observer_keeps_records_and_leaves_routing_alone(records: VenueRecords) -> None:
    async with Scorekeeper(records, mode="observe") as scores:
        for _ in range(100):
            scores.refused(["unwilling"])
        await scores.exchange()
        assert scores.haircuts == {}
    assert (await records.read())["unwilling"].refusals == pytest.approx(100, rel=1e-3)


async def test_switched_off_nothing_is_kept(records: VenueRecords) -> None:
    async with Scorekeeper(records, mode="off") as scores:
        scores.refused(["unwilling"])
    assert await records.read() == {}


async def test_without_the_store_nothing_seen_is_forgotten(database_url: str, records: VenueRecords) -> None:
    async with Scorekeeper(records, mode="observe") as scores:
        scores.refused(["first"])
        await scores.exchange()
        scores.refused(["second"])
        with psycopg.connect(database_url) as connection:
            connection.execute("LOCK TABLE fillwire.venue_records")  # PostgreSQL gives a statement 2 s to wait for it
            with pytest.raises(StoreUnavailable):
                await scores.exchange()
    assert (await records.read()).keys() == {"first", "second"}
