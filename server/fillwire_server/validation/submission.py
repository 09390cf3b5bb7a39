"""What an order must look like.

Canonical: two requests that mean the same give equal terms, because that is what idempotency compares.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from fillwire.v1 import order_pb2 as pb
from fillwire.v1 import order_service_pb2
from fillwire_orders import RequestId, Terms, TimeInForce
from fillwire_server.refusals import Violation
from fillwire_server.validation.form import Form
from fillwire_server.validation.routing import routing

__all__ = ["PAST_DEADLINE", "Ask", "submission"]

PAST_DEADLINE: Final = Violation("spec.deadline", "must be in the future")

_TIMES_IN_FORCE: Final = frozenset(pb.TimeInForce.values())

_CLOCKS_DIFFER: Final = timedelta(seconds=2)
"""What a deadline may seem to be past by: the database's clock is the one that counts, and it is not asked here."""


@dataclass(frozen=True, slots=True)
class Ask:
    """An order as it is asked for.

    `is_late`: its deadline has passed. Then it cannot be a new order; it can be one that was submitted in time, again.
    """

    request_id: RequestId
    terms: Terms
    is_late: bool


def submission(request: order_service_pb2.SubmitOrderRequest, *, now: datetime, venues: Collection[str]) -> Ask:
    """Reads a request to submit; `venues` are those there are.

    Raises `InvalidRequest` with every field that is wrong, `NotServed` where it is right and for later.
    """
    form = Form()
    # Without one the order is as durable, but a repetition of the request is another order.
    request_id = form.uuid("request_id", request.request_id) if request.request_id else str(uuid.uuid4())
    terms = _terms(form, request.spec, venues)
    is_late = terms.deadline is not None and terms.deadline < now - _CLOCKS_DIFFER
    form.check(*([PAST_DEADLINE] if is_late else []))
    return Ask(RequestId(request_id), terms, is_late)


def _terms(form: Form, spec: pb.OrderSpec, venues: Collection[str]) -> Terms:
    form.known("spec", spec)
    _type(form, spec)
    token_in, token_out = _pair(form, spec)
    amount_in = _amount_in(form, spec)
    slippage_bps, min_amount_out = _minimum(form, spec)
    return Terms(
        token_in=token_in,
        token_out=token_out,
        amount_in=amount_in,
        slippage_bps=slippage_bps,
        min_amount_out=min_amount_out,
        max_price_impact_bps=_bps(form, spec, "max_price_impact_bps"),
        deadline=form.moment("spec.deadline", spec.deadline) if spec.HasField("deadline") else None,
        time_in_force=TimeInForce.IOC,
        client_order_id=form.reference("spec.client_order_id", spec.client_order_id),
        routing=routing(form, "spec.routing", spec.routing if spec.HasField("routing") else None, venues),
    )


def _type(form: Form, spec: pb.OrderSpec) -> None:
    """Market orders alone are served; they execute at once, so no other time in force fits them."""
    if spec.time_in_force not in _TIMES_IN_FORCE:
        form.refuse("spec.time_in_force", "must be one of the contract's")
    if (kind := spec.WhichOneof("type")) not in {None, "market"}:
        form.leave(f"spec.{kind}")
        return
    if spec.time_in_force in {pb.TIME_IN_FORCE_GTC, pb.TIME_IN_FORCE_GTD}:
        form.refuse("spec.time_in_force", "must be TIME_IN_FORCE_IOC, or unset, for a market order")
    if spec.HasField("good_till_time"):
        form.refuse("spec.good_till_time", "must be unset without TIME_IN_FORCE_GTD")
    if spec.quote_id:
        form.leave("spec.quote_id")


def _pair(form: Form, spec: pb.OrderSpec) -> tuple[str, str]:
    token_in = form.token("spec.token_in", spec.token_in)
    token_out = form.token("spec.token_out", spec.token_out)
    if token_in and token_in == token_out:
        form.refuse("spec.token_out", "must differ from token_in")
    return token_in, token_out


def _amount_in(form: Form, spec: pb.OrderSpec) -> int | None:
    match spec.WhichOneof("amount"):
        case "amount_in":
            if spec.max_amount_in:
                form.refuse("spec.max_amount_in", "must be empty with amount_in")
            return form.amount("spec.amount_in", spec.amount_in)
        case "amount_out":
            form.amount("spec.amount_out", spec.amount_out)
            form.leave("spec.amount_out")
        case _:
            form.refuse("spec.amount_in", "must be given, or amount_out")
    return None


def _minimum(form: Form, spec: pb.OrderSpec) -> tuple[int | None, int | None]:
    """The two ways to bound what comes out; an order that names neither would accept anything."""
    slippage_bps = _bps(form, spec, "slippage_bps")
    least = form.amount("spec.min_amount_out", spec.min_amount_out) if spec.min_amount_out else None
    if slippage_bps is None and not spec.min_amount_out and spec.WhichOneof("amount") != "amount_out":
        form.refuse("spec.slippage_bps", "must be given, or min_amount_out, or both")
    return slippage_bps, least


def _bps(form: Form, spec: pb.OrderSpec, name: Literal["slippage_bps", "max_price_impact_bps"]) -> int | None:
    return form.number(f"spec.{name}", getattr(spec, name), 0, 10_000) if spec.HasField(name) else None
