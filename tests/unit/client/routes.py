"""Routes as the SDK shows them, for what draws them."""

from decimal import Decimal
from typing import Any, Final

from fillwire.amount import Amount
from fillwire.route import Candidate, Leg, Route

_DECIMALS: Final = {"SOL": 9, "USDC": 6, "JUP": 6, "USDT": 6, "BONK": 5}


def amount(ui: str, token: str) -> Amount:
    return Amount(token, int(Decimal(ui).scaleb(_DECIMALS[token])), _DECIMALS[token])


def leg(venue: str, swap: str, percent: float, **changes: Any) -> Leg:
    """A leg such as `leg("raydium_cpmm", "3 SOL -> 480 USDC", 60)`; the pool is the venue's first of the pair."""
    give, get = (side.split() for side in swap.split(" -> "))
    amount_in, amount_out = amount(*give), amount(*get)
    fields: dict[str, Any] = {
        "venue": venue,
        "pool": f"{venue}.{give[1]}-{get[1]}.1",
        "amount_in": amount_in,
        "amount_out": amount_out,
        "fee_in": amount("0", give[1]),
        "fee_out": amount("0", get[1]),
        "fee_bps": 25.0,
        "share_bps": percent * 100,
    }
    return Leg(**(fields | changes))


def candidate(pool: str, reason: str = "", alone: str = "", behind_bps: float = 0.0, **changes: Any) -> Candidate:
    """A pool such as `candidate("raydium_cpmm.SOL-USDC.1", "outpriced", "790 USDC", 101)`; used without a reason."""
    venue, pair, _ = pool.split(".")
    token_in, token_out = pair.split("-")
    fields: dict[str, Any] = {
        "venue": venue,
        "pool": pool,
        "token_in": token_in,
        "token_out": token_out,
        "amount_in": None,
        "amount_out": amount(*alone.split()) if alone else None,
        "used": not reason,
        "reason": reason,
        "behind_bps": behind_bps,
        "haircut_bps": 0.0,
    }
    return Candidate(**(fields | changes))


def route(*legs: Leg, candidates: tuple[Candidate, ...] = (), **changes: Any) -> Route:
    """5 SOL for 798.12 USDC over these legs."""
    fields: dict[str, Any] = {
        "exact_out": False,
        "amount_in": amount("5", "SOL"),
        "amount_out": amount("798.12", "USDC"),
        "legs": legs,
        "bound": amount("798.1204", "USDC"),
        "gap_bps": 0.005,
        "price_impact_bps": 17.25,
        "mid_price": Decimal("159.9"),
        "best_single": amount("797.4", "USDC"),
        "candidates": candidates,
        "slot": 77,
        "router_micros": 420,
    }
    return Route(**(fields | changes))


DIRECT: Final = route(
    leg("raydium_amm_v4", "3.023 SOL -> 482.54 USDC", 60.46),
    leg("meteora_damm_v2", "1.976 SOL -> 315.42 USDC", 39.52, fee_bps=10.0),
    leg("raydium_cpmm", "0.001 SOL -> 0.16 USDC", 0.02),
    candidates=(
        candidate("meteora_dlmm.SOL-USDC.4", "excluded"),
        candidate("raydium_cpmm.SOL-USDC.9", "outpriced", "700 USDC", 1229.3),
        candidate("raydium_amm_v4.SOL-USDC.1", alone="797.4 USDC", behind_bps=9.02),
        candidate("meteora_damm_v2.SOL-USDC.1", alone="790.01 USDC", behind_bps=101.61),
        candidate("raydium_cpmm.SOL-USDC.1"),
        candidate("raydium_clmm.SOL-USDC.2", "max_legs", "797 USDC", 14.03),
        candidate("raydium_clmm.SOL-USDC.3", "outpriced", "780 USDC", 227.03),
        candidate("raydium_cpmm.SOL-USDC.7", "insufficient_liquidity"),
    ),
)
"""Over three pools, five others left out."""

TREE: Final = route(
    leg("raydium_amm_v4", "3.1 SOL -> 494.9 USDC", 62),
    leg("meteora_dlmm", "1.4 SOL -> 350 JUP", 28),
    leg("raydium_cpmm", "0.5 SOL -> 79.5 USDC", 10),
    leg("raydium_clmm", "245 JUP -> 156.6 USDC", 70),
    leg("raydium_cpmm", "105 JUP -> 67.12 USDC", 30),
)
"""Partly by way of JUP, which is sold on two pools."""

NETWORK: Final = route(
    leg("raydium_amm_v4", "2.5 SOL -> 399.2 USDC", 50),
    leg("meteora_dlmm", "1.5 SOL -> 375 JUP", 30),
    leg("raydium_clmm", "1 SOL -> 8000000 BONK", 20),
    leg("raydium_clmm", "8000000 BONK -> 250 JUP", 100),
    leg("raydium_cpmm", "625 JUP -> 399.1 USDC", 100),
)
"""JUP comes over two ways and is sold together."""
