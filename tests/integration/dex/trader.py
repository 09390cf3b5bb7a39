"""A process of its own that trades on a market: `python -m tests.integration.dex.trader URL SEED SWAPS`."""

import asyncio
import random
import sys

from psycopg_pool import AsyncConnectionPool

from fillwire_dex import MarketUnavailable, Unquotable, router, tokens
from fillwire_dex.simulated import LatencyProfile, SimulatedMarket, open_market

FAST = LatencyProfile("fast", read=(0, 0), build=(0, 0), send=(0, 0), landing=(0.0, 0.05))
HALTED_SECONDS = 0.05
PAIRS = [("SOL", "USDC"), ("SOL", "USDT"), ("JUP", "SOL"), ("BONK", "SOL"), ("USDC", "USDT"), ("mSOL", "SOL")]


async def swap(market: SimulatedMarket, chance: random.Random, number: str) -> None:
    """Send one swap of a random size, or none where the market does not want it, and ask about it once."""
    sell, buy = map(tokens.find, chance.sample(chance.choice(PAIRS), 2))
    try:
        snapshot = await market.pools(sell, buy)
        route = router.best(snapshot, amount_in=chance.randrange(10, 10**4) * 10 ** (sell.decimals - 1))
    except Unquotable:
        return
    except MarketUnavailable:
        await asyncio.sleep(HALTED_SECONDS)  # or all swaps would be gone before a halted market opens again
        return
    least = route.amount_out + chance.choice([-1000, 0, 1])
    transaction = market.build(route, min_amount_out=max(least, 1), reference=number, slot=snapshot.slot)
    await market.send([transaction])
    await market.outcomes([transaction.signature])


async def trade(url: str, seed: int, swaps: int) -> None:
    chance = random.Random(seed)
    async with AsyncConnectionPool(url, min_size=1, max_size=3, open=False) as pool:
        market = await open_market(pool, profile=FAST)
        for number in range(swaps):
            await swap(market, chance, f"{seed}:{number}")


if __name__ == "__main__":
    asyncio.run(trade(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
