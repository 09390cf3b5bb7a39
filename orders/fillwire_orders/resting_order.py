"""An order that rests, as whoever waits for its condition holds it: a hundred thousand of them in little memory."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from fillwire_orders.conditions import Condition
from fillwire_orders.order import OrderId, Routing

__all__ = ["COLUMNS", "LIMIT", "RestingOrder"]

COLUMNS: Final = """
    o.id::text, o.last_seq, o.token_in, o.token_out, o.condition::text, o.armed_at,
    CASE WHEN o.armed_at = o.created_at THEN o.arrival_mid_price END,
    o.amount_in, o.amount_out,
    CASE
        WHEN l.amount IS NULL THEN NULL
        WHEN o.amount_in IS NOT NULL THEN greatest(l.amount, o.min_amount_out)
        ELSE least(l.amount, o.max_amount_in)
    END,
    o.max_price_impact_bps, nullif(o.routing, '{}')::text, o.rested_attempt, o.slices_begun, o.slices_ended
"""
"""What is read of `fillwire.orders AS o` for `RestingOrder.of`, beside `LIMIT` as `l`."""

LIMIT: Final = "SELECT coalesce(o.condition ->> 'amount', o.condition #>> '{limit,amount}')::numeric AS amount"

_CONDITION: Final = msgspec.json.Decoder(Condition)
_ROUTING: Final = msgspec.json.Decoder(Routing)

_symbols: dict[str, str] = {}
_routings: dict[str | None, Routing] = {None: Routing()}


class RestingOrder(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order that rests and has not fired.

    `armed_mid_price` is the mid when it was armed, `None` where that is not known, as after new terms.
    `bound` is what a limit asks for, of the side that is not exact: the least output or the most input; `None`: it has
    no limit. `attempts` is how many it has made already, each of which found the price gone. `slices_begun` and
    `slices_ended` are of a TWAP order.
    """

    id: OrderId
    seq: int
    token_in: str
    token_out: str
    condition: Condition
    armed_at: datetime
    armed_mid_price: Decimal | None = None
    amount_in: int | None = None
    amount_out: int | None = None
    bound: int | None = None
    max_price_impact_bps: int | None = None
    routing: Routing = Routing()
    attempts: int = 0
    slices_begun: int = 0
    slices_ended: int = 0

    @property
    def pair(self) -> tuple[str, str]:
        """Sold and bought."""
        return self.token_in, self.token_out

    @classmethod
    def of(cls, row: Sequence[Any]) -> "RestingOrder":
        """From a row of `COLUMNS`."""
        order_id, seq, token_in, token_out, condition, armed_at, mid, *amounts, impact, routing, made, begun, ended = (
            row
        )
        amount_in, amount_out, bound = (None if amount is None else int(amount) for amount in amounts)
        return cls(
            id=OrderId(order_id),
            seq=seq,
            token_in=_symbols.setdefault(token_in, token_in),
            token_out=_symbols.setdefault(token_out, token_out),
            condition=_CONDITION.decode(condition),
            armed_at=armed_at,
            armed_mid_price=mid,
            amount_in=amount_in,
            amount_out=amount_out,
            bound=bound,
            max_price_impact_bps=impact,
            routing=_shared(routing),
            attempts=made,
            slices_begun=begun,
            slices_ended=ended,
        )


def _shared(routing: str | None) -> Routing:
    """One object for all orders with the same limits: a hundred thousand have few between them."""
    if (known := _routings.get(routing)) is None:
        known = _routings[routing] = _ROUTING.decode(routing or "{}")
    return known
