"""A mid is what all pools of a pair say together, weighted by their depth, and the same from both sides."""

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import count, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fillwire_dex import Listing, Pool, PoolId, Token, prices, tokens
from fillwire_dex.simulated.motion import Motion
from fillwire_dex.simulated.world import World
from fillwire_dex.tokens import BONK, JUP, SOL, USDC, USDT, WIF
from tests.unit.dex import markets

_numbers = count(1)


def listed(
    token_a: Token,
    token_b: Token,
    held_a: str,
    held_b: str,
    *,
    venue: str = "raydium_amm_v4",
    number: int | None = None,
) -> Listing:
    """A constant product that holds so much of both, in whole tokens."""
    reserves = [int(Decimal(held) * 10**token.decimals) for held, token in ((held_a, token_a), (held_b, token_b))]
    pool = markets.amm(reserve_a=str(reserves[0]), reserve_b=str(reserves[1]))
    return Listing(PoolId(f"p{number or next(_numbers)}"), venue, token_a, token_b, 1, 1, pool)


def moved(listing: Listing, pool: Pool) -> Listing:
    return replace(listing, pool=pool, version=listing.version + 1)


def test_one_pool_says_its_own_price() -> None:
    mids = prices.mids([listed(SOL, USDC, "1000", "160000")])
    assert mids == {("SOL", "USDC"): Decimal(160), ("USDC", "SOL"): Decimal("0.00625")}


def test_pools_weigh_as_much_as_they_hold() -> None:
    """3,000 SOL at 160 and 1,000 at 164: together 644,000 USDC for 4,000 SOL."""
    mids = prices.mids([listed(SOL, USDC, "3000", "480000"), listed(SOL, USDC, "1000", "164000")])
    assert mids["SOL", "USDC"] == pytest.approx(Decimal(161), rel=Decimal("1e-14"))


def test_a_pool_listed_the_other_way_round_weighs_alike() -> None:
    straight = prices.mids([listed(SOL, USDC, "3000", "480000"), listed(SOL, USDC, "1000", "164000")])
    turned = prices.mids([listed(SOL, USDC, "3000", "480000"), listed(USDC, SOL, "164000", "1000")])
    assert turned["SOL", "USDC"] == pytest.approx(straight["SOL", "USDC"], rel=Decimal("1e-14"))


def test_a_nearly_empty_pool_with_an_odd_price_moves_nothing_much() -> None:
    mids = prices.mids([listed(SOL, USDC, "3000", "480000"), listed(SOL, USDC, "0.001", "16")])
    assert abs(mids["SOL", "USDC"] / 160 - 1) < Decimal("0.0001")


def test_a_pool_that_has_nothing_near_its_price_says_nothing() -> None:
    bins = markets.dlmm()
    empty = Listing(PoolId("empty"), "meteora_dlmm", SOL, USDC, 1, 1, replace(bins, bins=()))
    assert prices.mids([empty]) == {}
    assert prices.mids([empty, listed(SOL, USDC, "1000", "160000")])["SOL", "USDC"] == 160


def test_decimals_of_the_tokens_are_taken_into_account() -> None:
    mids = prices.mids([listed(BONK, SOL, "80000000000", "9000")])
    assert mids["BONK", "SOL"] == Decimal("0.0000001125")


def test_pools_of_halted_venues_do_not_count() -> None:
    pools = [listed(SOL, USDC, "1000", "160000"), listed(SOL, USDC, "9000", "1500000", venue="raydium_cpmm")]
    assert prices.mids(pools, halted={"raydium_cpmm"}) == prices.mids(pools[:1])
    assert prices.mids(pools, halted={"raydium_cpmm", "raydium_amm_v4"}) == {}


def test_a_pair_without_pools_goes_through_the_deepest_way() -> None:
    """BONK by USDT: over SOL, where 100 SOL are the least, rather than over USDC, where 10 SOL worth of it are."""
    pools = [
        listed(BONK, SOL, "1000000000", "100"),
        listed(SOL, USDT, "1000", "160000"),
        listed(BONK, USDC, "100000000", "1500"),
        listed(USDC, USDT, "1000000", "1000000"),
    ]
    mids = prices.mids(pools)
    assert mids["BONK", "USDT"] == pytest.approx(Decimal("0.000016"), rel=Decimal("1e-14"))
    assert mids["USDT", "BONK"] == pytest.approx(Decimal(62500), rel=Decimal("1e-14"))
    deeper = [*pools[:2], listed(BONK, USDC, "10000000000", "150000"), pools[3]]
    assert prices.mids(deeper)["BONK", "USDT"] == pytest.approx(Decimal("0.000015"), rel=Decimal("1e-14"))


