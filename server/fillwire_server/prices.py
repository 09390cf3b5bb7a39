"""Prices as they move, for whoever wants to see them."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from fillwire_dex import PriceBoard

__all__ = ["Pair", "follow"]

Pair = tuple[str, str]
"""The symbols of the token that is priced and of the one it is priced in."""

_ROUND_SECONDS: Final = 0.1


async def follow(board: PriceBoard, pairs: Sequence[Pair]) -> AsyncGenerator[Mapping[Pair, Decimal], None]:
    """The prices of these pairs, of none: of all that pools trade; then those that have changed, ten times a second at most.

    A pair without a price is left out until it has one.
    """
    given: dict[Pair, Decimal] = {}
    version = await board.wait(0)
    while True:
        prices = ((pair, board.mid(*pair)) for pair in pairs or _traded(board))
        changed = {pair: price for pair, price in prices if price is not None and given.get(pair) != price}
        if changed:
            yield changed
            given |= changed
        await asyncio.sleep(_ROUND_SECONDS)
        version = await board.wait(version)


def _traded(board: PriceBoard) -> Sequence[Pair]:
    """The pairs of all pools, each one way round, as the first pool by name has it."""
    found: dict[frozenset[str], Pair] = {}
    for _, listing in sorted(board.listings.items()):
        pair = (listing.token_a.symbol, listing.token_b.symbol)
        found.setdefault(frozenset(pair), pair)
    return sorted(found.values())
