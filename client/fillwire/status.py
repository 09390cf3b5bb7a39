"""The closed sets of the contract: where an order is, what makes it execute, why it came to nothing.

A value that a newer engine sends and this SDK does not know is `UNKNOWN`; it never fails a call.
"""

from enum import StrEnum

__all__ = ["CancelResult", "FailureReason", "Kind", "Scope", "SniperTrigger", "Status", "TimeInForce"]


class Status(StrEnum):
    """Where an order is."""

    PENDING = "PENDING"
    """Stored and acknowledged; nothing has been done for it yet."""
    RESTING = "RESTING"
    """Waiting for its price, its time or its event."""
    ROUTING = "ROUTING"
    """Quotes are being collected from every pool of every venue."""
    BUILDING = "BUILDING"
    """A route is chosen; the transaction is being built and signed."""
    SUBMITTED = "SUBMITTED"
    """The signed transaction is recorded and being sent."""
    RETRYING = "RETRYING"
    """The last attempt is proven to have swapped nothing; the next one waits for its time."""
    RECONCILING = "RECONCILING"
    """Sent, and for now nobody can say what became of it."""
    CONFIRMED = "CONFIRMED"
    """Final: swapped, exactly once."""
    FAILED = "FAILED"
    """Final: proven that nothing was swapped and nothing ever will be."""
    CANCELLED = "CANCELLED"
    """Final: withdrawn, and nothing was swapped; of a TWAP order, nothing more is."""
    EXPIRED = "EXPIRED"
    """Final: its time passed, and nothing was swapped; of a TWAP order, nothing more is."""
    UNKNOWN = "UNKNOWN"
    """A status newer than this SDK."""

    @property
    def final(self) -> bool:
        """Whether nothing can follow."""
        return self in _FINAL


_FINAL = frozenset({Status.CONFIRMED, Status.FAILED, Status.CANCELLED, Status.EXPIRED})


class FailureReason(StrEnum):
    """Why an attempt, or a whole order, came to nothing."""

    NO_ROUTE = "NO_ROUTE"
    """No pool quotes this pair, or all that do are halted or excluded."""
    INSUFFICIENT_LIQUIDITY = "INSUFFICIENT_LIQUIDITY"
    """The pools hold less than the order wants to take."""
    SLIPPAGE_EXCEEDED = "SLIPPAGE_EXCEEDED"
    """The output would fall below the order's minimum."""
    PRICE_IMPACT_EXCEEDED = "PRICE_IMPACT_EXCEEDED"
    """The route would move the price by more than the order allows."""
    VENUE_REFUSED = "VENUE_REFUSED"
    """The venue refused the transaction."""
    TRANSACTION_EXPIRED = "TRANSACTION_EXPIRED"
    """The transaction never landed, and its last valid slot has passed."""
    VENUE_UNAVAILABLE = "VENUE_UNAVAILABLE"
    """A venue could not be reached for a quote."""
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    """The order's deadline passed."""
    AMOUNT_TOO_SMALL = "AMOUNT_TOO_SMALL"
    """The output would round to nothing."""
    WITHDRAWN = "WITHDRAWN"
    """Its owner withdrew it."""
    SWITCHED_OFF = "SWITCHED_OFF"
    """The account's dead man's switch withdrew it."""
    GOOD_TILL_TIME_PASSED = "GOOD_TILL_TIME_PASSED"
    """Its `good_till_time` passed."""
    LIMIT_NOT_MET = "LIMIT_NOT_MET"
    """The whole amount could not be swapped at the limit price or better."""
    NO_SLICE_FILLED = "NO_SLICE_FILLED"
    """None of its child orders swapped anything."""
    UNKNOWN = "UNKNOWN"
    """A reason newer than this SDK, or none given."""


class Kind(StrEnum):
    """The types of orders by name: for filters, and for what fired."""

    MARKET = "MARKET"
    LIMIT = "LIMIT"
    STOP = "STOP"
    TAKE_PROFIT = "TAKE_PROFIT"
    TRAILING_STOP = "TRAILING_STOP"
    SCHEDULED = "SCHEDULED"
    TWAP = "TWAP"
    SNIPER = "SNIPER"
    OCO = "OCO"
    UNKNOWN = "UNKNOWN"
    """One newer than this SDK."""


class TimeInForce(StrEnum):
    """How long an order stays in the market."""

    DEFAULT = "DEFAULT"
    """That of the order's type: IOC for market orders, GTC for all others."""
    IOC = "IOC"
    """Immediate or cancel: executes now or fails."""
    GTC = "GTC"
    """Good till cancelled."""
    GTD = "GTD"
    """Good till `good_till_time`."""
    UNKNOWN = "UNKNOWN"
    """One newer than this SDK."""


class SniperTrigger(StrEnum):
    """What a sniper order waits for."""

    ANY = "ANY"
    """Any of the others."""
    POOL_CREATED = "POOL_CREATED"
    """A new pool of the pair."""
    LIQUIDITY_MIGRATED = "LIQUIDITY_MIGRATED"
    """The token's liquidity moves to another venue."""
    UNKNOWN = "UNKNOWN"
    """One newer than this SDK."""


class CancelResult(StrEnum):
    """What became of a request to cancel."""

    CANCELLED = "CANCELLED"
    """The order is CANCELLED: nothing was swapped; of a TWAP order, nothing more is."""
    TOO_LATE = "TOO_LATE"
    """It had ended otherwise."""
    PENDING = "PENDING"
    """It is in hand, perhaps on its way: it ends CANCELLED unless this attempt swaps it, and is not tried again."""
    UNKNOWN = "UNKNOWN"
    """One newer than this SDK."""


class Scope(StrEnum):
    """What a token lets its holder do."""

    READ = "READ"
    """Read orders, streams and the market."""
    TRADE = "TRADE"
    """Submit, change and cancel orders."""
    ADMIN = "ADMIN"
    """Manage webhooks."""
    UNKNOWN = "UNKNOWN"
    """One newer than this SDK."""
