"""Base58 as Bitcoin and Solana write it."""

from __future__ import annotations

from typing import Final

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PAIRS: Final = [high + low for high in _ALPHABET for low in _ALPHABET]


def encode(content: bytes) -> str:
    """Return the base58 text of `content`; each leading zero byte becomes a leading 1."""
    number = int.from_bytes(content)
    pairs: list[str] = []
    while number:
        number, pair = divmod(number, 58 * 58)
        pairs.append(_PAIRS[pair])
    digits = "".join(reversed(pairs)).lstrip("1")
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "1" * zeros + digits
