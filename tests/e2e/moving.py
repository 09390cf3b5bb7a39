"""Somebody else's swaps, which move the price."""

import time
from typing import Final

from fillwire_dex import router, tokens
from fillwire_dex.simulated import SimulatedMarket

__all__ = ["MOVER", "move"]

MOVER: Final = "mover"
"""Under which name the venues' ledger has them."""


async def move(market: SimulatedMarket, sell: str, buy: str, amount: int) -> None:
    """Sells so much, whatever it brings."""
    snapshot = await market.pools(tokens.find(sell), tokens.find(buy))
    route = router.best(snapshot, amount_in=amount)
    reference = f"{MOVER}:{time.monotonic_ns()}"
    await market.send([market.build(route, min_amount_out=1, reference=reference, slot=snapshot.slot)])
