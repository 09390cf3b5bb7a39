"""Networks for tests: pools between several tokens, and every way to trade a little of them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st

from fillwire_dex import Direction, Listing, Pool, PoolId, Route, Snapshot, Token, Unquotable
from fillwire_dex.tokens import BONK, JUP, MSOL, RAY, SOL, USDC, USDT
from tests.unit.dex.markets import NOW, cpmm

WORTH: Final[Mapping[str, Decimal]] = {
    "SOL": Decimal(160),
    "USDC": Decimal(1),
    "USDT": Decimal(1),
    "JUP": Decimal("0.5"),
    "BONK": Decimal("0.00002"),
    "RAY": Decimal("2.5"),
    "mSOL": Decimal(200),
}
"""What one whole token is worth in USDC."""

Trade = tuple[Token, Token, Pool]
"""A pool and its tokens a and b."""


def fair(token_a: Token, token_b: Token, depth: int, *, off_bps: int = 0, fee_rate: int = 2_500) -> Trade:
    """A CPMM pool holding `depth` whole USDC worth of either token, its price of a `off_bps` above the fair one."""
    return token_a, token_b, pool_of(token_a, token_b, depth, off_bps=off_bps, fee_rate=fee_rate)


def pool_of(token_a: Token, token_b: Token, depth: int, *, off_bps: int = 0, fee_rate: int = 2_500) -> Pool:
    vault_a = depth / WORTH[token_a.symbol] * 10**token_a.decimals
    vault_b = depth / WORTH[token_b.symbol] * 10**token_b.decimals * (10_000 + off_bps) / 10_000
    return cpmm(vault_a=int(vault_a), vault_b=int(vault_b), trade_fee_rate=fee_rate)


def network(trades: Sequence[Trade], *, sell: Token = SOL, buy: Token = USDC) -> Snapshot:
    """A snapshot of these pools, named pool0, pool1, ... on venues named after their kinds."""
    listings = (
        Listing(PoolId(f"pool{number}"), pool.kind.value, token_a, token_b, 1, 1, pool)
        for number, (token_a, token_b, pool) in enumerate(trades)
    )
    return Snapshot(sell, buy, 1, NOW, tuple(listings))


def two_ways() -> list[Trade]:
    """A shallow direct pool, and a deep way through JUP."""
    return [fair(SOL, USDC, 1_000_000), fair(SOL, JUP, 8_000_000), fair(JUP, USDC, 6_000_000)]


def replayed(snapshot: Snapshot, route: Route) -> dict[Token, int]:
    """Execute the legs one after the other, each on what its pool then is; what is held of each token in the end."""
    pools = {listing.id: listing for listing in snapshot.listings}
    held = {route.token_in: route.amount_in}
    states = {pool_id: listing.pool for pool_id, listing in pools.items()}
    for leg in route.legs:
        direction = pools[leg.pool_id].direction(leg.token_in)
        swap = states[leg.pool_id].quote_exact_in(direction, leg.amount_in, now=snapshot.now)
        states[leg.pool_id] = states[leg.pool_id].after(swap)
        held[leg.token_in] = held.get(leg.token_in, 0) - leg.amount_in
        assert held[leg.token_in] >= 0, "a leg sells what has not arrived yet"
        held[leg.token_out] = held.get(leg.token_out, 0) + swap.amount_out
    return held


def conserved(route: Route) -> bool:
    """Whether all that arrives of a token on the way is sold on, and the two ends are the route's amounts."""
    balances: dict[str, int] = {}
    for leg in route.legs:
        balances[leg.token_in.symbol] = balances.get(leg.token_in.symbol, 0) - leg.amount_in
        balances[leg.token_out.symbol] = balances.get(leg.token_out.symbol, 0) + leg.amount_out
    ends = {route.token_in.symbol: -route.amount_in, route.token_out.symbol: route.amount_out}
    return {symbol: balance for symbol, balance in balances.items() if balance} == ends


def best_of_all(pools: Sequence[tuple[Pool, bool]], amount: int) -> list[int]:
    """The most that parallel pools, each with whether a is sold into it, bring for every amount up to this one."""
    most = [0] * (amount + 1)
    for pool, sells_a in pools:
        direction = Direction.A_TO_B if sells_a else Direction.B_TO_A
        own = [0] * (amount + 1)
        for given in range(1, amount + 1):
            try:
                own[given] = pool.quote_exact_in(direction, given, now=NOW).amount_out
            except Unquotable:
                own[given] = own[given - 1]
        most = [max(most[total - part] + own[part] for part in range(total + 1)) for total in range(amount + 1)]
    return most


TOKENS: Final = (SOL, USDC, USDT, JUP, BONK, RAY, MSOL)


@st.composite
def trades(draw: st.DrawFn, among: Sequence[Token] = TOKENS, *, most: int = 14) -> list[Trade]:
    """Pools near the fair price, too near for arbitrage among them: within 10 bps, at 25 bps of fees."""
    pairs = [(a, b) for number, a in enumerate(among) for b in among[number + 1 :]]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=most))
    return [fair(a, b, 10 ** draw(st.integers(5, 8)), off_bps=draw(st.integers(-10, 10))) for a, b in chosen]
