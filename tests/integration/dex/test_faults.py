"""Scripted and seeded faults are felt where they say, and nowhere else."""

import asyncio

import pytest
from psycopg_pool import AsyncConnectionPool

from fillwire_dex import (
    Accepted,
    DelayReason,
    Expired,
    Landed,
    MarketNotInstalled,
    MarketUnavailable,
    NotTaken,
    Pending,
    PoolKind,
    RefusalReason,
    Refused,
    SendUnknown,
    VenueStatus,
    router,
    tokens,
)
from fillwire_dex.simulated import (
    ZERO,
    Fault,
    FaultKind,
    FaultRates,
    MarketMotion,
    SimulatedMarket,
    open_market,
)
from fillwire_dex.simulated.connection import Connections, transaction
from fillwire_dex.simulated.faults import MOST_STALE_SLOTS
from fillwire_dex.simulated.faults.chance import WINDOW_SLOTS, Chance
from fillwire_dex.simulated.faults.scripted import Halts
from fillwire_dex.simulated.streams import Streams
from tests.integration.dex.trading import SOL, begin, built, known, outcome, pass_slots, rows, sent, vaults


async def test_a_send_that_times_out_lands_all_the_same(market: SimulatedMarket) -> None:
    await market.script(Fault(FaultKind.TIMEOUT_BUT_LANDS))
    transaction = await built(market)
    assert isinstance(await sent(market, transaction), SendUnknown)
    landed = await outcome(market, transaction)
    assert isinstance(landed, Landed)
    assert await sent(market, transaction) == Accepted(transaction.signature, landed)


async def test_a_market_that_refuses_refuses_every_time(market: SimulatedMarket, connections: Connections) -> None:
    held = await vaults(connections)
    await market.script(Fault(FaultKind.REFUSE, times=None))
    for _ in range(5):
        refused = (await sent(market, await built(market))).outcome
        assert isinstance(refused, Refused)
        assert refused.reason is RefusalReason.SIMULATED
    assert await vaults(connections) == held
    await market.clear_faults()
    assert isinstance((await sent(market, await built(market))).outcome, Landed)


async def test_a_fault_strikes_as_often_as_it_was_scripted(market: SimulatedMarket) -> None:
    await market.script(Fault(FaultKind.REFUSE, times=2))
    batch = [await built(market) for _ in range(4)]
    kinds = [type(one).__name__ for one in known(await market.send(batch))]
    assert sorted(kinds) == ["Landed", "Landed", "Refused", "Refused"]


async def test_sending_again_does_not_use_up_a_fault_that_strikes_what_is_new(market: SimulatedMarket) -> None:
    landed = await built(market)
    first = await sent(market, landed)
    await market.script(Fault(FaultKind.REFUSE, times=1))
    assert await sent(market, landed) == first
    assert isinstance((await sent(market, await built(market))).outcome, Refused)


async def test_a_fault_scripted_here_strikes_there(connections: Connections, market: SimulatedMarket) -> None:
    other = await open_market(connections, profile=ZERO)
    await other.script(Fault(FaultKind.REFUSE))
    assert isinstance((await sent(market, await built(market))).outcome, Refused)
    assert isinstance((await sent(market, await built(market))).outcome, Landed)


async def test_a_dropped_transaction_is_pending_until_it_is_expired(
    market: SimulatedMarket, connections: Connections
) -> None:
    await market.script(Fault(FaultKind.DROP))
    transaction = await built(market)
    assert isinstance((await sent(market, transaction)).outcome, Pending)
    assert isinstance((await sent(market, transaction)).outcome, Pending)
    await pass_slots(connections, 151)
    assert isinstance(await outcome(market, transaction), Expired)


async def test_a_rate_limited_transaction_was_not_taken_and_can_be_sent_again(market: SimulatedMarket) -> None:
    await market.script(Fault(FaultKind.RATE_LIMITED))
    transaction = await built(market)
    answer = await sent(market, transaction)
    assert isinstance(answer, NotTaken)
    assert answer.reason is DelayReason.RATE_LIMITED
    assert answer.retry_after_seconds > 0
    assert isinstance((await sent(market, transaction)).outcome, Landed)


