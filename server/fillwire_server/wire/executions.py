"""Sums of executions."""

from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import Execution
from fillwire_server.wire.events import cost
from fillwire_server.wire.scalars import duration

__all__ = ["execution"]


def execution(it: Execution) -> pb.ReportExecutionResponse.Row:
    """The executions of one day and pair, or of one venue."""
    return pb.ReportExecutionResponse.Row(
        day=it.day.isoformat(),
        token_in=it.token_in,
        token_out=it.token_out,
        venue=it.venue,
        orders=it.orders,
        amount_in=str(it.amount_in),
        amount_out=str(it.amount_out),
        cost=None if it.cost is None else cost(it.cost),
        mean_time=None if it.mean_seconds is None else duration(it.mean_seconds),
    )