def test_a_way_goes_through_two_tokens_at_most() -> None:
    chain = [
        listed(WIF, SOL, "1000", "5"),
        listed(SOL, USDC, "10", "1600"),
        listed(USDC, USDT, "1000", "1000"),
        listed(JUP, USDT, "1000", "500"),
    ]
    mids = prices.mids(chain)
    assert mids["WIF", "USDT"] == pytest.approx(Decimal("0.8"), rel=Decimal("1e-14"))
    assert ("WIF", "JUP") not in mids
    assert ("JUP", "WIF") not in mids


def test_a_short_way_is_taken_where_a_long_one_is_no_deeper() -> None:
    pools = [
        listed(WIF, SOL, "1000", "5"),
        listed(SOL, USDT, "1000", "170000"),
        listed(SOL, USDC, "1000", "160000"),
        listed(USDC, USDT, "1000000", "1000000"),
    ]
    assert prices.mids(pools)["WIF", "USDT"] == pytest.approx(Decimal("0.85"), rel=Decimal("1e-14"))


amounts = st.integers(1, 10**9).map(str)
some_pools = st.lists(
    st.tuples(st.sampled_from(list(permutations((SOL, USDC, USDT, JUP), 2))), amounts, amounts), min_size=1, max_size=9
).map(lambda drawn: [listed(*pair, one, other, number=number) for number, (pair, one, other) in enumerate(drawn, 1)])


@given(some_pools, st.randoms(use_true_random=False))
def test_mids_are_positive_inverse_to_each_other_and_the_same_in_any_order(
    pools: Sequence[Listing], chance: random.Random
) -> None:
    mids = prices.mids(pools)
    assert prices.mids(chance.sample(pools, len(pools))) == mids
    for (one, other), mid in mids.items():
        assert mid > 0
        assert abs(mid * mids[other, one] - 1) < Decimal("1e-14")


@given(some_pools)
def test_a_mid_lies_between_the_lowest_and_the_highest_of_its_pools(pools: Sequence[Listing]) -> None:
    mids = prices.mids(pools)
    for one in pools:
        pair = one.token_a.symbol, one.token_b.symbol
        said = [mid for other in pools if (mid := prices.mids([other]).get(pair))]
        assert min(said) * (1 - Decimal("1e-13")) <= mids[pair] <= max(said) * (1 + Decimal("1e-13"))


def test_a_market_that_goes_on_has_the_same_mids_as_one_read_afresh() -> None:
    world, mids = World(Motion("fillwire")), prices.Mids()
    chance = random.Random(5)
    for _ in range(150):
        world.step()
        listings = world.snapshot(SOL, USDC).listings
        halted = {"meteora_dlmm"} if chance.random() < 0.2 else set()
        some = [one for one in listings if one.token_a != JUP or chance.random() < 0.7]
        assert mids.of(some, halted=halted) == prices.mids(some, halted=halted)


def test_what_did_not_change_is_not_worked_out_again() -> None:
    listings = list(World(None).snapshot(SOL, USDC).listings)
    mids = prices.Mids()
    first = mids.of(listings)
    assert mids.of(listings) is first
    assert mids.of([replace(one, version=one.version + 1) for one in listings]) is first
    listings[0] = moved(listings[0], markets.amm())
    second = mids.of(listings)
    assert second is not first
    assert sum(second[pair] is not first[pair] for pair in first) < len(first)


def test_prices_of_the_default_market_are_those_of_its_tokens() -> None:
    mids = prices.mids(World(None).snapshot(SOL, USDC).listings)
    symbols = [token.symbol for token in tokens.ALL if token != WIF]
    assert set(mids) == set(permutations(symbols, 2))
    assert mids["SOL", "USDC"] == pytest.approx(Decimal(160), rel=Decimal("0.001"))
    assert mids["BONK", "JUP"] == pytest.approx(Decimal("0.000036"), rel=Decimal("0.01"))
