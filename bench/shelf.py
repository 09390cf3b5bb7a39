"""A shelf of orders that rest: of every kind that a price can fire, each too far from the market to fire."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import msgspec
import psycopg
import uuid_utils

from fillwire_orders import DEFAULT_ACCOUNT, OrderType
from fillwire_orders.conditions import Condition, Limit, Oco, Sniper, Stop, TakeProfit, TrailingStop

__all__ = ["fill", "type_of"]

_PAIRS: Final = (("SOL", "USDC"), ("USDC", "SOL"), ("JUP", "SOL"), ("BONK", "SOL"), ("RAY", "SOL"), ("SOL", "USDT"))


async def fill(database_url: str, prices: Mapping[tuple[str, str], Decimal], number: int) -> None:
    """Stores orders of every kind that a price can fire, each too far from the market to fire."""
    chance = random.Random(7)
    async with await psycopg.AsyncConnection.connect(database_url) as connection, connection.cursor() as cursor:
        async with cursor.copy(_COPY) as copy:
            for _ in range(number):
                await copy.write_row(_row(chance, prices))
        await cursor.execute(_LOG)
        await connection.commit()
        await connection.set_autocommit(True)
        await cursor.execute("VACUUM ANALYZE fillwire.orders, fillwire.order_events")


_COPY: Final = (
    "COPY fillwire.orders (id, account_id, request_id, type, token_in, token_out, amount_in, slippage_bps, time_in_force,"
    " client_order_id, quote_id, routing, condition, status, last_seq, created_at, updated_at, armed_at, due_at,"
    " arrival_mid_price) FROM STDIN"
)
_LOG: Final = """
    INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence)
    SELECT id, n, CASE n WHEN 1 THEN '' ELSE 'PENDING' END, CASE n WHEN 1 THEN 'PENDING' ELSE 'RESTING' END, created_at, 0, 0
    FROM fillwire.orders, generate_series(1, 2) AS n
    ORDER BY n, id
"""


def _row(chance: random.Random, prices: Mapping[tuple[str, str], Decimal]) -> tuple[object, ...]:
    pair = chance.choice(_PAIRS)
    condition = _far(chance, prices[pair])
    now = datetime.now(UTC)
    return (
        *(str(uuid_utils.uuid7()), DEFAULT_ACCOUNT, str(uuid.uuid4()), type_of(condition), *pair, 10**6, 50, "GTC"),
        *("", "", "{}", msgspec.json.encode(condition).decode(), "RESTING", 2, now, now, now, "infinity"),
        prices[pair],
    )


def _far(chance: random.Random, mid: Decimal) -> Condition:
    above, below = mid * Decimal(f"{chance.uniform(2, 4):.9f}"), mid / Decimal(f"{chance.uniform(2, 4):.9f}")
    match chance.randrange(10):
        case 0 | 1 | 2:
            return Limit(above, 10**12)
        case 3 | 4:
            return Stop(below)
        case 5 | 6:
            return TakeProfit(above)
        case 7 | 8:
            return TrailingStop(chance.randrange(5_000, 9_000))
        case _:
            return Oco(Limit(above, 10**12), Stop(below)) if chance.random() < 0.5 else Sniper(min_liquidity=10**18)


def type_of(condition: Condition) -> OrderType:
    """The type of the orders that have such a condition."""
    return OrderType(str(type(condition).__struct_config__.tag))
