"""What is remembered of prices, so that a trailing stop knows the best one since it was armed through every restart."""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from fillwire_orders.database import Pool, fetch

__all__ = ["Bar", "Highs", "Pair", "PriceBars"]

Pair = tuple[str, str]
"""The symbols of the token that is priced and of the one it is priced in."""


class Bar(msgspec.Struct, frozen=True):
    """The highest and the lowest mid of a pair that somebody saw from `at` on, until his next bar."""

    pair: Pair
    at: datetime
    high: Decimal
    low: Decimal


class Highs:
    """The highest prices of pairs, by the moment since which."""

    def __init__(self) -> None:
        self._moments: dict[Pair, list[datetime]] = {}
        self._highs: dict[Pair, list[Decimal]] = {}

    def add(self, pair: Pair, at: datetime, high: Decimal) -> None:
        """Takes the highest price since `at`; moments come in order."""
        self._moments.setdefault(pair, []).append(at)
        self._highs.setdefault(pair, []).append(high)

    def since(self, pair: Pair, at: datetime) -> Decimal | None:
        """The highest price since `at`; `None`: nobody saw one. A bar that began before says nothing of what came after."""
        moments = self._moments.get(pair, [])
        place = bisect_left(moments, at)
        return self._highs[pair][place] if place < len(moments) else None


class PriceBars:
    """The bars of all processes together; every method raises `StoreUnavailable` and can be called again."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, bars: Sequence[Bar]) -> None:
        """Stores bars; where there is one of the same moment, what both saw is kept."""
        told = [{"pair": _name(bar.pair), "at": bar.at, "high": bar.high, "low": bar.low} for bar in bars]
        await fetch(self._pool, "add_price_bars", {"bars": msgspec.json.encode(told).decode()})

    async def highs(self, pairs: Collection[Pair]) -> Highs:
        """What is remembered of these pairs."""
        highs, names = Highs(), {_name(pair): pair for pair in pairs}
        for name, at, high in await fetch(self._pool, "highs", {"pairs": list(names)}):
            highs.add(names[name], at, high)
        return highs

    async def prune(self, oldest: Mapping[Pair, datetime]) -> None:
        """Forgets what no order needs; `oldest` says since when one waits, by pair, and none does of other pairs.

        The last minute is kept: an order may have come that the caller has not heard of.
        """
        told = [{"pair": _name(pair), "at": at} for pair, at in oldest.items()]
        await fetch(self._pool, "prune_price_bars", {"oldest": msgspec.json.encode(told).decode()})


def _name(pair: Pair) -> str:
    return "/".join(pair)
