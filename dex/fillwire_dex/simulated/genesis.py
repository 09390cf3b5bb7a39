"""The pools a new market starts with: real pairs at plausible prices, depths and fees.

Pools of one pair differ a little in price, as far as their fees keep arbitrage away.
"""

from __future__ import annotations

from decimal import Decimal

from fillwire_dex.simulated.founding import (
    Founded,
    Plan,
    amm_v4,
    clmm,
    cpmm,
    damm_v2,
    damm_v2_compounding,
    dlmm,
    whirlpool,
)
from fillwire_dex.tokens import BONK, JUP, MSOL, RAY, SOL, USDC, USDT, Token


def pools() -> tuple[Founded, ...]:
    """Return the pools of the default market."""
    return (
        amm_v4(_plan(1, SOL, USDC, "160.02", 6_400_000)),
        amm_v4(_plan(2, SOL, USDC, "159.96", 2_100_000)),
        cpmm(_plan(1, SOL, USDC, "160.01", 3_800_000), trade_fee_rate=2_500),
        cpmm(_plan(2, SOL, USDC, "160.30", 900_000), trade_fee_rate=10_000),
        damm_v2(_plan(1, SOL, USDC, "160.00", 2_600_000), fee_numerator=2_500_000, width=4),
        damm_v2(_plan(2, SOL, USDC, "159.94", 1_200_000), fee_numerator=2_000_000, width=2, dynamic=True),
        amm_v4(_plan(1, SOL, USDT, "159.97", 1_900_000)),
        cpmm(_plan(1, SOL, USDT, "160.10", 1_100_000), trade_fee_rate=2_500),
        damm_v2(_plan(1, SOL, USDT, "159.90", 800_000), fee_numerator=2_500_000, width=3),
        amm_v4(_plan(1, JUP, SOL, "0.003125", 9_500)),
        cpmm(_plan(1, JUP, SOL, "0.003121", 5_200), trade_fee_rate=2_500),
        damm_v2(_plan(1, JUP, SOL, "0.003128", 6_800), fee_numerator=2_500_000, width=4),
        cpmm(_plan(1, JUP, USDC, "0.5002", 1_300_000), trade_fee_rate=2_500),
        damm_v2_compounding(_plan(1, JUP, USDC, "0.4995", 700_000), fee_numerator=2_500_000),
        amm_v4(_plan(1, RAY, SOL, "0.01501", 7_400)),
        cpmm(_plan(1, RAY, SOL, "0.01498", 2_900), trade_fee_rate=2_500),
        amm_v4(_plan(1, RAY, USDC, "2.3985", 1_800_000)),
        cpmm(_plan(1, RAY, USDC, "2.4031", 850_000), trade_fee_rate=2_500),
        amm_v4(_plan(1, BONK, SOL, "0.0000001125", 8_800)),
        cpmm(_plan(1, BONK, SOL, "0.0000001129", 3_100), trade_fee_rate=10_000),
        damm_v2_compounding(_plan(1, BONK, SOL, "0.0000001122", 2_700), fee_numerator=5_000_000),
        amm_v4(_plan(1, MSOL, SOL, "1.3012", 12_000)),
        cpmm(_plan(1, MSOL, SOL, "1.3006", 21_000), trade_fee_rate=500),
        damm_v2(_plan(1, MSOL, SOL, "1.3009", 18_000), fee_numerator=500_000, width=2),
        cpmm(_plan(1, USDC, USDT, "0.99995", 4_500_000), trade_fee_rate=100),
        damm_v2(_plan(1, USDC, USDT, "1.0001", 6_000_000), fee_numerator=100_000, width=2),
        clmm(_plan(1, SOL, USDC, "160.01", 60_000), tick_spacing=1, trade_fee_rate=400, narrowest=100),
        clmm(
            _plan(2, SOL, USDC, "159.93", 300_000), tick_spacing=60, trade_fee_rate=2_500, narrowest=240, dynamic=True
        ),
        clmm(_plan(1, SOL, USDT, "160.04", 50_000), tick_spacing=10, trade_fee_rate=500, narrowest=100),
        clmm(_plan(1, RAY, USDC, "2.4020", 120_000), tick_spacing=60, trade_fee_rate=2_500, narrowest=300),
        clmm(
            _plan(1, BONK, SOL, "0.0000001127", 900),
            tick_spacing=60,
            trade_fee_rate=2_500,
            narrowest=600,
            dynamic=True,
            only_b=True,
        ),
        whirlpool(_plan(1, SOL, USDC, "159.99", 80_000), tick_spacing=4, fee_rate=400, narrowest=100),
        whirlpool(_plan(2, SOL, USDC, "160.20", 350_000), tick_spacing=64, fee_rate=3_000, narrowest=640),
        whirlpool(_plan(1, JUP, USDC, "0.5006", 140_000), tick_spacing=64, fee_rate=3_000, narrowest=640),
        whirlpool(_plan(1, MSOL, SOL, "1.30105", 1_500), tick_spacing=1, fee_rate=100, narrowest=8),
        whirlpool(_plan(1, USDC, USDT, "1.00002", 300_000), tick_spacing=1, fee_rate=100, narrowest=4),
        dlmm(_plan(1, SOL, USDC, "160.02", 250_000), bin_step=10),
        dlmm(_plan(2, SOL, USDC, "159.97", 120_000), bin_step=4, limit_orders=True),
        dlmm(_plan(1, SOL, USDT, "160.05", 150_000), bin_step=20),
        dlmm(_plan(1, JUP, SOL, "0.003124", 1_500), bin_step=25),
        dlmm(_plan(1, BONK, SOL, "0.0000001124", 1_200), bin_step=50, only_b=True),
        dlmm(_plan(1, USDC, USDT, "1", 500_000), bin_step=1),
    )


def _plan(number: int, token_a: Token, token_b: Token, price: str, depth: int) -> Plan:
    return Plan(number, token_a, token_b, Decimal(price), depth)
