"""A market that moves does so by its seed, slot by slot, whoever produces how many blocks."""

from collections.abc import Sequence

import pytest
from psycopg_pool import AsyncConnectionPool

from fillwire_dex import Landed, RefusalReason, Refused, Transaction, tokens
from fillwire_dex.simulated import ZERO, LatencyProfile, MarketMotion, SimulatedMarket, open_market
from fillwire_dex.simulated.connection import Connections
from fillwire_dex.simulated.motion import Motion
from fillwire_dex.simulated.world import World
from tests.integration.dex.trading import SOL, begin, built, known, outcome, quoted, rows, sent, settled, states

IN_THREE_SLOTS = LatencyProfile("in three slots", read=(0, 0), build=(0, 0), send=(0, 0), landing=(1.0, 1.0))


async def test_a_still_market_stays_as_it_is(connections: Connections, market: SimulatedMarket) -> None:
    before = await states(connections)
    await market.hold_clock(1_000)
    await market.advance()
    assert await states(connections) == before


async def test_a_moving_market_is_the_world_of_its_seed(connections: Connections, market: SimulatedMarket) -> None:
    await begin(connections, market)
    world = World(Motion("fillwire"))
    for slot in (1, 2, 3, 10, 40):
        await market.hold_clock(slot)
        await market.advance()
        while world.slot < slot:
            world.step()
        for opened in (market, await open_market(connections, profile=ZERO)):
            assert {entry.id: (entry.version, entry.slot, entry.pool) for entry in await opened.listings()} == {
                id_: (live.version, live.slot, live.pool) for id_, live in world.live.items()
            }
    assert world.slot == 40
    assert sum(entry.version for entry in await market.listings()) > 40


async def test_pools_come_and_go_as_in_the_world_of_the_seed(connections: Connections, market: SimulatedMarket) -> None:
    motion = Motion("fillwire")
    born = next(slot for slot in range(1, 3_000) if motion.births(slot))
    [founded] = motion.births(born)
    await begin(connections, market, born - 1)
    assert founded.id not in {entry.id for entry in await market.listings()}
    await market.hold_clock(born)
    await market.advance()
    assert founded.id in {entry.id for entry in await market.listings()}
    ends = next(slot for slot in range(born, born + 20_000) if founded.id in motion.deaths(slot))
    await market.hold_clock(ends - 1)
    await market.advance()
    assert founded.id in {entry.id for entry in await market.listings()}
    other = await open_market(connections, profile=ZERO)
    assert founded.id in {entry.id for entry in await other.listings()}
    await market.hold_clock(ends)
    await market.advance()
    for opened in (market, other, await open_market(connections, profile=ZERO)):
        assert founded.id not in {entry.id for entry in await opened.listings()}
    assert await rows(connections, "SELECT FROM market.past WHERE pool_id = %s", [founded.id]) == []
    assert (await market.audit()).is_clean


async def test_after_a_long_pause_the_pools_are_those_that_would_be_there(
    connections: Connections, market: SimulatedMarket
) -> None:
    await begin(connections, market, 1)
    await market.hold_clock(50_000)
    await market.advance()
    expected = {newcomer.id for newcomer in Motion("fillwire").newcomers(50_000)}
    there = {entry.id for entry in await market.listings()}
    assert expected
    assert {id_ for id_ in there if int(id_.rpartition(".")[2]) > 1_000} == expected
    assert (await market.audit()).is_clean


async def batch_at(market: SimulatedMarket, number: int) -> list[Transaction]:
    """Two transactions nobody has sent, the same for the same market and number."""
    built_ones = []
    for leg, (sell, buy) in enumerate([(tokens.SOL, tokens.USDC), (tokens.USDC, tokens.SOL)]):
        amount = (number + 1) * 10 ** (sell.decimals + 1)
        route, slot = await quoted(market, amount, sell=sell, buy=buy)
        reference = f"o:{number}.{leg}"
        built_ones.append(market.build(route, min_amount_out=1, reference=reference, slot=slot))
    return built_ones


