"""What a market says about a transaction: when it is sent, and afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RefusalReason(StrEnum):
    """Why an executed transaction was reverted; nothing was swapped."""

    SLIPPAGE_EXCEEDED = "slippage_exceeded"
    INSUFFICIENT_LIQUIDITY = "insufficient_liquidity"
    AMOUNT_TOO_SMALL = "amount_too_small"
    UNKNOWN_POOL = "unknown_pool"
    VENUE_HALTED = "venue_halted"
    MALFORMED = "malformed"
    """The bytes are no transaction."""
    SIMULATED = "simulated"
    """A scripted or seeded fault of the simulated market."""


@dataclass(frozen=True, slots=True)
class LandedLeg:
    """One leg as it was executed; amounts and fees as in `route.Leg`."""

    pool_id: str
    venue: str
    token_in: str
    token_out: str
    amount_in: int
    amount_out: int
    fee_in: int
    fee_out: int


@dataclass(frozen=True, slots=True)
class Landed:
    """Final: the swap happened, in this slot, with these amounts (raw units)."""

    slot: int
    amount_in: int
    amount_out: int
    legs: tuple[LandedLeg, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Final: it was executed and reverted; nothing was swapped and the signature is spent."""

    slot: int
    reason: RefusalReason
    message: str


@dataclass(frozen=True, slots=True)
class Expired:
    """Final: it never landed and its last valid slot is past."""

    slot: int


@dataclass(frozen=True, slots=True)
class Pending:
    """The market has it and it may still land; ask again."""

    slot: int


@dataclass(frozen=True, slots=True)
class Unseen:
    """The market has never seen this signature, as of `slot`.

    Send the same bytes again, unless `slot` is past the transaction's last valid slot:
    then it can never land, which is as final as Expired.
    """

    slot: int

    def proves_expiry(self, last_valid_slot: int) -> bool:
        """Whether a transaction valid until `last_valid_slot` can no longer land."""
        return self.slot > last_valid_slot


Outcome = Landed | Refused | Expired | Pending | Unseen


class DelayReason(StrEnum):
    """Why a market did not take a transaction."""

    RATE_LIMITED = "rate_limited"
    HALTED = "halted"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The market has the transaction.

    `outcome` is what is already known of it: a market that lands at once says Landed or Refused
    here and saves the caller a question; others say Pending.
    """

    signature: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Proven: the market did not take it; send the same bytes again after the pause."""

    signature: str
    reason: DelayReason
    retry_after_seconds: float


@dataclass(frozen=True, slots=True)
class SendUnknown:
    """The answer was lost: the transaction may or may not land; ask `outcomes`."""

    signature: str
    message: str


SendResult = Accepted | NotTaken | SendUnknown
