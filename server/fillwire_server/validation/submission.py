"""What an order must look like.

Canonical: two requests that mean the same give equal terms, because that is what idempotency compares.
"""

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from fillwire.v1 import order_pb2 as pb
from fillwire.v1 import order_service_pb2
from fillwire_orders import OrderType, RequestId, Scheduled, Terms, TimeInForce, Twap
from fillwire_server.refusals import InvalidRequest, Refusal, Violation
from fillwire_server.validation.conditions import Swap, condition, type_of
from fillwire_server.validation.form import Form
from fillwire_server.validation.routing import routing

__all__ = ["Ask", "checked", "submission", "terms"]

_TIMES_IN_FORCE: Final = {
    pb.TIME_IN_FORCE_UNSPECIFIED: None,
    pb.TIME_IN_FORCE_IOC: TimeInForce.IOC,
    pb.TIME_IN_FORCE_GTC: TimeInForce.GTC,
    pb.TIME_IN_FORCE_GTD: TimeInForce.GTD,
}

_CLOCKS_DIFFER: Final = timedelta(seconds=2)
"""What a time may seem to be past by: the database's clock is the one that counts, and it is not asked here."""


@dataclass(frozen=True, slots=True)
class Ask:
    """An order as it is asked for.

    `refusal` says why it cannot be a new order, although nothing is wrong with it: a time in it has passed. Then it can
    be one that was submitted in time, again.
    """

    request_id: RequestId
    terms: Terms
    refusal: Refusal | None = None


def submission(request: order_service_pb2.SubmitOrderRequest, *, now: datetime, venues: Collection[str]) -> Ask:
    """Reads a request to submit; `venues` are those there are.

    Raises `InvalidRequest` with every field that is wrong.
    """
    form = Form()
    # Without one the order is as durable, but a repetition of the request is another order.
    request_id = form.uuid("request_id", request.request_id) if request.request_id else str(uuid.uuid4())
    asked = terms(form, request.spec, venues)
    return Ask(RequestId(request_id), asked, checked(form, asked, now=now))


def checked(form: Form, asked: Terms, *, now: datetime) -> Refusal | None:
    """What the terms would be refused for were they new: a time in them has passed.

    Raises `InvalidRequest` with every field that is wrong, such times among them, where any other is.
    """
    late = list(_late(asked, now))
    form.check(*late)
    return InvalidRequest(late) if late else None


def terms(form: Form, spec: pb.OrderSpec, venues: Collection[str]) -> Terms:
    """Reads the terms of an order; notes every field that is wrong, but no time that has passed (`checked`)."""
    form.known("spec", spec)
    token_in, token_out = _pair(form, spec)
    amount_in, amount_out = _amounts(form, spec)
    slippage_bps, least, most = _bounds(form, spec)
    asked = Terms(
        token_in=token_in,
        token_out=token_out,
        amount_in=amount_in,
        amount_out=amount_out,
        slippage_bps=slippage_bps,
        min_amount_out=least,
        max_amount_in=most,
        max_price_impact_bps=_bps(form, spec, "max_price_impact_bps"),
        deadline=form.moment("spec.deadline", spec.deadline) if spec.HasField("deadline") else None,
        time_in_force=_time_in_force(form, spec),
        good_till_time=_good_till_time(form, spec),
        client_order_id=form.reference("spec.client_order_id", spec.client_order_id),
        quote_id=spec.quote_id,
        routing=routing(form, "spec.routing", spec.routing if spec.HasField("routing") else None, venues),
        type=type_of(spec),
        condition=condition(form, spec, Swap(token_in, token_out, amount_in, amount_out)),
    )
    _begins_before_it_ends(form, asked)
    if asked.quote_id and asked.rests:
        form.refuse("spec.quote_id", "must be empty for an order that waits: a quote lives for seconds")
    return asked


def _pair(form: Form, spec: pb.OrderSpec) -> tuple[str, str]:
    token_in = form.token("spec.token_in", spec.token_in)
    token_out = form.token("spec.token_out", spec.token_out)
    if token_in and token_in == token_out:
        form.refuse("spec.token_out", "must differ from token_in")
    return token_in, token_out


