"""Token swaps: venues' exact integer mathematics, a router that proves its routes, a market.

This package knows swaps, not orders.
Importing it loads neither SQLAlchemy nor a database driver; the simulated market is
`fillwire_dex.simulated`.
"""

from fillwire_dex import prices, router, tokens
from fillwire_dex.board import PriceBoard
from fillwire_dex.errors import (
    AmountTooSmall,
    DexError,
    InsufficientLiquidity,
    MalformedTransaction,
    MarketNotInstalled,
    MarketUnavailable,
    NoRoute,
    UnknownToken,
    Unquotable,
    UnsupportedPool,
)
from fillwire_dex.market import Change, Market, Venue, VenueStatus
from fillwire_dex.outcomes import (
    Accepted,
    DelayReason,
    Expired,
    Landed,
    LandedLeg,
    NotTaken,
    Outcome,
    Pending,
    RefusalReason,
    Refused,
    SendResult,
    SendUnknown,
    Unseen,
)
from fillwire_dex.pools.pool import Direction, Pool, PoolKind, Segment, Swap
from fillwire_dex.route import Candidate, Leg, Mode, Route, Verdict
from fillwire_dex.snapshot import Birth, Listing, Origin, PoolId, Snapshot, VenueRead
from fillwire_dex.terms import ExactIn, ExactOut, Instruction
from fillwire_dex.tokens import Token
from fillwire_dex.transaction import Transaction

__all__ = [
    "Accepted",
    "AmountTooSmall",
    "Birth",
    "Candidate",
    "Change",
    "DelayReason",
    "DexError",
    "Direction",
    "ExactIn",
    "ExactOut",
    "Expired",
    "Instruction",
    "InsufficientLiquidity",
    "Landed",
    "LandedLeg",
    "Leg",
    "Listing",
    "MalformedTransaction",
    "Market",
    "MarketNotInstalled",
    "MarketUnavailable",
    "Mode",
    "NoRoute",
    "NotTaken",
    "Origin",
    "Outcome",
    "Pending",
    "Pool",
    "PoolId",
    "PoolKind",
    "PriceBoard",
    "RefusalReason",
    "Refused",
    "Route",
    "Segment",
    "SendResult",
    "SendUnknown",
    "Snapshot",
    "Swap",
    "Token",
    "Transaction",
    "UnknownToken",
    "Unquotable",
    "Unseen",
    "UnsupportedPool",
    "Venue",
    "VenueRead",
    "VenueStatus",
    "Verdict",
    "prices",
    "router",
    "tokens",
]