async def test_a_fault_of_one_venue_leaves_the_others_alone(market: SimulatedMarket) -> None:
    await market.script(Fault(FaultKind.REFUSE, times=None, venue="raydium_cpmm"))
    elsewhere = await built(market, venue="raydium_amm_v4")
    there = await built(market, venue="raydium_cpmm")
    answers = await market.send([elsewhere, there])
    assert [type(one) for one in known(answers)] == [Landed, Refused]


async def test_a_halted_venue_gives_no_quotes_and_executes_nothing(market: SimulatedMarket) -> None:
    before = await built(market, venue="raydium_cpmm")
    await market.script(Fault(FaultKind.HALTED, times=None, venue="raydium_cpmm"))
    snapshot = await market.pools(tokens.SOL, tokens.USDC)
    assert {entry.venue for entry in snapshot.listings} == set(PoolKind) - {"raydium_cpmm"}
    assert [read.problem for read in snapshot.reads if read.venue == "raydium_cpmm"] == ["halted"]
    statuses = {venue.name: venue.status for venue in await market.venues()}
    assert statuses["raydium_cpmm"] is VenueStatus.HALTED
    assert statuses["raydium_amm_v4"] is VenueStatus.OPEN
    refused, landed = known(await market.send([before, await built(market, venue="raydium_amm_v4")]))
    assert isinstance(refused, Refused)
    assert refused.reason is RefusalReason.VENUE_HALTED
    assert isinstance(landed, Landed)


async def test_a_halted_market_takes_nothing(market: SimulatedMarket) -> None:
    transaction = await built(market)
    await market.script(Fault(FaultKind.HALTED, times=None))
    answer = await sent(market, transaction)
    assert isinstance(answer, NotTaken)
    assert answer.reason is DelayReason.HALTED
    with pytest.raises(MarketUnavailable, match="halted"):
        await market.pools(tokens.SOL, tokens.USDC)
    await market.clear_faults()
    assert isinstance((await sent(market, transaction)).outcome, Landed)


async def test_a_venue_that_cannot_be_read_is_named_and_does_without(market: SimulatedMarket) -> None:
    await market.script(Fault(FaultKind.QUOTE_UNAVAILABLE, times=1, venue="meteora_damm_v2"))
    first = await market.pools(tokens.SOL, tokens.USDC)
    second = await market.pools(tokens.SOL, tokens.USDC)
    assert [read.venue for read in first.reads if read.problem] == ["meteora_damm_v2"]
    assert "meteora_damm_v2" not in {entry.venue for entry in first.listings}
    assert "meteora_damm_v2" in {entry.venue for entry in second.listings}


async def test_seeded_faults_strike_the_same_transactions_again(
    market: SimulatedMarket, connections: Connections
) -> None:
    rates = FaultRates(refuse=0.3, drop=0.2)
    await market.set_rates(rates)
    batch = [await built(market, SOL + number) for number in range(60)]
    other = await open_market(connections, profile=ZERO)
    kinds = [type(one).__name__ for one in known(await other.send(batch))]
    assert 5 < kinds.count("Refused") < 35
    assert 2 < kinds.count("Pending") < 25
    chance = Chance(Streams("fillwire"), {None: rates})
    fates = [chance.of_send(transaction.signature, ()) for transaction in batch]
    names = {None: "Landed", FaultKind.REFUSE: "Refused", FaultKind.DROP: "Pending"}
    assert [names[fate] for fate in fates] == kinds


async def test_a_rate_of_zero_is_never(market: SimulatedMarket, connections: Connections) -> None:
    batch = [await built(market, SOL + number) for number in range(50)]
    await market.send(batch)
    assert await rows(connections, "SELECT DISTINCT status FROM market.transactions") == [("landed",)]


async def test_a_market_that_was_not_installed_says_so(connections: Connections) -> None:
    async with connections.connection() as connection:
        await connection.execute("DROP SCHEMA market CASCADE")
    with pytest.raises(MarketNotInstalled):
        await open_market(connections, profile=ZERO)


