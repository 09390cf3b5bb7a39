"""Amounts: people say "1.5 SOL", the engine says 1500000000 smallest units; a token's decimals lie between.

All of it is integers and exact decimals. A `float` is refused: 0.1 is not the amount anybody means by it.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

__all__ = ["Amount", "Quantity", "Token", "exact"]

Quantity = Decimal | str | int
"""An amount in whole tokens, as a caller gives it: `"1.5"`, `Decimal("1.5")`, `2`."""

_MAX_DIGITS: Final = 39
"""The contract's widest amount, in digits of smallest units."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity of a token, as an integer of its smallest unit; `ui` shows it in whole tokens."""

    token: str
    """Symbol."""
    raw: int
    """Smallest units."""
    decimals: int | None
    """The token's decimals; `None` where the engine no longer lists the token."""

    @property
    def ui(self) -> Decimal:
        """In whole tokens, exact. Raises `ValueError` where the token's decimals are not known."""
        if self.decimals is None:
            raise ValueError(f"the engine lists no token {self.token}, so only the raw amount is known")
        whole, part = divmod(self.raw, 10**self.decimals)
        return Decimal(f"{whole}.{part:0{self.decimals}d}".rstrip("0").rstrip(".") if part else whole)

    def __str__(self) -> str:
        if self.decimals is None:
            return f"{self.raw} smallest units of {self.token}"
        return f"{self.ui:f} {self.token}"


@dataclass(frozen=True, slots=True)
class Token:
    """A token that can be swapped."""

    symbol: str
    """Unique within an engine."""
    mint: str
    """Its mint address, base58."""
    decimals: int
    """Digits after the point: 9 means that 10^9 smallest units are one token."""
    name: str
    """For people."""

    def amount(self, quantity: Quantity) -> Amount:
        """The amount that is `quantity` whole tokens.

        Raises `TypeError` for a float, and `ValueError` for what is not a number, is negative, or is finer than the
        token's smallest unit: nothing is ever rounded.
        """
        return Amount(self.symbol, _smallest_units(exact(quantity), self), self.decimals)


def exact(quantity: Quantity) -> Decimal:
    """The number as it was written. Raises `TypeError` for a float, `ValueError` for what is not a finite number."""
    if isinstance(quantity, float):
        raise TypeError(f'an amount is a Decimal, str or int, never a float: write "{quantity!r}" if that is meant')
    if isinstance(quantity, bool) or not isinstance(quantity, Decimal | str | int):
        raise TypeError(f"an amount is a Decimal, str or int, not {type(quantity).__name__}")
    try:
        number = Decimal(quantity)
    except InvalidOperation:
        raise ValueError(f'"{quantity}" is not a number') from None
    if not number.is_finite():
        raise ValueError(f'"{quantity}" is not a finite number')
    return number


def _smallest_units(number: Decimal, token: Token) -> int:
    if number.is_zero():
        return 0
    if number.is_signed():
        raise ValueError(f"{number} {token.symbol} is negative")
    if number.adjusted() + token.decimals >= _MAX_DIGITS:
        raise ValueError(f"{number} {token.symbol} is more than an amount can hold")
    _, digits, exponent = number.as_tuple()
    shift = int(exponent) + token.decimals
    units = int("".join(map(str, digits)))
    if shift >= 0:
        return units * int(10**shift)
    # `shift` may be enormous ("1e-999999999"), but beyond its own digits nothing can be left over.
    whole, rest = divmod(units, int(10 ** min(-shift, len(digits) + 1)))
    if rest:
        raise ValueError(
            f"{number} {token.symbol} is finer than {token.symbol} can be: at most {token.decimals} digits may stand "
            "after the decimal point"
        )
    return whole
