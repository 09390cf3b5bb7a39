"""What an owner wants done to orders that are there."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import Order, OrderType, RequestId, Terms
from fillwire_server.refusals import Refusal
from fillwire_server.validation.form import Form
from fillwire_server.validation.listing import types
from fillwire_server.validation.submission import checked, terms

__all__ = ["CancelAll", "Replacement", "cancel_all", "replacement", "switch_seconds"]

_DAY_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True)
class CancelAll:
    """Which open orders to withdraw; what is empty fits all."""

    token_in: str | None
    token_out: str | None
    types: tuple[OrderType, ...]


@dataclass(frozen=True, slots=True)
class Replacement:
    """The new terms of an order, if `if_last_seq` is still that of its last event.

    `refusal` says why they cannot be new, as that of an `Ask` does: they can be some that were set in time, again.
    """

    request_id: RequestId
    terms: Terms
    if_last_seq: int | None
    refusal: Refusal | None


def cancel_all(request: pb.CancelAllOrdersRequest) -> CancelAll:
    """Reads a request to withdraw all; raises `InvalidRequest`."""
    form = Form()
    wanted = CancelAll(
        form.token("token_in", request.token_in) if request.token_in else None,
        form.token("token_out", request.token_out) if request.token_out else None,
        types(form, "types", request.types),
    )
    form.check()
    return wanted


def switch_seconds(request: pb.CancelAllOrdersAfterRequest) -> float | None:
    """When the dead man's switch is to act; `None`: it is taken off. Raises `InvalidRequest`."""
    form = Form()
    if not request.HasField("timeout"):
        form.refuse("timeout", "must be given; 0 s takes the switch off")
    is_off = not (request.timeout.seconds or request.timeout.nanos)
    seconds = None if is_off else form.seconds("timeout", request.timeout, 1, _DAY_SECONDS)
    form.check()
    return seconds


def replacement(
    request: pb.ReplaceOrderRequest, order: Order, *, now: datetime, venues: Collection[str]
) -> Replacement:
    """Reads a request to replace the terms of `order`; raises `InvalidRequest`."""
    form = Form()
    request_id = form.uuid("request_id", request.request_id) if request.request_id else str(uuid.uuid4())
    asked = terms(form, request.spec, venues)
    for name in ("token_in", "token_out", "type"):
        if getattr(asked, name) and getattr(asked, name) != getattr(order.terms, name):
            form.refuse(f"spec.{name}", "must be what it is; cancel the order and submit another")
    if order.terms.rests and not asked.rests:
        form.refuse("spec.time_in_force", "must let the order rest")
    if asked.quote_id:
        form.refuse("spec.quote_id", "must be empty: a quote binds a new order")
    if request.HasField("if_last_seq") and request.if_last_seq < 1:
        form.refuse("if_last_seq", "must be at least 1")
    refusal = checked(form, asked, now=now)
    if_last_seq = request.if_last_seq if request.HasField("if_last_seq") else None
    return Replacement(RequestId(request_id), asked, if_last_seq, refusal)
