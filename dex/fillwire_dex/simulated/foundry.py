"""Founding a pool by hand, or moving one's liquidity, in a block of its own: for tests, demonstrations and operators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from psycopg import AsyncConnection

from fillwire_dex import prices
from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.simulated import founding, mirror
from fillwire_dex.simulated.blocks import Producer
from fillwire_dex.simulated.connection import row, run
from fillwire_dex.simulated.founding import DESTINATIONS, Migration, Plan
from fillwire_dex.simulated.motion import FIRST_FREE_NUMBER
from fillwire_dex.simulated.stretch import Stretch
from fillwire_dex.snapshot import Birth, Listing, Origin
from fillwire_dex.tokens import Token

Deed = Callable[[Stretch, int, datetime], str]
"""Does something to the pools, given a number for a new one and the moment; returns the id of that one."""


async def found(
    producer: Producer, kind: PoolKind, token_a: Token, token_b: Token, *, depth: int, price: Decimal | None
) -> Listing:
    """See `Controls.found_pool`."""
    if depth < 1 or token_a == token_b:
        raise ValueError("a pool holds two tokens, and of the second at least a whole one")

    def deed(stretch: Stretch, number: int, at: datetime) -> str:
        agreed = _mid(stretch, token_a, token_b) if price is None else price
        founded = founding.usual(kind, Plan(number, token_a, token_b, agreed, depth))
        stretch.open(founded, Birth(stretch.end, at, Origin.FOUNDED))
        return founded.id

    return await _done(producer, deed)


async def migrate(producer: Producer, pool_id: str, kind: PoolKind) -> Listing:
    """See `Controls.migrate_pool`."""
    if kind not in DESTINATIONS:
        raise ValueError(f"liquidity moves to one of {', '.join(DESTINATIONS)}, not to {kind}")

    def deed(stretch: Stretch, number: int, at: datetime) -> str:
        source = stretch.live.get(pool_id)
        if source is None or source.pool.kind is kind:
            raise ValueError(f"there is no pool {pool_id} outside {kind}")
        target = stretch.migrate(Migration(pool_id, kind, number), stretch.end, at)
        if target is None:
            raise ValueError(f"{pool_id} holds too little to be moved")
        return target

    return await _done(producer, deed)


async def _done(producer: Producer, deed: Deed) -> Listing:
    """Let happen what is due, then the deed, and return the pool that it opened."""
    opened: list[Listing] = []
    async with producer.transaction() as production:
        number, at = await _next(production.connection)

        def at_the_end(stretch: Stretch) -> None:
            id_ = deed(stretch, number, at)
            opened.append(mirror.listed(id_, stretch.live[id_]))

        await production.produce(at_the_end)
    return opened[0]


async def _next(connection: AsyncConnection[Any]) -> tuple[int, datetime]:
    await run(connection, "lock_chain")
    number, at = await row(await run(connection, "next_number", {"first": FIRST_FREE_NUMBER}))
    return number, at.astimezone(UTC)


def _mid(stretch: Stretch, token_a: Token, token_b: Token) -> Decimal:
    listings = (mirror.listed(id_, pool) for id_, pool in stretch.live.items())
    mid = prices.mids(listings).get((token_a.symbol, token_b.symbol))
    if mid is None:
        raise ValueError(f"no pools say what {token_a.symbol} is worth in {token_b.symbol}: name a price")
    return mid
