"""Bytes that were a message."""

import random
from collections.abc import Callable, Sequence
from typing import Final

__all__ = ["damaged"]

_START_GROUP: Final = 3
_END_GROUP: Final = 4


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """The bytes of a message after one to three of the things that befall bytes; it may be one still."""
    spoiled = bytearray(raw or b"\x0a\x03SOL")
    for _ in range(chance.randint(1, 3)):
        chance.choice(_WAYS)(spoiled, chance)
        spoiled = spoiled or bytearray(b"\x00")
    return bytes(spoiled)


def _truncate(raw: bytearray, chance: random.Random) -> None:
    del raw[chance.randrange(len(raw)) :]


def _flip(raw: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 8))):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)


def _retype(raw: bytearray, chance: random.Random) -> None:
    """The same field, in another wire type: also one of the two that there are not."""
    raw[0] = raw[0] & ~7 | chance.randrange(8)


def _drop(raw: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(raw))
    del raw[at : at + chance.randint(1, 9)]


def _double(raw: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(raw))
    raw[at:at] = raw[at : at + chance.randint(1, 40)]


def _nest(raw: bytearray, chance: random.Random) -> None:
    """Groups in groups, closed, half closed or not at all."""
    depth = chance.choice((1, 99, 101, 5_000))
    field = chance.randint(1, 15) << 3
    raw += bytes([field | _START_GROUP]) * depth + bytes([field | _END_GROUP]) * chance.choice((0, depth // 2, depth))


def _envelop(raw: bytearray, chance: random.Random) -> None:
    """The message as a field of itself, again and again."""
    for _ in range(chance.choice((1, 20, 120))):
        length = len(raw)
        if length > 16_000:
            return
        raw[:0] = bytes([chance.randint(1, 15) << 3 | 2]) + _varint(length)


def _overlong(raw: bytearray, chance: random.Random) -> None:
    """Numbers that do not end, and lengths that promise what is not there."""
    at = chance.randrange(len(raw) + 1)
    raw[at:at] = chance.choice((b"\x08" + b"\xff" * 11, b"\x0a" + b"\xff" * 9 + b"\x01", b"\x0a\xff\xff\xff\xff\x0f"))


def _noise(raw: bytearray, chance: random.Random) -> None:
    raw[:] = chance.randbytes(chance.choice((1, 7, 64, 1_000, 30_000)))


def _garble(raw: bytearray, chance: random.Random) -> None:
    """Text that is not UTF-8, in place of the first text there is."""
    start = raw.find(b"SOL")
    raw[max(start, 0) : max(start, 0) + 3] = chance.choice((b"\xff\xfe\xfd", b"\xed\xa0\x80", b"\xc0\x80\x80"))


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


_WAYS: Final[Sequence[Callable[[bytearray, random.Random], None]]] = (
    *(_truncate, _flip, _retype, _drop, _double, _nest, _envelop, _overlong, _noise, _garble),
)