async def played(connections: Connections, stops: Sequence[int], sends: Sequence[int]) -> dict[str, object]:
    """The pools in slot 60 of a market where blocks were produced at `stops` and transactions sent at `sends`."""
    market = await open_market(connections, profile=IN_THREE_SLOTS)
    await begin(connections, market)
    fixed = [await batch_at(market, number) for number in range(len(sends))]
    for slot in range(1, 61):
        await market.hold_clock(slot)
        for number, at in enumerate(sends):
            if at == slot:
                await market.send(fixed[number])
        if slot in stops:
            await market.advance()
    for transaction in [one for some in fixed for one in some]:
        assert isinstance(await outcome(market, transaction), Landed)
    landed = "SELECT signature, slot, amount_out FROM market.transactions ORDER BY signature"
    return {**await states(connections), "landed": await rows(connections, landed)}


async def test_what_comes_out_depends_on_slots_and_transactions_alone(
    connections: Connections, second_url: str
) -> None:
    each = await played(connections, range(1, 61), [5, 6, 20, 41])
    async with AsyncConnectionPool(second_url, min_size=1, max_size=4, open=False) as others:
        few = await played(others, [17, 60], [5, 6, 20, 41])
    assert few == each


async def test_another_transaction_makes_another_market(connections: Connections, second_url: str) -> None:
    one = await played(connections, [60], [5, 6])
    async with AsyncConnectionPool(second_url, min_size=1, max_size=4, open=False) as others:
        other = await played(others, [60], [5, 7])
    assert one != other


async def test_a_transaction_lands_on_the_pools_of_its_slot(connections: Connections, market: SimulatedMarket) -> None:
    soon = await open_market(connections, profile=IN_THREE_SLOTS)
    await begin(connections, soon)
    route, slot = await quoted(soon, 100 * SOL)
    transaction = soon.build(route, min_amount_out=1, reference="o:1", slot=slot)
    await sent(soon, transaction)
    await market.hold_clock(40)
    landed = await settled(market, transaction)
    world = World(Motion("fillwire"))
    world.step()
    assert world.step([transaction]) == [landed]
    assert landed.slot == 2


async def test_prices_that_moved_refuse_what_was_quoted_long_ago(
    connections: Connections, market: SimulatedMarket
) -> None:
    await begin(connections, market)
    there, slot = await quoted(market, 1_000 * SOL)
    back, _ = await quoted(market, 160_000 * 10**6, sell=tokens.USDC, buy=tokens.SOL)
    batch = [
        market.build(route, min_amount_out=route.floor(5), reference=reference, slot=slot)
        for route, reference in [(there, "there:1"), (back, "back:1")]
    ]
    await market.hold_clock(149)
    outcomes = known(await market.send(batch))
    assert {type(one) for one in outcomes} >= {Refused}
    assert {one.reason for one in outcomes if isinstance(one, Refused)} == {RefusalReason.SLIPPAGE_EXCEEDED}


async def test_a_reader_without_anyone_who_ticks_sees_a_present_market(
    connections: Connections, market: SimulatedMarket
) -> None:
    await begin(connections, market)
    await market.hold_clock(3)
    assert (await market.pools(tokens.SOL, tokens.USDC)).slot == 0
    await market.hold_clock(4)
    assert (await market.pools(tokens.SOL, tokens.USDC)).slot == 4


@pytest.mark.parametrize("motion", MarketMotion)
async def test_a_market_told_to_move_or_not_does_so_for_everyone(
    connections: Connections, market: SimulatedMarket, motion: MarketMotion
) -> None:
    other = await open_market(connections, profile=ZERO)
    await market.hold_clock(10)
    await other.set_motion(MarketMotion.MOVING)
    await other.set_motion(motion)
    before = await states(connections)
    await market.hold_clock(60)
    await market.advance()
    assert (await states(connections) != before) is (motion is MarketMotion.MOVING)


async def test_the_slots_before_a_market_began_to_move_are_not_made_up_for(
    connections: Connections, market: SimulatedMarket
) -> None:
    before = await states(connections)
    await market.hold_clock(10_000)
    await market.set_motion(MarketMotion.MOVING)
    assert await states(connections) == before
    await market.advance()
    assert await states(connections) == before
    assert (await sent(market, await built(market))).outcome.slot == 10_000
