"""The price before a trade is the price that a board shows, where pools trade the pair."""

from dataclasses import replace
from decimal import Decimal

import pytest

from fillwire_dex import Listing, PoolId, prices, router
from fillwire_dex.simulated.motion import Motion
from fillwire_dex.simulated.world import World
from fillwire_dex.tokens import BONK, JUP, MSOL, SOL, USDC, USDT, Token
from tests.unit.dex import markets


@pytest.fixture(scope="module")
def world() -> World:
    world = World(Motion("fillwire"))
    for _ in range(400):
        world.step()
    return world


@pytest.mark.parametrize("pair", [(SOL, USDC), (USDC, SOL), (USDC, USDT), (JUP, SOL), (SOL, BONK), (MSOL, SOL)])
def test_a_route_and_a_board_name_the_same_mid(world: World, pair: tuple[Token, Token]) -> None:
    snapshot = world.snapshot(*pair)
    route = router.best(snapshot, amount_in=10 ** pair[0].decimals)
    mid = prices.mids(snapshot.listings)[pair[0].symbol, pair[1].symbol]
    assert route.mid_price == pytest.approx(mid, rel=Decimal("1e-12"))


def test_pools_that_have_nothing_near_their_price_count_alike() -> None:
    far = tuple(bin_ for bin_ in markets.dlmm().bins if abs(bin_.id - markets.dlmm().active_id) > 20)
    pool = replace(markets.dlmm(), bins=far)
    snapshot = replace(
        World(None).snapshot(SOL, USDC), listings=(Listing(PoolId("far"), "meteora_dlmm", SOL, USDC, 1, 1, pool),)
    )
    route = router.best(snapshot, amount_in=10**9)
    assert float(route.mid_price) == pytest.approx(pool.spot_price() * 1_000)
