"""Orca Whirlpool's table of sqrt prices: 64-bit factors below tick 0, 96-bit ones above.

Source of the numbers: orca-so/whirlpools, rust-sdk/core/src/math/tick.rs (Apache-2.0 until 1.0.2).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from fillwire_dex.pools.concentrated.scale import ONE, TickScale

_FALLING: Final = (
    18445821805675392311,
    18444899583751176498,
    18443055278223354162,
    18439367220385604838,
    18431993317065449817,
    18417254355718160513,
    18387811781193591352,
    18329067761203520168,
    18212142134806087854,
    17980523815641551639,
    17526086738831147013,
    16651378430235024244,
    15030750278693429944,
    12247334978882834399,
    8131365268884726200,
    3584323654723342297,
    696457651847595233,
    26294789957452057,
    37481735321082,
)
"""About 2**64 / 1.0001 ** (2**i / 2) for bit i of a negative tick."""

_RISING: Final = (
    79232123823359799118286999567,
    79236085330515764027303304731,
    79244008939048815603706035061,
    79259858533276714757314932305,
    79291567232598584799939703904,
    79355022692464371645785046466,
    79482085999252804386437311141,
    79736823300114093921829183326,
    80248749790819932309965073892,
    81282483887344747381513967011,
    83390072131320151908154831281,
    87770609709833776024991924138,
    97234110755111693312479820773,
    119332217159966728226237229890,
    179736315981702064433883588727,
    407748233172238350107850275304,
    2098478828474011932436660412517,
    55581415166113811149459800483533,
    38992368544603139932233054999993551,
)
"""About 2**96 * 1.0001 ** (2**i / 2) for bit i of a positive tick."""


@lru_cache(maxsize=1 << 16)
def _sqrt_price_at(tick: int) -> int:
    """Multiply the factors of the bits of a tick, from the table of its sign."""
    if tick < 0:
        return _product(_FALLING, -tick, ONE, 64)
    return _product(_RISING, tick, 1 << 96, 96) >> 32


def _product(factors: tuple[int, ...], bits: int, ratio: int, precision: int) -> int:
    for factor in factors:
        if bits & 1:
            ratio = ratio * factor >> precision
        bits >>= 1
    return ratio


ORCA: Final = TickScale(_sqrt_price_at)
