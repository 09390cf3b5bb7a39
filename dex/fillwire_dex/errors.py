"""What can go wrong in fillwire_dex, named by what the caller can do about it.

    DexError
    ├── UnknownToken            give up: no such symbol or mint
    ├── UnsupportedPool         give up: the state needs a rule this version cannot carry exactly
    ├── MalformedTransaction    give up: these bytes were not built here
    ├── Unquotable              give up on this amount, now
    │   ├── AmountTooSmall      it buys nothing
    │   ├── InsufficientLiquidity   it is more than the pools hold
    │   └── NoRoute             no pool trades this pair
    ├── MarketUnavailable       try again, after `retry_after_seconds`
    └── MarketNotInstalled      ask the operator: the market's tables are missing

What becomes of a transaction is not an error but a value, see `fillwire_dex.outcomes`.
"""

from __future__ import annotations


class DexError(Exception):
    """Any failure this package raises on purpose."""


class UnknownToken(DexError):
    """No registered token has this symbol or mint."""


class UnsupportedPool(DexError):
    """The pool's state names a mode that cannot be quoted to the last unit."""


class MalformedTransaction(DexError):
    """The payload does not decode to a transaction."""


class Unquotable(DexError):
    """The amount cannot be swapped on this state; another amount or a later state may be."""


class AmountTooSmall(Unquotable):
    """The amount is not positive, or too small to buy a single unit."""


class InsufficientLiquidity(Unquotable):
    """The amount exceeds what the pool, or all pools together, can fill."""


class NoRoute(Unquotable):
    """No pool that may be used trades this pair."""


class MarketUnavailable(DexError):
    """The market did not answer; nothing was changed by this call.

    `retry_after_seconds` is the market's own wish, None when it named none.
    """

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class MarketNotInstalled(DexError):
    """The simulated market's schema is missing or not seeded; run its `upgrade`."""
