"""The part of OrderService that sums up what executions cost."""

# gRPC calls the methods as the contract names them.
# ruff: noqa: N802

import asyncio
from datetime import UTC, datetime
from typing import Any

import grpc

from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import Executions
from fillwire_server import validation, wire
from fillwire_server.accounts import current_account

__all__ = ["Reporting"]

Context = grpc.aio.ServicerContext[Any, Any]


class Reporting:
    """Reports on executions; what its method raises is translated around it (`errors.TABLE`)."""

    def __init__(self, executions: Executions) -> None:
        self._executions = executions

    async def ReportExecution(self, request: pb.ReportExecutionRequest, context: Context) -> pb.ReportExecutionResponse:
        period = validation.period(request, now=datetime.now(UTC))
        by_venue, by_pair = await asyncio.gather(
            self._executions.by_venue(current_account(), period), self._executions.by_pair(current_account(), period)
        )
        return pb.ReportExecutionResponse(
            rows=[wire.execution(one) for one in by_venue], totals=[wire.execution(one) for one in by_pair]
        )
