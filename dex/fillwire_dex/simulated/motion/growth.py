"""The exponential in additions and multiplications only, so that every machine gets the same last bit.

IEEE 754 fixes those, the division and the square root; `math.exp` is whatever the platform's library makes of it.
"""

from __future__ import annotations

from typing import Final

_HALVINGS: Final = 10
_INVERSE_FACTORIALS: Final = (1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1.0, 1.0)


def growth(exponent: float) -> float:
    """Return e ** exponent, within 1e-12 of it for exponents from -10 to 10."""
    small = exponent / (1 << _HALVINGS)
    power = 0.0
    for coefficient in _INVERSE_FACTORIALS:
        power = power * small + coefficient
    for _ in range(_HALVINGS):
        power *= power
    return power
