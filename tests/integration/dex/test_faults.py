"""Scripted and seeded faults are felt where they say, and nowhere else."""

import pytest

from fillwire_dex import (
    Accepted,
    DelayReason,
    Expired,
    Landed,
    MarketNotInstalled,
    MarketUnavailable,
    NotTaken,
    Pending,
    RefusalReason,
    Refused,
    SendUnknown,
    VenueStatus,
    tokens,
)
from fillwire_dex.simulated import ZERO, Fault, FaultKind, FaultRates, SimulatedMarket, open_market
from fillwire_dex.simulated.connection import Connections
from tests.integration.dex.trading import SOL, built, known, outcome, pass_slots, rows, sent, vaults


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
    assert {entry.venue for entry in snapshot.listings} == {"raydium_amm_v4", "meteora_damm_v2"}
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


async def test_seeded_faults_strike_the_same_transactions_again(connections: Connections) -> None:
    rates = FaultRates(refuse=0.3, drop=0.2)
    market = await open_market(connections, profile=ZERO, rates=rates)
    batch = [await built(market, SOL + number) for number in range(60)]
    kinds = [type(one).__name__ for one in known(await market.send(batch))]
    assert 5 < kinds.count("Refused") < 35
    assert 2 < kinds.count("Pending") < 25
    again = await open_market(connections, profile=ZERO, rates=rates)
    fates = [again._mempool.hazards._seeded(transaction.signature) for transaction in batch]
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