async def test_a_venue_halted_three_times_is_felt_three_times_by_readers_and_traders_alike(
    market: SimulatedMarket,
) -> None:
    batch = [await built(market, venue="raydium_cpmm") for _ in range(3)]
    await market.script(Fault(FaultKind.HALTED, times=3, venue="raydium_cpmm"))
    first = await market.pools(tokens.SOL, tokens.USDC)
    assert [read.venue for read in first.reads if read.problem] == ["raydium_cpmm"]
    assert sorted(type(one).__name__ for one in known(await market.send(batch))) == ["Landed", "Refused", "Refused"]
    assert not any(read.problem for read in (await market.pools(tokens.SOL, tokens.USDC)).reads)
    assert isinstance((await sent(market, await built(market, venue="raydium_cpmm"))).outcome, Landed)


async def test_a_market_halted_three_times_is_felt_three_times(market: SimulatedMarket) -> None:
    transaction = await built(market)
    await market.script(Fault(FaultKind.HALTED, times=3))
    with pytest.raises(MarketUnavailable, match="halted"):
        await market.pools(tokens.SOL, tokens.USDC)
    assert isinstance(await sent(market, transaction), NotTaken)
    with pytest.raises(MarketUnavailable, match="halted"):
        await market.pools(tokens.SOL, tokens.USDC)
    assert not any(read.problem for read in (await market.pools(tokens.SOL, tokens.USDC)).reads)
    assert isinstance((await sent(market, transaction)).outcome, Landed)


async def test_a_halt_is_felt_no_more_often_when_many_feel_it_at_once(connections: Connections) -> None:
    markets = [await open_market(connections, profile=ZERO) for _ in range(4)]
    batches = [[await built(markets[0], SOL + 9 * m + n, venue="raydium_cpmm") for n in range(3)] for m in range(4)]
    await markets[0].script(Fault(FaultKind.HALTED, times=5, venue="raydium_cpmm"))
    answers, snapshots = await asyncio.gather(
        asyncio.gather(*(market.send(batch) for market, batch in zip(markets, batches, strict=True))),
        asyncio.gather(*(market.pools(tokens.SOL, tokens.USDC) for market in markets)),
    )
    refused = [one for some in answers for one in known(some) if isinstance(one, Refused)]
    unread = [read for snapshot in snapshots for read in snapshot.reads if read.problem]
    assert len(refused) + len(unread) == 5
    assert await rows(connections, "SELECT remaining FROM market.faults") == [(0,)]


async def test_a_reader_does_not_feel_the_halt_that_a_block_is_about_to_feel(
    market: SimulatedMarket, connections: Connections
) -> None:
    await market.script(Fault(FaultKind.HALTED, times=1, venue="raydium_cpmm"))
    armed = (await market._reader.everything()).armed
    async with transaction(connections) as block:
        halts = await Halts.lock(block, armed)
        reading = asyncio.ensure_future(market.pools(tokens.SOL, tokens.USDC))
        async with asyncio.timeout(10):
            while await rows(connections, "SELECT count(*) FROM pg_locks WHERE NOT granted") == [(0,)]:
                assert not reading.done()
        assert halts.feel("raydium_cpmm")
        assert not halts.feel("raydium_cpmm")
        await halts.write(block)
    assert not any(read.problem for read in (await reading).reads)


async def test_a_stale_venue_answers_with_its_pools_as_they_were(market: SimulatedMarket) -> None:
    await market.hold_clock(100)
    old = await market.pools(tokens.SOL, tokens.USDC)
    await market.hold_clock(104)
    await sent(market, await built(market, 100 * SOL, venue="raydium_amm_v4"))
    middle = await market.pools(tokens.SOL, tokens.USDC)
    await market.hold_clock(109)
    await sent(market, await built(market, 100 * SOL, venue="raydium_amm_v4"))
    new = await market.pools(tokens.SOL, tokens.USDC)
    for slots, seen in [(4, middle), (5, middle), (6, old), (9, old), (30, old)]:
        await market.script(Fault(FaultKind.STALE_READ, venue="raydium_amm_v4", slots=slots))
        stale = await market.pools(tokens.SOL, tokens.USDC)
        assert stale.listings == seen.listings
        assert stale.slot == 109 - slots
    assert old.listings != middle.listings != new.listings
    assert (await market.pools(tokens.SOL, tokens.USDC)).listings == new.listings


