"""Reads the sums of executions."""

from datetime import date

from fillwire.execution import Execution, ExecutionReport
from fillwire.tokens import Tokens
from fillwire.v1 import order_service_pb2
from fillwire.wire.receipts import read_cost

__all__ = ["read_report"]


def read_report(message: order_service_pb2.ReportExecutionResponse, tokens: Tokens) -> ExecutionReport:
    return ExecutionReport(
        rows=tuple(_read_row(row, tokens) for row in message.rows),
        totals=tuple(_read_row(row, tokens) for row in message.totals),
    )


def _read_row(message: order_service_pb2.ReportExecutionResponse.Row, tokens: Tokens) -> Execution:
    return Execution(
        day=date.fromisoformat(message.day),
        token_in=message.token_in,
        token_out=message.token_out,
        venue=message.venue,
        orders=message.orders,
        amount_in=tokens.amount(message.token_in, int(message.amount_in or 0)),
        amount_out=tokens.amount(message.token_out, int(message.amount_out or 0)),
        cost=read_cost(message.cost) if message.HasField("cost") else None,
        mean_time=message.mean_time.ToTimedelta() if message.HasField("mean_time") else None,
    )
