"""What is sent lands once, whole or not at all, at the state of its moment."""

import asyncio
import random
from dataclasses import replace

from fillwire_dex import Accepted, Expired, Landed, RefusalReason, Refused, Transaction, Unseen, tokens
from fillwire_dex.simulated import DEFAULT, ZERO, LatencyProfile, SimulatedMarket, open_market
from fillwire_dex.simulated.connection import Connections
from fillwire_dex.simulated.migrations import upgrade
from tests.integration.dex.trading import (
    SOL,
    all_landed,
    built,
    known,
    outcome,
    pass_slots,
    quoted,
    rows,
    sent,
    settled,
    vaults,
)

NEVER_SOON = LatencyProfile("never soon", read=(0, 0), build=(0, 0), send=(0, 0), landing=(3600, 3600))


async def test_a_swap_lands_with_what_was_quoted_when_nothing_moved(market: SimulatedMarket) -> None:
    route, slot = await quoted(market, 500 * SOL)
    transaction = market.build(route, min_amount_out=route.amount_out, reference="o:1", slot=slot)
    answer = await sent(market, transaction)
    assert isinstance(answer, Accepted)
    landed = answer.outcome
    assert isinstance(landed, Landed)
    assert (landed.amount_in, landed.amount_out) == (500 * SOL, route.amount_out)
    assert [(leg.pool_id, leg.amount_out) for leg in landed.legs] == [
        (leg.pool_id, leg.amount_out) for leg in route.legs
    ]
    assert len(landed.legs) > 1
    assert await outcome(market, transaction) == landed


async def test_a_landed_swap_moves_the_price_for_the_next(market: SimulatedMarket) -> None:
    before, _ = await quoted(market, 1_000 * SOL)
    await sent(market, await built(market, 1_000 * SOL))
    after, _ = await quoted(market, 1_000 * SOL)
    assert after.amount_out < before.amount_out


async def test_a_swap_in_the_very_first_slot_counts(market: SimulatedMarket, connections: Connections) -> None:
    async with connections.connection() as connection:
        await connection.execute("UPDATE market.chain SET genesis = clock_timestamp(), slot_ms = 600000")
    landed = (await sent(market, await built(market))).outcome
    assert isinstance(landed, Landed)
    assert landed.slot == 0
    assert await rows(connections, "SELECT sum(version) FROM market.pools") == [(len(landed.legs),)]


async def test_sending_again_changes_nothing_and_says_the_same(
    market: SimulatedMarket, connections: Connections
) -> None:
    transaction = await built(market)
    first = await sent(market, transaction)
    held = await vaults(connections)
    assert await sent(market, transaction) == first
    assert await market.send([transaction, transaction]) == [first, first]
    assert await vaults(connections) == held


async def test_a_signature_lands_once_however_many_send_it_at_once(connections: Connections) -> None:
    markets = [await open_market(connections, profile=ZERO) for _ in range(4)]
    transactions = [await built(markets[0], SOL + number) for number in range(10)]
    orders = [random.Random(number).sample(transactions, len(transactions)) for number in range(12)]
    answers = await asyncio.gather(
        *(markets[number % 4].send(order) for number, order in enumerate(orders)), return_exceptions=False
    )
    landed = {answer.signature: answer for answer in answers[0] if isinstance(answer, Accepted)}
    assert len(landed) == 10
    assert all(answer == landed[answer.signature] for some in answers for answer in some)
    [(moves,)] = await rows(connections, "SELECT sum(version) FROM market.pools")
    assert moves == sum(len(transaction.instructions) for transaction in transactions)


async def test_blocks_of_several_processes_never_overwrite_each_other(connections: Connections) -> None:
    markets = [await open_market(connections, profile=ZERO) for _ in range(6)]
    batches = [[await built(markets[0], SOL + 10 * m + n) for n in range(5)] for m in range(6)]
    held = await vaults(connections)
    answers = await asyncio.gather(*(m.send(batch) for m, batch in zip(markets, batches, strict=True)))
    landed = all_landed([answer for some in answers for answer in some])
    assert await rows(connections, "SELECT sum(version) FROM market.pools") == [(sum(len(o.legs) for o in landed),)]
    after = await vaults(connections)
    assert after[tokens.SOL.mint] - held[tokens.SOL.mint] == sum(o.amount_in for o in landed)
    assert held[tokens.USDC.mint] - after[tokens.USDC.mint] == sum(o.amount_out for o in landed)


async def test_the_minimum_is_enforced_on_the_total_and_a_refusal_changes_nothing(
    market: SimulatedMarket, connections: Connections
) -> None:
    route, slot = await quoted(market, 2_000 * SOL)
    exact = market.build(route, min_amount_out=route.amount_out, reference="o:1", slot=slot)
    await sent(market, await built(market, 100 * SOL))
    before = await rows(connections, "SELECT * FROM market.pools ORDER BY id")
    refused = (await sent(market, exact)).outcome
    assert isinstance(refused, Refused)
    assert refused.reason is RefusalReason.SLIPPAGE_EXCEEDED
    assert str(route.amount_out) in refused.message
    assert await rows(connections, "SELECT * FROM market.pools ORDER BY id") == before
    within = market.build(route, min_amount_out=route.floor(100), reference="o:2", slot=slot)
    assert isinstance((await sent(market, within)).outcome, Landed)


async def test_a_single_leg_may_fall_short_when_the_total_does_not(market: SimulatedMarket) -> None:
    route, slot = await quoted(market, 2_000 * SOL)
    worst, *rest = route.legs
    raided = await built(market, 50 * SOL, venue=worst.venue)
    await sent(market, raided)
    landed = (
        await sent(market, market.build(route, min_amount_out=route.floor(500), reference="o", slot=slot))
    ).outcome
    assert isinstance(landed, Landed)
    assert any(leg.amount_out < quote.amount_out for leg, quote in zip(landed.legs, route.legs, strict=True))
    assert rest