async def test_what_is_quoted_on_a_stale_venue_slips_when_it_lands(market: SimulatedMarket) -> None:
    await market.hold_clock(100)
    before = await market.pools(tokens.SOL, tokens.USDC)
    promised = router.best(before, amount_in=50 * SOL, venues=["raydium_amm_v4"])
    await market.hold_clock(102)
    await sent(market, await built(market, 1_000 * SOL, venue="raydium_amm_v4"))
    await market.script(Fault(FaultKind.STALE_READ, slots=2, times=None))
    stale = await market.pools(tokens.SOL, tokens.USDC)
    route = router.best(stale, amount_in=50 * SOL, venues=["raydium_amm_v4"])
    assert route.amount_out == promised.amount_out
    transaction = market.build(route, min_amount_out=route.floor(10), reference="o:1", slot=stale.slot)
    refused = (await sent(market, transaction)).outcome
    assert isinstance(refused, Refused)
    assert refused.reason is RefusalReason.SLIPPAGE_EXCEEDED


async def test_a_stale_venue_of_a_moving_market_answers_as_it_did_then(
    connections: Connections, market: SimulatedMarket
) -> None:
    await market.hold_clock(1_000)
    await market.set_motion(MarketMotion.MOVING)
    seen = {}
    for slot in range(1_001, 1_041):
        await market.hold_clock(slot)
        await market.advance()
        seen[slot] = await market.pools(tokens.SOL, tokens.USDC)
    assert seen[1_040].listings != seen[1_039].listings
    for slots in (1, 5, 17, MOST_STALE_SLOTS):
        await market.script(Fault(FaultKind.STALE_READ, times=None, slots=slots))
        assert (await market.pools(tokens.SOL, tokens.USDC)).listings == seen[1_040 - slots].listings
        await market.clear_faults()


async def test_a_block_of_many_slots_remembers_each_of_them(
    connections: Connections, market: SimulatedMarket, second_url: str
) -> None:
    await begin(connections, market, 1_000)
    await market.hold_clock(1_040)
    await market.advance()
    seen = {}
    for slots in (1, 2, 11, MOST_STALE_SLOTS):
        await market.script(Fault(FaultKind.STALE_READ, times=None, slots=slots))
        seen[1_040 - slots] = (await market.pools(tokens.SOL, tokens.USDC)).listings
        await market.clear_faults()
    async with AsyncConnectionPool(second_url, min_size=1, max_size=4, open=False) as others:
        stepped = await open_market(others, profile=ZERO)
        await begin(others, stepped, 1_000)
        for slot in range(1_001, 1_040):
            await stepped.hold_clock(slot)
            await stepped.advance()
            if slot in seen:
                assert (await stepped.pools(tokens.SOL, tokens.USDC)).listings == seen[slot]


def test_the_market_remembers_no_more_than_it_says() -> None:
    with pytest.raises(ValueError, match="31"):
        Fault(FaultKind.STALE_READ, slots=MOST_STALE_SLOTS + 1)


async def test_in_a_congested_market_transactions_land_later_and_some_never(
    market: SimulatedMarket, connections: Connections
) -> None:
    await market.hold_clock(100)
    await market.script(Fault(FaultKind.CONGESTED, times=None, slots=5, share=0.3))
    batch = [await built(market, SOL + number) for number in range(40)]
    assert all(isinstance(one, Pending) for one in known(await market.send(batch)))
    await market.hold_clock(106)
    outcomes = await market.outcomes([transaction.signature for transaction in batch])
    landed = [one.slot for one in outcomes if isinstance(one, Landed)]
    assert set(landed) == {101, 102, 103, 104, 105}
    assert 4 < sum(isinstance(one, Pending) for one in outcomes) < 20
    await market.clear_faults()
    assert isinstance((await sent(market, await built(market))).outcome, Landed)


async def test_congestion_of_one_venue_leaves_the_others_alone(market: SimulatedMarket) -> None:
    await market.script(Fault(FaultKind.CONGESTED, times=None, share=0.0, venue="raydium_cpmm"))
    elsewhere = await built(market, venue="raydium_amm_v4")
    there = await built(market, venue="raydium_cpmm")
    assert [type(one) for one in known(await market.send([elsewhere, there]))] == [Landed, Pending]


