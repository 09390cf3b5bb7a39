"""No token is made and none is lost, whatever happens on the market, and every vault can pay what its pool owes."""

import asyncio
import random
import sys

from fillwire_dex import Refused, Unquotable, tokens
from fillwire_dex.simulated import ZERO, FaultRates, MarketMotion, SimulatedMarket, open_market
from fillwire_dex.simulated.connection import Connections
from tests.integration.dex.trader import PAIRS
from tests.integration.dex.trading import SOL, all_landed, built, quoted, rows, sent

STORM = FaultRates(
    refuse=0.1,
    drop=0.1,
    timeout_but_lands=0.1,
    rate_limited=0.1,
    quote_unavailable=0.05,
    stale_read=0.2,
    halted=0.1,
    congested=0.3,
)


async def test_a_new_market_holds_all_that_was_minted(market: SimulatedMarket) -> None:
    audit = await market.audit()
    assert audit.is_clean
    assert audit.minted == audit.in_vaults
    assert set(audit.minted) >= {tokens.SOL.mint, tokens.USDC.mint}


async def test_what_a_swap_takes_from_traders_is_in_the_vaults(market: SimulatedMarket) -> None:
    before = await market.audit()
    [landed] = all_landed([await sent(market, await built(market, 100 * SOL))])
    after = await market.audit()
    assert after.is_clean
    assert after.gained == {tokens.SOL.mint: -100 * SOL, tokens.USDC.mint: landed.amount_out}
    assert after.in_vaults[tokens.SOL.mint] - before.in_vaults[tokens.SOL.mint] == 100 * SOL
    assert after.minted == before.minted


async def test_an_audit_finds_a_token_that_came_from_nowhere(market: SimulatedMarket, connections: Connections) -> None:
    async with connections.connection() as connection:
        await connection.execute("INSERT INTO market.balances VALUES ('traders', %s, 1)", [tokens.JUP.mint])
    audit = await market.audit()
    assert audit.missing == {tokens.JUP.mint: -1}
    assert not audit.is_clean


async def test_an_audit_finds_a_vault_that_cannot_pay(market: SimulatedMarket, connections: Connections) -> None:
    async with connections.connection() as connection:
        await connection.execute("UPDATE market.pools SET vault_b = vault_b - 1 WHERE id = 'raydium_amm_v4.SOL-USDC.1'")
    [shortfall] = (await market.audit()).shortfalls
    assert (shortfall.pool_id, shortfall.mint) == ("raydium_amm_v4.SOL-USDC.1", tokens.USDC.mint)
    assert shortfall.owed - shortfall.held == 1


async def test_it_all_adds_up_in_every_slot_of_a_storm(market: SimulatedMarket) -> None:
    chance = random.Random(11)
    await market.set_rates(STORM)
    await market.hold_clock(1_000)
    await market.set_motion(MarketMotion.MOVING)
    answers = []
    for slot in range(1_001, 1_061):
        await market.hold_clock(slot)
        for number in range(3):
            sell, buy = map(tokens.find, chance.sample(chance.choice(PAIRS), 2))
            amount = chance.randrange(1, 10**4) * 10**sell.decimals
            try:
                route, read = await quoted(market, amount, sell=sell, buy=buy)
            except Unquotable:
                continue
            transaction = market.build(route, min_amount_out=route.floor(30), reference=f"{slot}:{number}", slot=read)
            answers.append(await sent(market, transaction))
        audit = await market.audit()
        assert audit.missing == {}, slot
        assert audit.shortfalls == (), slot
    outcomes = {type(getattr(answer, "outcome", answer)).__name__ for answer in answers}
    assert outcomes >= {"Landed", "Refused", "Pending", "NotTaken", "SendUnknown"}
    reasons = {answer.outcome.reason for answer in answers if isinstance(getattr(answer, "outcome", 0), Refused)}
    assert reasons >= {"slippage_exceeded", "simulated"}


async def test_it_all_adds_up_while_several_processes_trade_in_a_storm(
    database_url: str, connections: Connections
) -> None:
    async with connections.connection() as connection:
        await connection.execute("UPDATE market.chain SET slot_ms = 40")
    market = await open_market(connections, profile=ZERO)
    await market.set_rates(STORM)
    await market.set_motion(MarketMotion.MOVING)
    trader = [sys.executable, "-m", "tests.integration.dex.trader", database_url]
    traders = [await asyncio.create_subprocess_exec(*trader, str(seed), "40") for seed in range(3)]
    finished = asyncio.gather(*(process.wait() for process in traders))
    audits = 0
    while not finished.done():
        await market.advance()
        audit = await market.audit()
        assert audit.missing == {}
        assert audit.shortfalls == ()
        audits += 1
    assert await finished == [0, 0, 0]
    assert audits > 10
    await market.advance()
    assert (await market.audit()).is_clean
    statuses = dict(await rows(connections, "SELECT status, count(*) FROM market.transactions GROUP BY status"))
    assert statuses["landed"] > 10
    assert statuses["refused"] > 2
    [(owners,)] = await rows(connections, "SELECT count(DISTINCT owner) FROM market.balances WHERE amount <> 0")
    assert owners >= 3
