"""Routes over several pools in a row land whole, in either mode, and leave nothing between the legs."""

from collections import Counter
from collections.abc import Sequence

import pytest

from fillwire_dex import Landed, LandedLeg, RefusalReason, Refused, Route, Token, router, tokens
from fillwire_dex.simulated import SimulatedMarket
from tests.integration.dex.trading import built, sent

FAR = [(tokens.JUP, tokens.USDT), (tokens.BONK, tokens.USDC), (tokens.MSOL, tokens.RAY)]


async def routed(
    market: SimulatedMarket, sell: Token, buy: Token, *, amount_in: int | None = None, amount_out: int | None = None
) -> tuple[Route, int]:
    """A route with hops on the market as it is, and the slot it was read in."""
    snapshot = await market.pools(sell, buy, max_hops=3)
    return router.best(snapshot, amount_in=amount_in, amount_out=amount_out, max_hops=3, max_legs=6), snapshot.slot


def left_over(legs: Sequence[LandedLeg]) -> dict[str, int]:
    """What the legs brought of each token less what they sold, where that is not nothing."""
    flow: Counter[str] = Counter()
    for leg in legs:
        flow[leg.token_out] += leg.amount_out
        flow[leg.token_in] -= leg.amount_in
    return {mint: amount for mint, amount in flow.items() if amount}


@pytest.mark.parametrize(("sell", "buy"), FAR)
async def test_a_route_with_hops_lands_with_what_was_quoted(market: SimulatedMarket, sell: Token, buy: Token) -> None:
    amount = 1_000 * 10**sell.decimals
    route, slot = await routed(market, sell, buy, amount_in=amount)
    assert {leg.token_in for leg in route.legs} > {sell}
    transaction = market.build(route, min_amount_out=route.amount_out, reference="o:1", slot=slot)
    landed = (await sent(market, transaction)).outcome
    assert isinstance(landed, Landed)
    assert (landed.amount_in, landed.amount_out) == (amount, route.amount_out)
    assert left_over(landed.legs) == {sell.mint: -amount, buy.mint: route.amount_out}
    assert (await market.audit()).is_clean


@pytest.mark.parametrize(("sell", "buy"), FAR)
async def test_an_exact_output_with_hops_takes_what_was_quoted(
    market: SimulatedMarket, sell: Token, buy: Token
) -> None:
    wanted = 100 * 10**buy.decimals
    route, slot = await routed(market, sell, buy, amount_out=wanted)
    transaction = market.build(route, max_amount_in=route.amount_in, reference="o:1", slot=slot)
    landed = (await sent(market, transaction)).outcome
    assert isinstance(landed, Landed)
    assert (landed.amount_in, landed.amount_out) == (route.amount_in, wanted)
    assert left_over(landed.legs) == {sell.mint: -landed.amount_in, buy.mint: wanted}
    assert (await market.audit()).is_clean


async def test_hops_on_pools_that_moved_sell_what_is_there_and_bring_the_minimum_or_nothing(
    market: SimulatedMarket,
) -> None:
    route, slot = await routed(market, tokens.JUP, tokens.USDT, amount_in=50_000 * 10**6)
    exact = market.build(route, min_amount_out=route.amount_out, reference="o:1", slot=slot)
    loose = market.build(route, min_amount_out=route.floor(500), reference="o:2", slot=slot)
    for sell, buy in [(tokens.JUP, tokens.SOL), (tokens.SOL, tokens.USDT), (tokens.JUP, tokens.USDC)]:
        await sent(market, await built(market, 100 * 10**sell.decimals, sell=sell, buy=buy))
    refused = (await sent(market, exact)).outcome
    assert isinstance(refused, Refused)
    assert refused.reason is RefusalReason.SLIPPAGE_EXCEEDED
    landed = (await sent(market, loose)).outcome
    assert isinstance(landed, Landed)
    assert route.floor(500) <= landed.amount_out < route.amount_out
    assert left_over(landed.legs) == {tokens.JUP.mint: -50_000 * 10**6, tokens.USDT.mint: landed.amount_out}
    assert [leg.amount_in for leg in landed.legs] != [leg.amount_in for leg in route.legs]


async def test_an_exact_output_on_pools_that_moved_takes_more_up_to_its_limit(market: SimulatedMarket) -> None:
    route, slot = await routed(market, tokens.JUP, tokens.USDT, amount_out=20_000 * 10**6)
    exact = market.build(route, max_amount_in=route.amount_in, reference="o:1", slot=slot)
    loose = market.build(route, max_amount_in=route.amount_in * 11 // 10, reference="o:2", slot=slot)
    for sell, buy in [(tokens.JUP, tokens.SOL), (tokens.SOL, tokens.USDT), (tokens.JUP, tokens.USDC)]:
        await sent(market, await built(market, 100 * 10**sell.decimals, sell=sell, buy=buy))
    refused = (await sent(market, exact)).outcome
    assert isinstance(refused, Refused)
    assert refused.reason is RefusalReason.SLIPPAGE_EXCEEDED
    landed = (await sent(market, loose)).outcome
    assert isinstance(landed, Landed)
    assert landed.amount_out == 20_000 * 10**6
    assert route.amount_in < landed.amount_in <= route.amount_in * 11 // 10
    assert left_over(landed.legs) == {tokens.JUP.mint: -landed.amount_in, tokens.USDT.mint: 20_000 * 10**6}