async def test_a_fault_that_lasts_some_slots_ends_by_itself(market: SimulatedMarket) -> None:
    await market.hold_clock(100)
    await market.script(Fault(FaultKind.REFUSE, times=None, lasting_slots=10))
    await market.hold_clock(109)
    assert isinstance((await sent(market, await built(market))).outcome, Refused)
    await market.hold_clock(110)
    assert isinstance((await sent(market, await built(market))).outcome, Landed)


async def test_rates_of_one_venue_leave_the_others_alone(connections: Connections, market: SimulatedMarket) -> None:
    other = await open_market(connections, profile=ZERO)
    await other.set_rates(FaultRates(refuse=1.0), venue="raydium_cpmm")
    elsewhere = await built(market, venue="raydium_amm_v4")
    there = await built(market, venue="raydium_cpmm")
    assert [type(one) for one in known(await market.send([elsewhere, there]))] == [Landed, Refused]
    await other.set_rates(FaultRates(), venue="raydium_cpmm")
    assert isinstance((await sent(market, await built(market, venue="raydium_cpmm"))).outcome, Landed)


async def test_a_venue_halted_by_chance_is_halted_for_its_window_alike_for_all(
    connections: Connections, market: SimulatedMarket
) -> None:
    await market.set_rates(FaultRates(halted=0.5), venue="raydium_cpmm")
    other = await open_market(connections, profile=ZERO)
    seen = []
    for window in range(12):
        await market.hold_clock(window * WINDOW_SLOTS + 7)
        snapshot = await market.pools(tokens.SOL, tokens.USDC)
        problems = {read.venue: read.problem for read in snapshot.reads if read.problem}
        statuses = {venue.name for venue in await other.venues() if venue.status is VenueStatus.HALTED}
        assert set(problems) == statuses
        seen.append(problems)
        if not problems:
            transaction = await built(market, venue="raydium_cpmm")
            assert isinstance((await sent(other, transaction)).outcome, Landed)
    assert {} in seen
    assert {"raydium_cpmm": "halted"} in seen


async def test_a_halt_by_chance_refuses_what_lands(market: SimulatedMarket) -> None:
    transaction = await built(market, venue="raydium_cpmm")
    await market.set_rates(FaultRates(halted=1.0), venue="raydium_cpmm")
    refused = (await sent(market, transaction)).outcome
    assert isinstance(refused, Refused)
    assert refused.reason is RefusalReason.VENUE_HALTED


async def test_reads_are_stale_and_fail_as_often_as_their_rates_say(market: SimulatedMarket) -> None:
    await market.hold_clock(100)
    await market.set_rates(FaultRates(quote_unavailable=0.1, stale_read=0.3))
    snapshots = [await market.pools(tokens.SOL, tokens.USDC) for _ in range(60)]
    problems = [read.problem for snapshot in snapshots for read in snapshot.reads]
    assert 0.04 < problems.count("quote_unavailable") / len(problems) < 0.18
    assert {snapshot.slot for snapshot in snapshots} == {92, 100}


@pytest.mark.parametrize("window", range(1, 7))
async def test_slippage_is_never_injected(market: SimulatedMarket, window: int) -> None:
    """In windows with congestion as in others: what is late has landed when the clock has gone on."""
    await market.hold_clock(window * WINDOW_SLOTS)
    batch = [await built(market, SOL + number) for number in range(30)]
    await market.set_rates(FaultRates(refuse=0.5, drop=0.2, timeout_but_lands=0.2, congested=0.5))
    await market.set_rates(FaultRates(halted=0.5), venue="raydium_amm_v4")
    await market.send(batch)
    await market.hold_clock(window * WINDOW_SLOTS + 10)
    outcomes = await market.outcomes([transaction.signature for transaction in batch])
    reasons = {one.reason for one in outcomes if isinstance(one, Refused)}
    assert reasons
    assert RefusalReason.SLIPPAGE_EXCEEDED not in reasons
