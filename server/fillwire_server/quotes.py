"""Quotes that an order can be bound to: what one promised is in its id, signed, and nothing is stored.

All servers of one database have the same key, so each honours what any of them has quoted.
"""

import base64
import hmac
import struct
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from fillwire_dex import tokens
from fillwire_orders import AccountId, Terms
from fillwire_server.refusals import InvalidRequest, QuoteExpired, Violation
from fillwire_server.validation import Wanted

__all__ = ["QUOTE_LIVES", "Quotes"]

QUOTE_LIVES: Final = timedelta(seconds=10)
"""How long a quote can be bound to an order: pools move every slot, so it is a hint from the start."""

_LAYOUT: Final = struct.Struct(">BqQ16s")
"""A version, when it expires in microseconds since 1970, the amount that was quoted, the signature."""

_VERSION: Final = 1
_SIGNATURE_BYTES: Final = 16
_LABEL: Final = b"fillwire quotes 1"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIELD: Final = "spec.quote_id"
_RULE: Final = "must be that of a quote of GetQuote or StreamQuotes for this account, these tokens, amount and routing"


class Quotes:
    """Signs the quotes of this server and knows those of all servers; `key` is the secret that they share."""

    def __init__(self, key: str) -> None:
        # Another key than the jobs': what is signed for one purpose must be worth nothing for another.
        self._key = hmac.digest(key.encode(), _LABEL, "sha256")

    def sign(self, account_id: AccountId, swap: Wanted, *, amount: int, expires_at: datetime) -> str:
        """The id of a quote that promises `amount`, of the side that was not asked for, until it expires."""
        micros = (expires_at - _EPOCH) // timedelta(microseconds=1)
        signature = self._signature(account_id, swap, amount, micros)
        return base64.urlsafe_b64encode(_LAYOUT.pack(_VERSION, micros, amount, signature)).decode()

    def bind(self, account_id: AccountId, terms: Terms, *, now: datetime) -> tuple[Terms, QuoteExpired | None]:
        """The terms with the amount that their quote promised, and why they cannot be those of a new order any more.

        An order that was submitted in time is one for ever, so that it is late decides nothing here. Terms without a
        quote are given back as they are. Raises `InvalidRequest` for a quote that is not ours or not of this swap.
        """
        if not terms.quote_id:
            return terms, None
        pair = tokens.find(terms.token_in), tokens.find(terms.token_out)
        swap = Wanted(*pair, terms.amount_in, terms.amount_out, terms.routing)
        amount, expires_at = self._read(account_id, swap, terms.quote_id)
        late = QuoteExpired(expires_at) if expires_at <= now else None
        return msgspec.structs.replace(terms, quoted_amount=amount), late

    def _read(self, account_id: AccountId, swap: Wanted, quote_id: str) -> tuple[int, datetime]:
        try:
            version, micros, amount, signature = _LAYOUT.unpack(base64.b64decode(quote_id, b"-_", validate=True))
        except (ValueError, struct.error):
            raise InvalidRequest([Violation(_FIELD, _RULE)]) from None
        ours = self._signature(account_id, swap, amount, micros)
        if version != _VERSION or not hmac.compare_digest(signature, ours):
            raise InvalidRequest([Violation(_FIELD, _RULE)])
        return amount, _EPOCH + timedelta(microseconds=micros)

    def _signature(self, account_id: AccountId, swap: Wanted, amount: int, micros: int) -> bytes:
        pair = swap.token_in.symbol, swap.token_out.symbol
        promise = (account_id, *pair, swap.amount_in, swap.amount_out, swap.routing, amount, micros)
        return hmac.digest(self._key, msgspec.json.encode(promise), "sha256")[:_SIGNATURE_BYTES]
