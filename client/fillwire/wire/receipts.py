"""Reads what an execution gave and cost, and why one came to nothing."""

from fillwire.amount import Amount
from fillwire.order import Failure
from fillwire.receipt import Cost, Receipt
from fillwire.status import FailureReason
from fillwire.tokens import Tokens
from fillwire.v1 import order_pb2
from fillwire.wire.enums import REASONS
from fillwire.wire.routes import read_leg
from fillwire.wire.scalars import amount, number

__all__ = ["read_cost", "read_failure", "read_receipt"]


def read_receipt(
    message: order_pb2.Receipt, tokens: Tokens, pair: tuple[str, str], *, exact_out: bool | None
) -> Receipt:
    """The receipt of an order of that pair; `exact_out` is `None` where nobody told."""
    give, get = pair
    if exact_out is None:
        exact_out = _took_more(message)
    return Receipt(
        signature=message.signature,
        slot=message.slot,
        amount_in=tokens.amount(give, int(message.amount_in)),
        amount_out=tokens.amount(get, int(message.amount_out)),
        price=number(message.price),
        quoted_amount_in=amount(tokens, give, message.quoted_amount_in),
        quoted_amount_out=amount(tokens, get, message.quoted_amount_out),
        slippage_bps=message.slippage_bps,
        legs=tuple(read_leg(leg, tokens) for leg in message.legs),
        venue_time=message.venue_time.ToTimedelta(),
        engine_time=message.engine_time.ToTimedelta(),
        arrival_mid_price=number(message.arrival_mid_price),
        cost=_cost_of(message, tokens, give if exact_out else get),
    )


def _cost_of(message: order_pb2.Receipt, tokens: Tokens, open_token: str) -> Cost | None:
    if not message.HasField("cost"):
        return None
    return read_cost(message.cost, amount(tokens, open_token, message.cost.second_best_amount))


def read_cost(message: order_pb2.ExecutionCost, second_best_amount: Amount | None = None) -> Cost:
    return Cost(
        total_bps=message.total_bps,
        drift_bps=message.drift_bps,
        fee_bps=message.fee_bps,
        impact_bps=message.impact_bps,
        slippage_bps=message.slippage_bps,
        second_best_venue=message.second_best_venue,
        second_best_amount=second_best_amount,
        saved_bps=message.saved_bps,
    )


def _took_more(message: order_pb2.Receipt) -> bool:
    """Whether the second best amount is what a venue would have taken, not given.

    An event of an account's stream does not say which side of its order was exact. But the quote and `saved_bps` do:
    they lead from the side that was open to this amount.
    """
    second, saved = int(message.cost.second_best_amount or 0), message.cost.saved_bps / 10_000
    given, taken = int(message.quoted_amount_out or 0), int(message.quoted_amount_in or 0)
    if not (second and given and taken):
        return False
    return abs(taken * (1 + saved) / second - 1) < abs(given * (1 - saved) / second - 1)


def read_failure(message: order_pb2.Failure) -> Failure:
    return Failure(REASONS.get(message.reason, FailureReason.UNKNOWN), message.message)
