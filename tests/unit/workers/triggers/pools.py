"""Pools for tests of triggers: constant products, whose prices are easily worked out by hand."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from fillwire_dex import Listing, PoolId, tokens
from fillwire_dex.pools import RaydiumAmmV4
from fillwire_dex.snapshot import Birth, Origin


def pool(
    id_: str = "pool", *, sol: int = 10_000, usdc: int = 1_000_000, venue: str = "raydium", fee_bps: int = 25
) -> Listing:
    """A pool of so many whole SOL and USDC, there since ever."""
    state = RaydiumAmmV4(sol * 10**9, usdc * 10**6, fee_bps, 10_000)
    return Listing(PoolId(id_), venue, tokens.SOL, tokens.USDC, 0, 0, state)


def born(id_: str, at: datetime, origin: Origin = Origin.FOUNDED, **holds: Any) -> Listing:
    """A pool that was founded."""
    return replace(pool(id_, **holds), birth=Birth(1, at, origin))
