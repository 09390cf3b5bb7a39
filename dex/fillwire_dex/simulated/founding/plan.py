"""What a pool is to be, and the pool as it is stored first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Any

from fillwire_dex.pools.pool import PoolKind
from fillwire_dex.tokens import Token


@dataclass(frozen=True, slots=True)
class Founded:
    """A pool as it is stored first; the vaults hold all that the curve can owe."""

    id: str
    kind: PoolKind
    token_a: Token
    token_b: Token
    vault_a: int
    vault_b: int
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a pool is to be: `price` of a and `depth` of its b side, both in whole tokens of b.

    `number` tells pools of one kind and pair apart.
    """

    number: int
    token_a: Token
    token_b: Token
    price: Decimal
    depth: int

    @property
    def reserve_b(self) -> int:
        return self.depth * int(10**self.token_b.decimals)

    @property
    def reserve_a(self) -> int:
        return int(self.reserve_b / self.raw_price)

    @property
    def raw_price(self) -> Fraction:
        """Raw units of b for one raw unit of a."""
        return Fraction(self.price) * Fraction(10) ** (self.token_b.decimals - self.token_a.decimals)

    @property
    def sqrt_price_x64(self) -> int:
        """The Q64.64 square root of `raw_price`."""
        return sqrt_x64(self.raw_price)

    def found(self, kind: PoolKind, state: Mapping[str, Any], vault_a: int, vault_b: int) -> Founded:
        """Return the pool with this state."""
        return Founded(self.id(kind), kind, self.token_a, self.token_b, vault_a, vault_b, state)

    def id(self, kind: PoolKind) -> str:
        """Return the id that a pool of this kind gets."""
        return f"{kind.value}.{self.token_a.symbol}-{self.token_b.symbol}.{self.number}"


def sqrt_x64(price: Fraction) -> int:
    """Return the Q64.64 square root of a price."""
    return isqrt((price.numerator << 128) // price.denominator)