async def test_transactions_of_one_batch_see_each_other(market: SimulatedMarket) -> None:
    route, slot = await quoted(market, 100 * SOL)
    batch = [market.build(route, min_amount_out=1, reference=f"o:{n}", slot=slot) for n in range(3)]
    outputs = [landed.amount_out for landed in all_landed(await market.send(batch))]
    assert len(set(outputs)) == 3
    assert max(outputs) == route.amount_out


async def test_what_could_not_land_in_time_is_expired_and_stays_so(
    connections: Connections, market: SimulatedMarket
) -> None:
    slow = await open_market(connections, profile=NEVER_SOON)
    transaction = await built(slow)
    assert (await sent(slow, transaction)).outcome == await outcome(slow, transaction)
    await pass_slots(connections, 151)
    expired = await outcome(market, transaction)
    assert isinstance(expired, Expired)
    assert expired.slot > transaction.last_valid_slot
    assert (await sent(market, transaction)).outcome == expired


async def test_the_last_valid_slot_is_still_valid(connections: Connections, market: SimulatedMarket) -> None:
    transaction = await built(market)
    await pass_slots(connections, 149)
    assert isinstance((await sent(market, transaction)).outcome, Landed)


async def test_a_transaction_sent_too_late_expires_at_once(connections: Connections, market: SimulatedMarket) -> None:
    transaction = await built(market)
    await pass_slots(connections, 152)
    assert isinstance((await sent(market, transaction)).outcome, Expired)


async def test_the_validity_can_be_shortened(market: SimulatedMarket, connections: Connections) -> None:
    before = await built(market)
    await market.set_validity(5)
    transaction = await built(market)
    assert transaction.last_valid_slot < before.last_valid_slot - 100
    await pass_slots(connections, 7)
    assert isinstance((await sent(market, transaction)).outcome, Expired)


async def test_an_unseen_signature_is_proven_expired_once_its_time_is_past(
    market: SimulatedMarket, connections: Connections
) -> None:
    transaction = await built(market)
    unseen = await outcome(market, transaction)
    assert isinstance(unseen, Unseen)
    assert not unseen.proves_expiry(transaction.last_valid_slot)
    await pass_slots(connections, 151)
    unseen = await outcome(market, transaction)
    assert isinstance(unseen, Unseen)
    assert unseen.proves_expiry(transaction.last_valid_slot)


async def test_nothing_lands_behind_the_back_of_a_proof(market: SimulatedMarket, connections: Connections) -> None:
    transaction = await built(market)
    await pass_slots(connections, 151)
    unseen = await outcome(market, transaction)
    assert isinstance(unseen, Unseen)
    # The clock goes back, as if the transaction had been sent in time and committed late.
    await pass_slots(connections, -151)
    assert isinstance((await sent(market, transaction)).outcome, Expired)


async def test_whoever_asks_first_produces_the_block(connections: Connections) -> None:
    profile = LatencyProfile("soon", read=(0, 0), build=(0, 0), send=(0, 0), landing=(0.02, 0.03))
    sender, asker = [await open_market(connections, profile=profile) for _ in range(2)]
    batch = [await built(sender, SOL + n) for n in range(5)]
    await sender.send(batch)
    for transaction in batch:
        assert isinstance(await settled(asker, transaction), Landed)


async def test_bytes_that_are_no_transaction_are_refused_and_stop_nobody(market: SimulatedMarket) -> None:
    broken = replace(await built(market), signature="broken", payload=b"broken")
    answers = await market.send([broken, await built(market)])
    refused, landed = known(answers)
    assert isinstance(refused, Refused)
    assert refused.reason is RefusalReason.MALFORMED
    assert isinstance(landed, Landed)


async def test_a_restart_forgets_nothing(database_url: str, connections: Connections, market: SimulatedMarket) -> None:
    slow = await open_market(connections, profile=NEVER_SOON)
    landed, waiting = await built(market), await built(market)
    first = (await sent(market, landed)).outcome
    await sent(slow, waiting)
    held = await vaults(connections)
    upgrade(database_url)
    again = await open_market(connections, profile=DEFAULT)
    assert await outcome(again, landed) == first
    assert (await vaults(connections)) == held
    assert not isinstance(await outcome(again, waiting), Unseen)
    stored = await rows(
        connections, "SELECT payload FROM market.transactions WHERE signature = %s", [waiting.signature]
    )
    assert Transaction.decode(stored[0][0]) == waiting


async def test_no_token_is_made_or_lost_over_random_swaps(market: SimulatedMarket, connections: Connections) -> None:
    chance = random.Random(7)
    before = await vaults(connections)
    balance = dict.fromkeys(before, 0)
    pairs = [(tokens.SOL, tokens.USDC), (tokens.SOL, tokens.USDT), (tokens.JUP, tokens.SOL), (tokens.BONK, tokens.SOL)]
    for number in range(60):
        sell, buy = chance.sample(chance.choice(pairs), 2)
        amount = chance.randrange(10, 10**3) * 10**sell.decimals
        route, slot = await quoted(market, amount, sell=sell, buy=buy, max_legs=chance.randrange(1, 5))
        least = route.amount_out + chance.choice([-1, 0, 1])
        result = (
            await sent(market, market.build(route, min_amount_out=least, reference=f"o:{number}", slot=slot))
        ).outcome
        if isinstance(result, Landed):
            balance[sell.mint] += result.amount_in
            balance[buy.mint] -= result.amount_out
    after = await vaults(connections)
    assert any(balance.values())
    assert after == {token: before[token] + balance[token] for token in before}
