"""Records of venues are sums that fade by the database's clock, whoever adds to them."""

import asyncio

import pytest

from fillwire_dex.scores import Record
from fillwire_orders import Pool, VenueRecord, VenueRecords

HALF_LIFE = 900.0

ONE_FILL = VenueRecord(fills=1.0, error_bps=-4.0, error_bps_squared=16.0, refusals=0.0, landing_seconds=0.5)
ONE_REFUSAL = VenueRecord(fills=0.0, error_bps=0.0, error_bps_squared=0.0, refusals=1.0, landing_seconds=0.0)


@pytest.fixture
def records(pool: Pool) -> VenueRecords:
    return VenueRecords(pool, half_life_seconds=HALF_LIFE)


async def age(pool: Pool, seconds: float) -> None:
    """Makes everything that is remembered so much older."""
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE fillwire.venue_records SET as_of = as_of - %s * interval '1 second'", [seconds]
        )


def test_a_record_has_the_sums_that_scores_are_made_of() -> None:
    assert VenueRecord.__struct_fields__ == tuple(Record.__slots__)


async def test_nothing_is_remembered_at_first(records: VenueRecords) -> None:
    assert await records.read() == {}


async def test_what_is_added_is_summed_by_venue(records: VenueRecords) -> None:
    await records.add({"b": ONE_FILL, "a": ONE_REFUSAL})
    await records.add({"b": ONE_FILL})
    kept = await records.read()
    assert list(kept) == ["a", "b"]
    assert kept["b"].fills == pytest.approx(2, rel=1e-3)
    assert kept["b"].error_bps == pytest.approx(-8, rel=1e-3)
    assert kept["b"].error_bps_squared == pytest.approx(32, rel=1e-3)
    assert kept["b"].landing_seconds == pytest.approx(1, rel=1e-3)
    assert kept["a"].refusals == pytest.approx(1, rel=1e-3)


async def test_the_past_counts_half_after_a_half_life_read_or_added_to(pool: Pool, records: VenueRecords) -> None:
    await records.add({"a": ONE_FILL})
    await age(pool, HALF_LIFE)
    assert (await records.read())["a"].fills == pytest.approx(0.5, rel=1e-3)
    await records.add({"a": ONE_FILL})
    assert (await records.read())["a"].fills == pytest.approx(1.5, rel=1e-3)


async def test_many_who_add_at_once_lose_nothing(records: VenueRecords) -> None:
    both = {"b": ONE_FILL, "a": ONE_FILL}
    await asyncio.gather(*(records.add(dict(sorted(both.items(), reverse=i % 2 == 0))) for i in range(40)))
    kept = await records.read()
    assert kept["a"].fills == pytest.approx(40, rel=1e-2)
    assert kept["b"].fills == pytest.approx(40, rel=1e-2)
