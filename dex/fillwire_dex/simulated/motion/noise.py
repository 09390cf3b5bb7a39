"""Traders who come by chance and take whatever price they find.

Each pool sees them as a Poisson process. They buy as often as they sell, in log-normal sizes that are a share of what
the pool holds, so that big pools see big trades.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from fillwire_dex.errors import Unquotable
from fillwire_dex.pools.pool import Direction, Pool, Swap
from fillwire_dex.simulated.motion.growth import growth
from fillwire_dex.simulated.streams import Streams

_MOST_IN_A_SLOT: Final = 8


@dataclass(frozen=True, slots=True)
class Noise:
    """How often and how much: `rate` a slot and pool, sizes of median `share` of what the pool holds.

    `scatter` is the standard deviation of the size's logarithm.
    """

    rate: float = 0.08
    share: float = 0.0001
    scatter: float = 1.4
    _quiet: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_quiet", growth(-self.rate))

    def trades(self, streams: Streams, pool_id: str, slot: int) -> int:
        """Return how many come to a pool in a slot."""
        chance = streams.unit(f"noise|{pool_id}", str(slot))
        count, likelihood = 0, self._quiet
        while chance >= likelihood and count < _MOST_IN_A_SLOT:
            chance -= likelihood
            count += 1
            likelihood *= self.rate / count
        return count

    def swap(self, streams: Streams, pool_id: str, turn: str, pool: Pool, *, now: int) -> Swap | None:
        """Return what the trader of this turn does, None when the pool cannot serve him."""
        direction = Direction.A_TO_B if streams.strikes(0.5, f"noise way|{pool_id}", turn) else Direction.B_TO_A
        share = self.share * growth(self.scatter * streams.bell(f"noise size|{pool_id}", turn))
        try:
            swap = pool.quote_exact_in(direction, _worth(pool, direction, share), now=now)
        except Unquotable:
            return None
        return swap if swap.amount_out else None


def turns(count: int, slot: int) -> Iterator[str]:
    """Return what the draws of each of a slot's traders are keyed by."""
    return (f"{slot}.{number}" for number in range(count))


def _worth(pool: Pool, direction: Direction, share: float) -> int:
    """Return how much must be sold to get about this share of what the pool holds of the other token."""
    held_a, held_b = pool.reserves()
    if direction is Direction.A_TO_B:
        return int(held_b * share / pool.spot_price())
    return int(held_a * share * pool.spot_price())
