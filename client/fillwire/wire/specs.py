"""Writes and reads what an order asks for."""

from collections.abc import Mapping
from typing import Any, Final

from fillwire.amount import Amount, Quantity
from fillwire.market import Quote
from fillwire.order import OrderSpec
from fillwire.status import TimeInForce
from fillwire.tokens import Tokens
from fillwire.v1 import order_pb2
from fillwire.wire.enums import TIME_NUMBERS, TIMES_IN_FORCE
from fillwire.wire.order_types import read_type, write_type
from fillwire.wire.routes import read_routing, write_routing
from fillwire.wire.scalars import amount, time, timestamp
from fillwire.wire.violations import Violations

__all__ = ["read_spec", "write_amount", "write_spec"]

_AMOUNTS: Final = {
    "amount_in": "token_in",
    "amount_out": "token_out",
    "min_amount_out": "token_out",
    "max_amount_in": "token_in",
}
"""Which side of the pair each amount counts."""


def write_spec(tokens: Tokens, token_in: str, token_out: str, terms: Mapping[str, object]) -> order_pb2.OrderSpec:
    """The spec of those terms; one that is `None` counts as left out.

    Raises `InvalidRequest` with every bad field, `TypeError` for a wrong type or an unknown name.
    """
    spec = order_pb2.OrderSpec(token_in=token_in, token_out=token_out)
    violations = Violations()
    for side in ("token_in", "token_out"):
        with violations.within(f"spec.{side}"):
            tokens.find(getattr(spec, side))
    for name, value in terms.items():
        if value is not None:
            with violations.within(f"spec.{name}"):
                _write(spec, name, value, tokens)
    violations.check()
    return spec


def _write(spec: order_pb2.OrderSpec, name: str, value: Any, tokens: Tokens) -> None:
    match name:
        case "amount_in" | "amount_out" | "min_amount_out" | "max_amount_in":
            setattr(spec, name, write_amount(tokens, getattr(spec, _AMOUNTS[name]), value))
        case "slippage_bps" | "max_price_impact_bps" | "client_order_id" | "quote_id":
            setattr(spec, name, value)
        case "quote":
            spec.quote_id = _bound(value)
        case "deadline" | "good_till_time":
            getattr(spec, name).CopyFrom(timestamp(value))
        case "time_in_force":
            spec.time_in_force = TIME_NUMBERS[TimeInForce(value)]
        case "routing":
            spec.routing.CopyFrom(write_routing(value))
        case "type":
            write_type(spec, value, tokens)
        case _:
            raise TypeError(f"an order has no term named {name!r}")


def _bound(quote: Quote) -> str:
    if not quote.quote_id:
        raise ValueError("this quote cannot be bound to an order: it has no id")
    return quote.quote_id


def write_amount(tokens: Tokens, token: str, quantity: Quantity | Amount) -> str:
    """An amount for the wire; empty where the token is unknown, which is a violation of its own already."""
    return str(tokens.raw(token, quantity)) if token in tokens else ""


def read_spec(message: order_pb2.OrderSpec, tokens: Tokens) -> OrderSpec:
    give, get = message.token_in, message.token_out
    return OrderSpec(
        token_in=give,
        token_out=get,
        amount_in=amount(tokens, give, message.amount_in),
        amount_out=amount(tokens, get, message.amount_out),
        slippage_bps=message.slippage_bps if message.HasField("slippage_bps") else None,
        min_amount_out=amount(tokens, get, message.min_amount_out),
        max_amount_in=amount(tokens, give, message.max_amount_in),
        max_price_impact_bps=message.max_price_impact_bps if message.HasField("max_price_impact_bps") else None,
        deadline=time(message, "deadline"),
        time_in_force=TIMES_IN_FORCE.get(message.time_in_force, TimeInForce.UNKNOWN),
        good_till_time=time(message, "good_till_time"),
        client_order_id=message.client_order_id,
        quote_id=message.quote_id,
        routing=read_routing(message.routing),
        type=read_type(message, tokens),
    )
