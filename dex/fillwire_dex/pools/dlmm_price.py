"""The price of a Meteora DLMM bin, cut where the program cuts it.

Source: MeteoraAg/dlmm-sdk, commons/src/math/{price_math,u64x64_math}.rs.
A bin's price is (1 + bin_step / 10,000) ** id in raw units of y for one of x, as Q64.64.
The program multiplies powers of the inverted base, so the result differs from exact arithmetic.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from fillwire_dex.errors import UnsupportedPool

Q64: Final = 1 << 64
_U128_MAX: Final = (1 << 128) - 1
_EXPONENT_BITS: Final = 19
_BPS: Final = 10_000


@lru_cache(maxsize=16_384)
def bin_price(bin_id: int, bin_step: int) -> int:
    """Return the Q64.64 price of a bin; raises UnsupportedPool where the program's own arithmetic ends."""
    exponent = abs(bin_id)
    if exponent == 0:
        return Q64
    if exponent >> _EXPONENT_BITS:
        raise UnsupportedPool(f"no bin has the id {bin_id}")
    inverted = Q64
    for bit, power in enumerate(_powers(bin_step)):
        if exponent >> bit & 1:
            inverted = inverted * power >> 64
    if inverted == 0:
        raise UnsupportedPool(f"bin {bin_id} of step {bin_step} has no price in Q64.64")
    return inverted if bin_id < 0 else _U128_MAX // inverted


@cache
def _powers(bin_step: int) -> tuple[int, ...]:
    """Return the inverted base of a step, squared again and again."""
    power = _U128_MAX // (Q64 + bin_step * Q64 // _BPS)
    powers = [power]
    for _ in range(_EXPONENT_BITS - 1):
        power = power * power >> 64
        powers.append(power)
    return tuple(powers)
