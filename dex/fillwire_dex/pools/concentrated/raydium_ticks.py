"""Raydium CLMM's table of sqrt prices.

Source of the numbers: raydium-io/raydium-clmm, programs/amm/src/libraries/tick_math.rs.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from fillwire_dex.pools.concentrated.scale import ONE, TickScale

_FACTORS: Final = (
    0xFFFCB933BD6FB800,
    0xFFF97272373D4000,
    0xFFF2E50F5F657000,
    0xFFE5CACA7E10F000,
    0xFFCB9843D60F7000,
    0xFF973B41FA98E800,
    0xFF2EA16466C9B000,
    0xFE5DEE046A9A3800,
    0xFCBE86C7900BB000,
    0xF987A7253AC65800,
    0xF3392B0822BB6000,
    0xE7159475A2CAF000,
    0xD097F3BDFD2F2000,
    0xA9F746462D9F8000,
    0x70D869A156F31C00,
    0x31BE135F97ED3200,
    0x09AA508B5B85A500,
    0x005D6AF8DEDC582C,
    0x00002216E584F5FA,
)
"""About 2**64 / 1.0001 ** (2**i / 2) for bit i of a tick, as the program rounds them."""


@lru_cache(maxsize=1 << 16)
def _sqrt_price_at(tick: int) -> int:
    """Multiply the factors of the bits of a tick, and invert for positive ticks."""
    ratio, bits = ONE, abs(tick)
    for factor in _FACTORS:
        if bits & 1:
            ratio = ratio * factor >> 64
        bits >>= 1
    return ((1 << 128) - 1) // ratio if tick > 0 else ratio


RAYDIUM: Final = TickScale(_sqrt_price_at)
