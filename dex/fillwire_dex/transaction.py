"""A built and signed swap: bytes that can be sent again and land at most once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self, assert_never

from fillwire_dex import base58
from fillwire_dex.errors import MalformedTransaction
from fillwire_dex.route import Mode, Route
from fillwire_dex.terms import ExactIn, ExactOut, Instruction, Terms

_FORMAT: Final = 2
_DIRECT_FORMAT: Final = 1
"""The format before routes could have hops: every leg sells the same token for the same other one."""

_MOST: Final = 1 << 64


@dataclass(frozen=True, slots=True)
class Transaction:
    """All legs of a route, executed together or not at all.

    A leg comes after every leg that brings what it sells.
    It can never land in a slot after `last_valid_slot`.
    `signature` is base58 of 64 bytes and a function of `payload` alone,
    so the payload is all that must be kept to send the very same transaction again.
    """

    signature: str
    payload: bytes
    reference: str
    last_valid_slot: int
    token_in: str
    token_out: str
    terms: Terms
    instructions: tuple[Instruction, ...]

    @classmethod
    def sign(
        cls,
        route: Route,
        *,
        min_amount_out: int | None = None,
        max_amount_in: int | None = None,
        reference: str,
        last_valid_slot: int,
    ) -> Self:
        """Build the transaction of a route; the same arguments give the same bytes.

        A route of exact input needs `min_amount_out` and one of exact output `max_amount_in`; ValueError else.
        """
        document = {
            "format": _FORMAT,
            "reference": reference,
            "last_valid_slot": last_valid_slot,
            "token_in": route.token_in.mint,
            "token_out": route.token_out.mint,
            "legs": [
                [leg.pool_id, leg.token_in.mint, leg.token_out.mint, str(leg.amount_in), str(leg.amount_out)]
                for leg in route.legs
            ],
            **_written_terms(route, min_amount_out, max_amount_in),
        }
        payload = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
        return cls.decode(payload)

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Return the transaction these bytes are, whichever version of this package wrote them.

        Raises MalformedTransaction.
        """
        try:
            document = json.loads(payload)
            instructions = tuple(_instruction(*leg) for leg in document["legs"])
            token_in, token_out = _ends(document, instructions)
            return cls(
                signature=base58.encode(hashlib.sha512(payload).digest()),
                payload=payload,
                reference=document["reference"],
                last_valid_slot=int(document["last_valid_slot"]),
                token_in=token_in,
                token_out=token_out,
                terms=_terms(document),
                instructions=instructions,
            )
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise MalformedTransaction(f"not a transaction: {error!r}") from error

    def __post_init__(self) -> None:
        """Check that nothing is left over between the legs; raises MalformedTransaction."""
        bought = {self.token_in}
        for leg in self.instructions:
            if leg.token_in not in bought:
                raise MalformedTransaction(f"{leg.pool_id} sells {leg.token_in} before anything brings it")
            bought.add(leg.token_out)
        if bought - {leg.token_in for leg in self.instructions} != {self.token_out}:
            raise MalformedTransaction(f"the legs do not end in {self.token_out} alone")
        if isinstance(self.terms, ExactOut) and self.planned_out() != self.terms.amount_out:
            raise MalformedTransaction(f"the legs bring {self.planned_out()}, not {self.terms.amount_out}")

    def planned_out(self) -> int:
        """Return how much of `token_out` the legs were planned to bring together."""
        return sum(leg.amount_out for leg in self.instructions if leg.token_out == self.token_out)


def _written_terms(route: Route, min_amount_out: int | None, max_amount_in: int | None) -> dict[str, str]:
    match route.mode:
        case Mode.EXACT_IN:
            if min_amount_out is None or max_amount_in is not None:
                raise ValueError("a route of exact input is limited by min_amount_out alone")
            return {"min_amount_out": str(min_amount_out)}
        case Mode.EXACT_OUT:
            if max_amount_in is None or min_amount_out is not None:
                raise ValueError("a route of exact output is limited by max_amount_in alone")
            return {"amount_out": str(route.amount_out), "max_amount_in": str(max_amount_in)}
        case never:
            assert_never(never)


def _terms(document: Mapping[str, Any]) -> Terms:
    if "max_amount_in" in document:
        return ExactOut(_amount(document["amount_out"]), int(document["max_amount_in"]))
    return ExactIn(int(document["min_amount_out"]))


def _instruction(pool_id: str, token_in: str, token_out: str, amount_in: str, amount_out: str = "0") -> Instruction:
    return Instruction(pool_id, token_in, token_out, _amount(amount_in), _amount(amount_out))


def _amount(text: str) -> int:
    """Return an amount that a venue's programs could hold."""
    amount = int(text)
    if not 0 <= amount < _MOST:
        raise ValueError(f"no amount: {text}")
    return amount


def _ends(document: Mapping[str, Any], instructions: Sequence[Instruction]) -> tuple[str, str]:
    """Return the tokens that go in and come out of the whole."""
    if document["format"] == _FORMAT:
        return document["token_in"], document["token_out"]
    if document["format"] == _DIRECT_FORMAT:
        return instructions[0].token_in, instructions[0].token_out
    raise ValueError(f"unknown format {document['format']!r}")
