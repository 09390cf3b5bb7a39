"""The two curves of Meteora DAMM v2: one liquidity range, and a constant product.

Source: MeteoraAg/damm-v2, programs/cp-amm/src/liquidity_handler/*. Square-root prices are Q64.64;
liquidity carries 64 more fractional bits. Amounts here are those that move the curve, without fees.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isqrt
from typing import Protocol

from fillwire_dex.errors import InsufficientLiquidity
from fillwire_dex.pools.pool import Direction, Segment
from fillwire_dex.pools.rounding import ceil_div


@dataclass(frozen=True, slots=True)
class Move:
    """What went into the curve, what came out, and the sqrt price it left.

    `next_sqrt_price` is None for a curve whose price follows from its reserves.
    """

    amount_in: int
    amount_out: int
    next_sqrt_price: int | None


class Curve(Protocol):
    """Both raise InsufficientLiquidity beyond their end, `sell_up_to` stops there."""

    def sell(self, direction: Direction, amount_in: int) -> Move: ...
    def sell_up_to(self, direction: Direction, amount_in: int) -> Move: ...
    def buy(self, direction: Direction, amount_out: int) -> Move: ...
    def segment(self, direction: Direction) -> Segment: ...
    def reserves(self) -> tuple[int, int]: ...


@dataclass(frozen=True, slots=True)
class RangeCurve:
    """Liquidity spread evenly between two prices."""

    liquidity: int
    sqrt_price: int
    sqrt_min: int
    sqrt_max: int

    def sell(self, direction: Direction, amount_in: int) -> Move:
        liquidity, price = self.liquidity, self.sqrt_price
        if direction is Direction.A_TO_B:
            target = ceil_div(liquidity * price, liquidity + amount_in * price)
            amount_out = liquidity * (price - target) >> 128
        else:
            target = price + (amount_in << 128) // liquidity
            amount_out = liquidity * (target - price) // (price * target)
        return self._checked(Move(amount_in, amount_out, target))

    def sell_up_to(self, direction: Direction, amount_in: int) -> Move:
        if amount_in < (most := self._most(direction)):
            return self.sell(direction, amount_in)
        low, high = self._span(direction)
        amount_out = (
            self.liquidity * (high - low) >> 128
            if direction is Direction.A_TO_B
            else self.liquidity * (high - low) // (low * high)
        )
        return Move(most, amount_out, low if direction is Direction.A_TO_B else high)

    def buy(self, direction: Direction, amount_out: int) -> Move:
        liquidity, price = self.liquidity, self.sqrt_price
        if direction is Direction.A_TO_B:
            target = price - ceil_div(amount_out << 128, liquidity)
            if target < self.sqrt_min:
                raise InsufficientLiquidity("the price range ends before this amount")
            amount_in = ceil_div(liquidity * (price - target), price * target)
        else:
            left = liquidity - amount_out * price
            if left <= 0:
                raise InsufficientLiquidity("the price range ends before this amount")
            target = ceil_div(liquidity * price, left)
            amount_in = -(-liquidity * (target - price) >> 128)
        return self._checked(Move(amount_in, amount_out, target))

    def segment(self, direction: Direction) -> Segment:
        reserve_a = self.liquidity / self.sqrt_price
        reserve_b = self.liquidity * self.sqrt_price / (1 << 128)
        if direction is Direction.A_TO_B:
            return Segment(reserve_b / reserve_a, reserve_a, self._most(direction))
        return Segment(reserve_a / reserve_b, reserve_b, self._most(direction))

    def reserves(self) -> tuple[int, int]:
        low, price, high = self.sqrt_min, self.sqrt_price, self.sqrt_max
        return ceil_div(self.liquidity * (high - price), price * high), ceil_div(
            self.liquidity * (price - low), 1 << 128
        )

    def _checked(self, move: Move) -> Move:
        if not self.sqrt_min <= (move.next_sqrt_price or 0) <= self.sqrt_max:
            raise InsufficientLiquidity("the price range ends before this amount")
        return move

    def _span(self, direction: Direction) -> tuple[int, int]:
        """Return the sqrt prices, low and high, that a sale can run through."""
        if direction is Direction.A_TO_B:
            return self.sqrt_min, self.sqrt_price
        return self.sqrt_price, self.sqrt_max

    def _most(self, direction: Direction) -> int:
        """Return the input that takes the price to the end of the range."""
        low, high = self._span(direction)
        if direction is Direction.A_TO_B:
            return ceil_div(self.liquidity * (high - low), low * high)
        return -(-self.liquidity * (high - low) >> 128)


@dataclass(frozen=True, slots=True)
class ProductCurve:
    """A constant product over the pool's own reserves, for pools that compound their fees."""

    reserve_a: int
    reserve_b: int

    @property
    def sqrt_price(self) -> int:
        """The Q64.64 square root of b per a."""
        return isqrt((self.reserve_b << 128) // self.reserve_a)

    def sell(self, direction: Direction, amount_in: int) -> Move:
        reserve_in, reserve_out = self._reserves(direction)
        return Move(amount_in, reserve_out * amount_in // (reserve_in + amount_in), None)

    def sell_up_to(self, direction: Direction, amount_in: int) -> Move:
        return self.sell(direction, amount_in)

    def buy(self, direction: Direction, amount_out: int) -> Move:
        reserve_in, reserve_out = self._reserves(direction)
        if amount_out >= reserve_out:
            raise InsufficientLiquidity(f"the pool holds {reserve_out} of the bought token")
        return Move(ceil_div(reserve_in * amount_out, reserve_out - amount_out), amount_out, None)

    def segment(self, direction: Direction) -> Segment:
        reserve_in, reserve_out = self._reserves(direction)
        return Segment(reserve_out / reserve_in, float(reserve_in))

    def reserves(self) -> tuple[int, int]:
        return self.reserve_a, self.reserve_b

    def _reserves(self, direction: Direction) -> tuple[int, int]:
        if direction is Direction.A_TO_B:
            return self.reserve_a, self.reserve_b
        return self.reserve_b, self.reserve_a


def taxed(curve: Segment, brackets: Iterable[tuple[float, float]]) -> tuple[Segment, ...]:
    """Return a curve in terms of a gross input whose fee rises from bracket to bracket.

    A bracket is the part of the input that is kept, and how much of a gross input it is for.
    """
    pieces, before = [], 0.0
    for kept, width in brackets:
        net = min(width * kept, curve.capacity - before)
        if net <= 0:
            break
        passed = 1 + before / curve.depth
        pieces.append(Segment(curve.price * kept / passed**2, curve.depth * passed / kept, net / kept))
        before += net
    return tuple(pieces)