def _amounts(form: Form, spec: pb.OrderSpec) -> tuple[int | None, int | None]:
    match spec.WhichOneof("amount"):
        case "amount_in":
            return form.amount("spec.amount_in", spec.amount_in), None
        case "amount_out":
            return None, form.amount("spec.amount_out", spec.amount_out)
        case _:
            form.refuse("spec.amount_in", "must be given, or amount_out")
            return None, None


def _bounds(form: Form, spec: pb.OrderSpec) -> tuple[int | None, int | None, int | None]:
    """Slippage, the least output and the most input; an order without any bound would accept anything."""
    slippage_bps = _bps(form, spec, "slippage_bps")
    least = form.amount("spec.min_amount_out", spec.min_amount_out) if spec.min_amount_out else None
    most = form.amount("spec.max_amount_in", spec.max_amount_in) if spec.max_amount_in else None
    exact_out = spec.WhichOneof("amount") == "amount_out"
    bounding, idle = ("max_amount_in", "min_amount_out") if exact_out else ("min_amount_out", "max_amount_in")
    if getattr(spec, idle):
        form.refuse(f"spec.{idle}", f"must be empty with {'amount_out' if exact_out else 'amount_in'}")
    if slippage_bps is None and not getattr(spec, bounding) and type_of(spec) is not OrderType.LIMIT:
        form.refuse("spec.slippage_bps", f"must be given, or {bounding}, or both")
    return slippage_bps, least, most


def _bps(form: Form, spec: pb.OrderSpec, name: Literal["slippage_bps", "max_price_impact_bps"]) -> int | None:
    return form.number(f"spec.{name}", getattr(spec, name), 0, 10_000) if spec.HasField(name) else None


def _time_in_force(form: Form, spec: pb.OrderSpec) -> TimeInForce:
    kind = type_of(spec)
    default = TimeInForce.IOC if kind is OrderType.MARKET else TimeInForce.GTC
    if spec.time_in_force not in _TIMES_IN_FORCE:
        form.refuse("spec.time_in_force", "must be one of the contract's")
    given = _TIMES_IN_FORCE.get(spec.time_in_force) or default
    if kind is OrderType.MARKET and given is not TimeInForce.IOC:
        form.refuse("spec.time_in_force", "must be TIME_IN_FORCE_IOC, or unset, for a market order")
    if given is TimeInForce.IOC and kind not in (OrderType.MARKET, OrderType.LIMIT):
        form.refuse("spec.time_in_force", "must not be TIME_IN_FORCE_IOC for an order that waits")
    return given


def _good_till_time(form: Form, spec: pb.OrderSpec) -> datetime | None:
    is_wanted = spec.time_in_force == pb.TIME_IN_FORCE_GTD
    if spec.HasField("good_till_time") != is_wanted:
        rule = "must be given with TIME_IN_FORCE_GTD" if is_wanted else "must be unset without TIME_IN_FORCE_GTD"
        form.refuse("spec.good_till_time", rule)
    return form.moment("spec.good_till_time", spec.good_till_time) if spec.HasField("good_till_time") else None


def _begins_before_it_ends(form: Form, asked: Terms) -> None:
    if (begin := _begin(asked)) is None:
        return
    for name in ("deadline", "good_till_time"):
        end: datetime | None = getattr(asked, name)
        if end is not None and end <= begin[1]:
            form.refuse(f"spec.{name}", f"must be after {begin[0]}")


def _begin(asked: Terms) -> tuple[str, datetime] | None:
    """When time makes the order execute, and the field that says so."""
    match asked.condition:
        case Scheduled(at=at):
            return "scheduled.execute_time", at
        case Twap(at=datetime() as at):
            return "twap.start_time", at
        case _:
            return None


def _late(asked: Terms, now: datetime) -> Iterator[Violation]:
    begin = _begin(asked) or ("", None)
    for name, at in (("deadline", asked.deadline), ("good_till_time", asked.good_till_time), begin):
        if at is not None and at < now - _CLOCKS_DIFFER:
            yield Violation(f"spec.{name}", "must be in the future")
