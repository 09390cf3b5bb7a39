"""The tokens fillwire trades, by symbol and by mint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fillwire_dex.errors import UnknownToken


@dataclass(frozen=True, slots=True)
class Token:
    """A fungible token; amounts of it are integers of 10**-decimals."""

    symbol: str
    mint: str
    decimals: int
    name: str


SOL: Final = Token("SOL", "So11111111111111111111111111111111111111112", 9, "Solana")
USDC: Final = Token("USDC", "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", 6, "USD Coin")
USDT: Final = Token("USDT", "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB", 6, "Tether USD")
JUP: Final = Token("JUP", "JUPyiwrYJFskUPiHa7hkeR8VUtAeFoSYbKedZNsDvCN", 6, "Jupiter")
BONK: Final = Token("BONK", "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263", 5, "Bonk")
RAY: Final = Token("RAY", "4k3Dyjzvzp8eMZWUXbBCjEvwSkkk59S5iCNLY3QrkX6R", 6, "Raydium")
MSOL: Final = Token("mSOL", "mSoLzYCxHdYgdzU16g5QSh3i5K3z3KZK7ytfqcJm7So", 9, "Marinade staked SOL")
WIF: Final = Token("WIF", "EKpQGSJtjMFqKZ9KQanSqYXRcF8fBopzLHYxdM65zcjm", 6, "dogwifhat")

ALL: Final[tuple[Token, ...]] = (SOL, USDC, USDT, JUP, BONK, RAY, MSOL, WIF)

_BY_NAME: Final = {token.symbol.upper(): token for token in ALL} | {token.mint: token for token in ALL}


def find(symbol_or_mint: str) -> Token:
    """Return the token of this symbol (any case) or this mint (exact case).

    Raises UnknownToken.
    """
    token = _BY_NAME.get(symbol_or_mint) or _BY_NAME.get(symbol_or_mint.upper())
    if token is None:
        known = ", ".join(token.symbol for token in ALL)
        raise UnknownToken(f"no token {symbol_or_mint!r}; known are {known}")
    return token
