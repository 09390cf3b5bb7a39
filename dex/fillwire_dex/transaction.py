"""A built and signed swap: bytes that can be sent again and land at most once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Self

from fillwire_dex import base58
from fillwire_dex.errors import MalformedTransaction
from fillwire_dex.route import Route

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Instruction:
    """One leg to execute: sell `amount_in` of mint `token_in` into the pool."""

    pool_id: str
    token_in: str
    token_out: str
    amount_in: int


@dataclass(frozen=True, slots=True)
class Transaction:
    """All legs of a route, executed together or not at all.

    It is refused when all legs together bring less than `min_amount_out`,
    and can never land in a slot after `last_valid_slot`.
    `signature` is base58 of 64 bytes and a function of `payload` alone,
    so the payload is all that must be kept to send the very same transaction again.
    """

    signature: str
    payload: bytes
    reference: str
    min_amount_out: int
    last_valid_slot: int
    instructions: tuple[Instruction, ...]

    @classmethod
    def sign(cls, route: Route, *, min_amount_out: int, reference: str, last_valid_slot: int) -> Self:
        """Build the transaction of a route; the same arguments give the same bytes."""
        legs = [[leg.pool_id, leg.token_in.mint, leg.token_out.mint, str(leg.amount_in)] for leg in route.legs]
        document = {
            "format": _FORMAT,
            "reference": reference,
            "last_valid_slot": last_valid_slot,
            "min_amount_out": str(min_amount_out),
            "legs": legs,
        }
        payload = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
        return cls.decode(payload)

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Return the transaction these bytes are.

        Raises MalformedTransaction.
        """
        try:
            document = json.loads(payload)
            if document["format"] != _FORMAT:
                raise MalformedTransaction(f"unknown format {document['format']!r}")
            return cls(
                signature=base58.encode(hashlib.sha512(payload).digest()),
                payload=payload,
                reference=document["reference"],
                min_amount_out=int(document["min_amount_out"]),
                last_valid_slot=document["last_valid_slot"],
                instructions=tuple(
                    Instruction(pool_id, token_in, token_out, int(amount_in))
                    for pool_id, token_in, token_out, amount_in in document["legs"]
                ),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise MalformedTransaction(f"not a transaction: {error}") from error
