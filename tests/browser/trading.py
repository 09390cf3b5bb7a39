"""People who trade: orders of many kinds, one after the other, the same ones every time."""

import asyncio
import time
from itertools import count
from random import Random
from typing import Any, Final

from fillwire.v1 import order_pb2
from tests.e2e.driver import Driver

__all__ = ["trade"]

_SWAPS: Final = (
    ("SOL", "USDC", 10**9, 400),
    ("USDC", "SOL", 10**6, 60_000),
    ("SOL", "USDC", 10**9, 40),
    ("USDC", "SOL", 10**6, 9_000),
    ("SOL", "JUP", 10**9, 30),
    ("USDC", "BONK", 10**6, 1_500),
    ("SOL", "BONK", 10**9, 12),
    ("JUP", "USDC", 10**6, 4_000),
)
"""What is sold for what, the smallest units of a whole token, and the most whole tokens of one order."""


async def trade(target: str, *, seconds: float, pause: float = 0.7) -> None:
    """Submits orders for so long."""
    chance, until = Random(7), time.monotonic() + seconds
    async with Driver(target) as driver:
        for number in count(1):
            await driver.submit(**_terms(chance, number))
            await asyncio.sleep(chance.uniform(0.3, 1.7) * pause)
            if time.monotonic() > until:
                return


def _terms(chance: Random, number: int) -> dict[str, Any]:
    sold, bought, unit, most = chance.choice(_SWAPS)
    amount = chance.randint(most // 20 + 1, most) * unit
    terms: dict[str, Any] = {"token_in": sold, "token_out": bought, "amount_in": str(amount), "slippage_bps": 100}
    match number % 16:
        case 3:  # far from the market: it rests
            above = order_pb2.LimitOrder(limit_price="200")
            return {
                "token_in": "SOL",
                "token_out": "USDC",
                "amount_in": str(25 * 10**9),
                "slippage_bps": None,
                "limit": above,
            }
        case 7:  # more than there is to be had: it fails
            return {**terms, "min_amount_out": str(10**17)}
        case 11:
            twap = order_pb2.TwapOrder(slices=4)
            twap.interval.FromSeconds(2)
            return {**terms, "twap": twap}
        case _:
            return terms
