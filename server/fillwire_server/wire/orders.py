"""Orders and what was asked for."""

from typing import Final

from fillwire.v1 import order_pb2 as pb
from fillwire.v1 import route_pb2
from fillwire_orders import Order, OrderType, RequestId, Routing, Status, Terms, TimeInForce
from fillwire_server.wire.events import STATUSES, failure, receipt
from fillwire_server.wire.routes import route
from fillwire_server.wire.scalars import amount, moment, timestamp

__all__ = ["draft", "order", "status_of"]

_STATUS_OF: Final[dict[int, Status]] = {number: status for status, number in STATUSES.items()}
_TIMES_IN_FORCE: Final = {
    TimeInForce.IOC: pb.TIME_IN_FORCE_IOC,
    TimeInForce.GTC: pb.TIME_IN_FORCE_GTC,
    TimeInForce.GTD: pb.TIME_IN_FORCE_GTD,
}


def status_of(number: int) -> Status | None:
    """The status of this number; `None`: there is none."""
    return _STATUS_OF.get(number)


def order(it: Order) -> pb.Order:
    """An order as it is at that moment."""
    return pb.Order(
        order_id=it.id,
        request_id=it.request_id,
        spec=_spec(it.terms),
        status=STATUSES[it.status],
        last_seq=it.last_seq,
        attempt=it.attempt,
        create_time=timestamp(it.created_at),
        update_time=timestamp(it.updated_at),
        floor_amount_out=amount(it.floor_amount_out),
        route=None if it.route is None else route(it.route),
        signature=it.signature or "",
        receipt=None if it.receipt is None else receipt(it.receipt, accepted_at=it.created_at, ended_at=it.updated_at),
        failure=None if it.failure is None else failure(it.failure),
        parent_order_id=it.parent_id or "",
    )


def draft(request_id: RequestId, terms: Terms) -> pb.Order:
    """An order as it would be, had it been submitted: without an id and without times."""
    return pb.Order(request_id=request_id, spec=_spec(terms), status=pb.ORDER_STATUS_PENDING)


def _spec(it: Terms) -> pb.OrderSpec:
    spec = pb.OrderSpec(
        token_in=it.token_in,
        token_out=it.token_out,
        slippage_bps=it.slippage_bps,
        min_amount_out=amount(it.min_amount_out),
        max_amount_in=amount(it.max_amount_in),
        max_price_impact_bps=it.max_price_impact_bps,
        deadline=moment(it.deadline),
        time_in_force=_TIMES_IN_FORCE[it.time_in_force],
        good_till_time=moment(it.good_till_time),
        client_order_id=it.client_order_id,
        quote_id=it.quote_id,
        routing=None if it.routing == Routing() else _routing(it.routing),
    )
    # Of the two sides, only the exact one may be set.
    if it.amount_in is not None:
        spec.amount_in = str(it.amount_in)
    else:
        spec.amount_out = str(it.amount_out)
    match it.type:
        case OrderType.MARKET:
            spec.market.SetInParent()
    return spec


def _routing(it: Routing) -> route_pb2.RoutingOptions:
    return route_pb2.RoutingOptions(
        max_legs=it.max_legs,
        max_hops=it.max_hops,
        include_venues=it.include_venues,
        exclude_venues=it.exclude_venues,
    )
