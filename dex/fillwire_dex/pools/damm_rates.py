"""How Meteora DAMM v2 applies a fee rate, in 1e-9, to an amount; both roundings go against the trader.

Source: MeteoraAg/damm-v2, programs/cp-amm/src/state/fee.rs.
"""

from __future__ import annotations

from typing import Final

from fillwire_dex.pools.rounding import ceil_div

RATE_UNIT: Final = 1_000_000_000
RATE_OF_BPS: Final = RATE_UNIT // 10_000


def fee_within(gross: int, rate: int) -> int:
    """Return the fee contained in a gross amount."""
    return ceil_div(gross * rate, RATE_UNIT)


def fee_on_top(net: int, rate: int) -> int:
    """Return the fee that a net amount needs on top of it."""
    return ceil_div(net * RATE_UNIT, RATE_UNIT - rate) - net
